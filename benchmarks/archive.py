"""Nights in the archive: `python -m benchmarks.archive year|full|rebuild`.

How large a year gets, what adding and restoring a night costs beside `lxml.etree.parse` of the same
file, in turns, and how long a rebuild takes beside the ingest of the same nights from zips. `year` is
of a small register, and `full` some nights of full size, from which a year is computed. Each part
writes its section of benchmarks/ARCHIVE.md with --write, so that none takes longer than five minutes
on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from lxml import etree

from sordiff.archive import Archive, NewNight
from sordiff.archive.places import base_step
from sordiff.model import Header
from sordiff.service.archive.keep import keep_snapshot
from sordiff.service.archive.note import note_runs
from sordiff.service.archive.rebuild import rebuild
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog

from .full_size import Options, make_pair
from .invented_register import OLD_DATE
from .results import describe_machine

YEAR = 365
MOST_PATCHES = 3
REBUILDS = 3
AT = "2026-01-01T06:00:00+00:00"
REPORT = Path(__file__).parent / "ARCHIVE.md"


@dataclass
class Spent:
    """Seconds that passed, and that the cores worked."""

    wall: list[float] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)

    def run(self, work: Callable[[], object]) -> None:
        wall, cores = time.perf_counter(), count_cores()
        work()
        self.wall.append(time.perf_counter() - wall)
        self.cores.append(count_cores() - cores)

    def __str__(self) -> str:
        return f"{statistics.median(self.wall):.2f} s (cores {self.median:.2f} s)"

    def beside(self, other: Spent) -> str:
        """How many times as long as the other: by the clock, and by the cores."""
        by_clock = statistics.median(self.wall) / statistics.median(other.wall)
        return f"{by_clock:.2f} (cores × {self.median / other.median:.2f})"

    @property
    def median(self) -> float:
        return statistics.median(self.cores)


def count_cores() -> float:
    """The seconds that the cores worked for this process and for those that it has waited for."""
    return sum(os.times()[:4])


class Register:
    """One night after the other, written to the same file: names change, and their dates."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.file = folder / "Sor.xml"
        make_pair(self.file, folder / "unused.xml", Options(scale=scale, changes=10))
        (folder / "unused.xml").unlink()
        self.lines = self.file.read_bytes().splitlines(keepends=True)
        self.names = [n for n, line in enumerate(self.lines) if b"<sor1:EntityName>" in line]
        self.day = date.fromisoformat(OLD_DATE)
        self.dice = random.Random(5)

    def next(self, changes: int) -> None:
        before, self.day = self.day.isoformat().encode(), self.day + timedelta(days=1)
        today = self.day.isoformat().encode()
        for place in range(10):
            self.lines[place] = self.lines[place].replace(before, today)
        for name in self.dice.sample(self.names, changes):
            # Another name of the register, as long and as likely as names are.
            self.lines[name] = self.lines[self.dice.choice(self.names)]
            for line in range(name, min(name + 60, len(self.lines))):
                if b"UpdatedAt>" in self.lines[line]:
                    head, _, _ = self.lines[line].partition(b">")
                    self.lines[line] = head + b">" + today + b"</sor1:UpdatedAt>\n"
                    break
        self.file.write_bytes(b"".join(self.lines))

    def new_night(self) -> NewNight:
        day = self.day.isoformat()
        # Whoever keeps a night has read it, and knows its SHA-256.
        known = sha256(self.file.read_bytes()).hexdigest()
        created = f"{day}T01:00:29.6269718+01:00"
        return NewNight(day=day, created_at=created, name="Sor.zip", at=AT, sha256=known)


def add_alone(folder: Path, cache: Path | None, night: NewNight, file: Path) -> None:
    """Add a night as a new process does, which remembers nothing."""
    Archive.open(folder, cache).add_each([night], file, is_own=True)


def get_alone(folder: Path, day: str, to: Path) -> None:
    archive = Archive.open(folder)
    archive.get(archive.find(day), to)


def zip_file(source: Path, to: Path) -> int:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(source, "Sor.xml")
    return to.stat().st_size


