"""Commands that must answer at once: help, and queries on the events of ten years."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from .builds import SORDIFF
from .processes import Command, measure_medians, print_progress, time_first_line
from .results import Row
from .rows import Bench
from .timed_rows import Target, build_share_row, format_timing

_AT_ONCE = 0.2
# A start is short, and other work makes it twice as long.
_MANY, _QUERIES = 25, 5
_RUNS, _EVENTS = 3_650, 1_000_000


def measure_starts(bench: Bench) -> list[Row]:
    """Measure the start of two commands by both builds, in turns; and of typer, the floor of both."""
    typer = (sys.executable, "-c", "import typer")
    home = bench.nights.directory
    rows = []
    for what, words in (("`sordiff --help`", ("--help",)), ("`sordiff status`", ("status",))):
        commands = []
        for build in (bench.builds.now, bench.builds.before):
            changelog = bench.full_changelog(build)
            asked = words if words == ("--help",) else (*words, "--db", str(changelog))
            commands.append(
                Command(words=(build.sordiff, *asked), output=home / "out", directory=home)
            )
        print_progress(f"start of {what}")
        commands.append(Command(words=typer, output=home / "out", directory=home))
        took, before, floor = measure_medians(commands, _MANY)
        row = build_share_row(Target("start", f"start of {what}", 0.8), took, before)
        share = f"; floor: `import typer` alone {format_timing(floor)}, × {floor.wall / before.wall:.2f}"
        rows.append(replace(row, beside=row.beside + share))
    return rows


def measure_ten_years(bench: Bench) -> list[Row]:
    """Measure queries of `events` on a changelog of ten years."""
    changelog = bench.nights.directory / "ten-years.db"
    if not changelog.exists():
        print_progress("making ten years")
        subprocess.run(
            (sys.executable, "-m", "benchmarks.ten_years", "make", changelog),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    first = _read_event(changelog, "--limit", "1")
    middle = _read_event(changelog, "--since", str(_EVENTS // 2), "--limit", "1")
    queries = {
        "`events`": (),
        "`events --since N`, in the middle": ("--since", str(_EVENTS // 2)),
        "`events --since N`, near the end": ("--since", str(_EVENTS - 1_000)),
        "`events --run N`": ("--run", str(_RUNS // 2)),
        "`events --run N --type T`": ("--run", str(_RUNS // 2), "--type", middle["type"]),
        "`events --type T`": ("--type", middle["type"]),
        "`events --type T`, none of it": ("--type", "unit.removed"),
        "`events --subject ID`": ("--subject", middle["subject"]),
        "`events --subject ID --type T`": (
            *("--subject", first["subject"]),
            *("--type", first["type"]),
        ),
        "`events --since N --type T --limit 1`": (
            *("--since", str(_EVENTS // 2)),
            *("--type", middle["type"], "--limit", "1"),
        ),
    }
    home = bench.nights.directory
    return [
        _build_row(f"ten years: {what}", ("events", "--db", str(changelog), *query), home)
        for what, query in queries.items()
    ]


def _read_event(changelog: Path, *options: str) -> dict[str, Any]:
    said = subprocess.run(
        (SORDIFF, "events", "--db", changelog, *options), check=True, stdout=subprocess.PIPE
    )
    event: dict[str, Any] = json.loads(said.stdout)
    return event


def _build_row(what: str, words: tuple[str, ...], directory: Path) -> Row:
    command = Command(words=(SORDIFF, *words), output=directory / "out", directory=directory)
    took = statistics.median(time_first_line(command) for _ in range(_QUERIES))
    return Row(
        name="ten-years",
        what=what,
        measured=f"{took:.2f} s",
        beside="to the first line",
        target=f"≤ {_AT_ONCE} s",
        met=took <= _AT_ONCE,
    )
