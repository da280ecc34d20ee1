"""How large a changelog is: after the first night, and after a year of 300 changes a night."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from .archive import Register
from .builds import Build
from .processes import BenchmarkError, print_progress
from .results import Row
from .rows import Bench

_NIGHTS, _CHANGES = 365, 300
# What a night adds does not depend on the size of the register.
_YEAR_SCALE = 0.05


def measure_first_night(bench: Bench) -> list[Row]:
    """The changelog after the first file, beside the file."""
    pair = bench.nights.pair(bench.scale, round(_CHANGES * bench.scale))
    changelog = bench.full_changelog(bench.builds.now)
    size, file = (path.stat().st_size for path in (changelog, pair.old))
    # Any client can read all that is known of a unit as JSON: less could only be kept packed.
    alone = _count_bytes(changelog, "SELECT sum(length(CAST(record AS BLOB))) FROM units")
    return [
        Row(
            name="stored",
            what="changelog after the first `ingest`",
            measured=f"{size / 1e6:.0f} MB",
            beside=f"the XML {file / 1e6:.0f} MB: × {size / file:.2f}; "
            f"the JSON of its units alone {alone / 1e6:.0f} MB, × {alone / file:.2f}",
            target="≤ 0.35 × the XML",
            met=size <= 0.35 * file,
        )
    ]


def measure_year(bench: Bench) -> list[Row]:
    """What a year adds to it, by both builds."""
    folder = bench.nights.directory / "year-of-nights"
    folder.mkdir(exist_ok=True)
    register = Register(folder, _YEAR_SCALE)
    builds = (bench.builds.now, bench.builds.before)
    print_progress(f"{_NIGHTS} nights")
    begun = [_record(build, folder, register.file) for build in builds]
    for _ in range(_NIGHTS):
        register.next(_CHANGES)
        ended = [_record(build, folder, register.file) for build in builds]
    now, before = ((end - begin) / 1e6 for begin, end in zip(begun, ended, strict=True))
    # Their bytes are published, and their digest is: they are kept as they are.
    events = "SELECT sum(length(CAST(data AS BLOB))) FROM events"
    alone = _count_bytes(folder / f"{builds[0].name}.db", events) / 1e6
    return [
        Row(
            name="stored-year",
            what=f"what {_NIGHTS} nights of {_CHANGES} changes add to a changelog",
            measured=f"{now:.0f} MB",
            beside=f"before {before:.0f} MB: × {now / before:.2f}; "
            f"floor: the JSON of its events alone {alone:.0f} MB, × {alone / before:.2f}",
            target="≤ 0.5 × before",
            met=now <= 0.5 * before,
        )
    ]


def _count_bytes(changelog: Path, query: str) -> int:
    with closing(sqlite3.connect(changelog)) as connection:
        return int(connection.execute(query).fetchone()[0])


def _record(build: Build, folder: Path, night: Path) -> int:
    """Record a night; return the bytes of the changelog."""
    changelog = folder / f"{build.name}.db"
    words = (build.sordiff, "ingest", "--accept", "--reason", "all", "--db", changelog, night)
    ended = subprocess.run(words, check=False, cwd=folder, stdout=subprocess.DEVNULL)
    if ended.returncode:
        raise BenchmarkError(f"a night was not recorded by the build {build.name}")
    return changelog.stat().st_size