def measure_peak(work: str, *arguments: str | Path) -> float:
    """Megabytes of a process of its own that does this, beyond one that only begins."""
    begin = "import sys; from pathlib import Path; from sordiff.archive import *; "
    # Not ru_maxrss, in which a new process has that of the one that it came from.
    end = "; print(next(line.split()[1] for line in open('/proc/self/status') if 'VmHWM' in line))"
    peaks = [
        int(
            subprocess.check_output(
                [sys.executable, "-c", begin + what + end, *map(str, arguments)]
            )
        )
        for what in ("pass", work)
    ]
    return (peaks[1] - peaks[0]) / 1024


def keep_year(folder: Path, scale: float, nights: int) -> Iterator[str]:
    folder.mkdir(exist_ok=True)
    register, cache = Register(folder, scale), folder / "cache"
    archive = Archive.open(folder / "archive", cache)
    changes = max(1, round(300 * scale))
    size, deflated = register.file.stat().st_size, zip_file(register.file, folder / "Sor.zip")
    parsing, adding, restoring, with_cache, deepest = (Spent() for _ in range(5))
    archive.add(register.new_night(), register.file)
    for number in range(1, nights):
        register.next(changes)
        if number % 5 == 3:  # every place in a seven, first ones and others
            parsing.run(lambda: etree.parse(register.file))
            night = register.new_night()
            # By turns with and without the cache, which the nights before have filled.
            if number % 10 == 3:
                adding.run(partial(add_alone, archive.folder, None, night, register.file))
            else:
                with_cache.run(partial(add_alone, archive.folder, cache, night, register.file))
            restored = deepest if count_patches(number) == MOST_PATCHES else restoring
            restored.run(partial(get_alone, archive.folder, night.day, folder / "back"))
            assert (folder / "back").read_bytes() == register.file.read_bytes()
        else:
            archive.add(register.new_night(), register.file)
    shutil.rmtree(cache)  # no part of the archive
    total = sum(path.stat().st_size for path in archive.folder.rglob("*") if path.is_file())
    manifest = (archive.folder / "manifest.jsonl").stat().st_size
    register.next(changes)
    night = register.new_night()
    peak_add = measure_peak(
        "night = NewNight(day=sys.argv[3], created_at='', name='', at='', sha256=sys.argv[4]); Archive.open(Path(sys.argv[1])).add_each([night], Path(sys.argv[2]), is_own=True)",
        archive.folder,
        register.file,
        night.day,
        night.sha256 or "",
    )
    peak_get = measure_peak(
        "archive = Archive.open(Path(sys.argv[1])); archive.get(archive.find(sys.argv[3]), Path(sys.argv[2]))",
        archive.folder,
        folder / "back",
        night.day,
    )
    if nights < YEAR:
        year = project_year(archive.folder) / deflated
        yield f"| {YEAR} nights of that size, computed from the patches of {nights} | | × {year:.2f} | ≤ 2.5 × |"
    yield f"| {nights} nights of {changes} changes, {size / 1e6:.0f} MB each | {total / 1e6:.2f} MB, of which {manifest / 1e6:.2f} MB are the manifest, whatever the size of a night | one deflated Sor.zip {deflated / 1e6:.2f} MB: × {total / deflated:.2f} | ≤ 2.5 × |"
    yield f"| adding a night | {with_cache} | lxml.etree.parse {parsing}: × {with_cache.beside(parsing)} | ≤ 0.4 × |"
    yield f"| adding a night, without the cache | {adding} | × {adding.beside(parsing)} | |"
    yield f"| restoring a night of one or two patches | {restoring} | × {restoring.beside(parsing)} | ≤ 0.8 × |"
    yield f"| restoring a night of three patches, which is the most | {deepest} | × {deepest.beside(parsing)} | ≤ 0.8 × |"
    yield f"| memory, beyond that of a process with sordiff | adding {peak_add:.0f} MB, restoring {peak_get:.0f} MB | | ≤ 1 GB |"


def count_patches(step: int) -> int:
    """How many patches a night is from the whole one."""
    return 0 if step == 0 else 1 + count_patches(base_step(step))


def project_year(folder: Path) -> float:
    """The bytes of a year: a patch has so many for each night that it spans, and some for itself."""
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    frames = [line for line in lines if line["line"] == "frame"]
    patches = [frame for frame in frames if frame["leans_on"]]
    spans = [frame["step"] - base_step(frame["step"]) for frame in patches]
    found = statistics.linear_regression(spans, [frame["packed_size"] for frame in patches])
    all_spans = [step - base_step(step) for step in range(1, YEAR)]
    return float(
        frames[0]["packed_size"]
        + found.intercept * len(all_spans)
        + found.slope * sum(all_spans)
        + (folder / "manifest.jsonl").stat().st_size * YEAR / len(frames)
    )


