"""Commands that must answer at once: help, and queries on the events of ten years."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from .nights import SORDIFF, Nights, print_progress
from .processes import Command, time_first_line
from .results import Row

_AT_ONCE = 0.2
_RUNS, _EVENTS = 3_650, 1_000_000


def measure_commands(changelog: Path, rounds: int) -> list[Row]:
    """Measure `--help`, and one event of a changelog of full size."""
    first = ("events", "--limit", "1", "--db", str(changelog))
    return [
        _build_row("`sordiff --help`", ("--help",), changelog.parent, rounds),
        _build_row("`sordiff events --limit 1`", first, changelog.parent, rounds),
    ]


def measure_ten_years(nights: Nights, rounds: int) -> list[Row]:
    """Measure queries of `events` on a changelog of ten years, if benchmarks.ten_years is there."""
    if importlib.util.find_spec("benchmarks.ten_years") is None:
        print_progress("no benchmarks/ten_years.py: nothing to measure")
        return []
    changelog = nights.directory / "ten-years.db"
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
    home = nights.directory
    return [
        _build_row(f"ten years: {what}", ("events", "--db", str(changelog), *query), home, rounds)
        for what, query in queries.items()
    ]


def _read_event(changelog: Path, *options: str) -> dict[str, Any]:
    said = subprocess.run(
        (SORDIFF, "events", "--db", changelog, *options), check=True, stdout=subprocess.PIPE
    )
    event: dict[str, Any] = json.loads(said.stdout)
    return event


def _build_row(what: str, words: tuple[str, ...], directory: Path, rounds: int) -> Row:
    command = Command(words=(SORDIFF, *words), output=directory / "out", directory=directory)
    took = statistics.median(time_first_line(command) for _ in range(max(5, rounds)))
    return Row(
        what=what,
        measured=f"{took:.2f} s",
        beside="to the first line",
        target=f"≤ {_AT_ONCE} s",
        met=took <= _AT_ONCE,
    )