def rebuild_month(folder: Path, scale: float, nights: int) -> Iterator[str]:
    register, archive = Register(folder, scale), Archive.open(folder / "month")
    zips, changes = [], max(1, round(300 * scale))
    for _ in range(nights):
        register.next(changes)
        zips.append(folder / f"{register.day}.zip")
        zip_file(register.file, zips[-1])
    size = register.file.stat().st_size
    settings, changelog = Settings(), SqliteChangelog(folder / "old.db")
    options = IngestOptions(recorded_at=AT, user="benchmark", accept=True, reason="all")
    # The first night is most of the work, and the same for both.
    list(ingest_snapshots(zips[:1], changelog, settings, options))
    copy_changelog(folder / "old.db", folder / "first.db")
    list(ingest_snapshots(zips[1:], changelog, settings, options))
    with changelog.open_to_read() as session:
        headers: list[Header] = [run.header for run in session.runs.iterate()]
    for path, header in zip(zips, headers, strict=True):
        keep_snapshot(archive, path, header, at=AT)
    note_runs(archive, changelog)
    ingesting, rebuilding = Spent(), Spent()
    for turn in range(REBUILDS):
        again = SqliteChangelog(folder / f"again-{turn}.db")
        copy_changelog(folder / "first.db", again.path)
        ingesting.run(lambda: list(ingest_snapshots(zips[1:], again, settings, options)))  # noqa: B023  # run at once
        runs = rebuild(archive, SqliteChangelog(folder / f"new-{turn}.db"), settings, at=AT)
        next(runs)
        rebuilding.run(lambda: list(runs))  # noqa: B023  # run at once
    yield f"| rebuilding {nights - 1} nights of {size / 1e6:.0f} MB and {changes} changes after the first, {REBUILDS} times in turns | {rebuilding} | ingesting them from zips {ingesting}: × {rebuilding.beside(ingesting)} | ≤ 0.5 × |"


def copy_changelog(source: Path, to: Path) -> None:
    for ending in ("", ".mark"):
        shutil.copyfile(f"{source}{ending}", f"{to}{ending}")


PARTS: dict[str, tuple[str, Callable[[Path, float, int], Iterator[str]], float, int]] = {
    "year": ("A year", keep_year, 0.05, YEAR),
    "full": ("Full size", keep_year, 1.0, 24),
    "rebuild": ("Rebuilding", rebuild_month, 1.0, 11),
}
HEAD = """# The archive

Written by `python -m benchmarks.archive PART --write`, a section by each part. Medians; what takes turns is measured in one
process. Ratios are of the time that passed; those of the seconds that the cores worked stand beside them. `Full size` and
`Rebuilding` were measured on a quiet machine. Of `A year`, which ran beside other jobs, only the sizes count: the targets for
times are for the full size.
"""


def write_section(title: str, text: str) -> None:
    """Put a section in the place of the one of that title."""
    there = REPORT.read_text().split("\n## ")[1:] if REPORT.exists() else []
    sections = {one.partition("\n")[0]: one.partition("\n")[2].strip() for one in there}
    sections[title] = text.strip()
    titles = [title for title, *_ in PARTS.values() if title in sections]
    REPORT.write_text("\n".join([HEAD, *(f"## {one}\n\n{sections[one]}\n" for one in titles)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--scale", type=float, help="1 is the size of the register")
    parser.add_argument("--nights", type=int)
    parser.add_argument("--write", action="store_true", help="write the section of ARCHIVE.md")
    wanted = parser.parse_args()
    title, measure, scale, nights = PARTS[wanted.part]
    folder = Path(tempfile.mkdtemp(prefix="archive-"))
    try:
        rows = list(measure(folder, wanted.scale or scale, wanted.nights or nights))
    finally:
        shutil.rmtree(folder)
    load = os.getloadavg()[1]
    text = f"{describe_machine()} · on average {load:.1f} processes at work\n\n"
    text += "| what | measured | beside it | target |\n|---|---|---|---|\n" + "\n".join(rows)
    print(text)
    if wanted.write:
        write_section(title, text)


if __name__ == "__main__":
    main()
