"""The CSV files beside other tools: `python -m benchmarks.tables --scale 1 --write`.

`ingest` of a night of SorEntity_daily.csv, and of a night and a year of SOREntity.csv, beside a bare
pass of Python's csv.reader; `diff` of two nights beside csv-diff, and beside qsv where it is
installed. All are whole processes, and take turns. Writes benchmarks/TABLES.md.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .builds import SORDIFF
from .invented_register import NEW_DATE, OLD_DATE
from .nights import Nights
from .processes import Command, Timing, measure_medians, measure_memory, print_progress
from .results import describe_machine
from .table_files import make_dailies, make_history

REPORT = Path(__file__).parent / "TABLES.md"
_LARGE = 590e6  # bytes
CSV_DIFF = "csv-diff==1.2"
DAY, NEXT_DAY, YEAR = "2023-06-01", "2023-06-02", "2023-01-01..2023-12-31"
# The bare pass that a night is held against.
_READ_ALL = """
import csv, sys
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    for row in csv.reader(file, delimiter=";"):
        pass
"""
# csv-diff as its command does it, but for the byte order mark, which that takes for part of a name.
_CSV_DIFF = """
import sys
from csv_diff import compare, load_csv, human_text
old, new = (load_csv(open(path, encoding="utf-8-sig", newline=""), key="SorId") for path in sys.argv[1:])
print(human_text(compare(old, new), "SorId"))
"""
# What no first night can do without: the rows of its changelog, ready, into a new one, in SQLite
# alone, each table in its order, and then the indexes.
_WRITE_BASELINE = """
import os, sqlite3, sys
made, new = sys.argv[1:]
for name in (new, f"{new}-wal"):
    if os.path.exists(name):
        os.unlink(name)
connection = sqlite3.connect(new, isolation_level=None)
run = connection.execute
run("PRAGMA page_size = 8192"), run("PRAGMA journal_mode = WAL"), run("PRAGMA synchronous = FULL")
run("PRAGMA cache_size = -65536"), run("ATTACH ? AS made", [made])
parts = "FROM made.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
run("BEGIN IMMEDIATE")
for name, sql in run(f"SELECT name, sql {parts} AND type = 'table'").fetchall():
    run(sql), run(f'INSERT INTO main."{name}" SELECT * FROM made."{name}"')
for (sql,) in run(f"SELECT sql {parts} AND type = 'index'").fetchall():
    run(sql)
run("COMMIT"), run("DETACH made"), run("PRAGMA wal_checkpoint(TRUNCATE)")
"""
_QSV = """
set -e
"$1" sort -d ';' -s SorId "$2" -o "$4/old" && "$1" sort -d ';' -s SorId "$3" -o "$4/new"
"$1" diff -k 0 "$4/old" "$4/new"
"""


@dataclass(frozen=True, kw_only=True)
class Files:
    """What is measured."""

    old: Path
    new: Path
    history: Path
    rows: int
    states: int


class TableBench:
    """Measures in a folder; `qsv`: the program, where there is one."""

    def __init__(self, folder: Path, rounds: int, qsv: str | None) -> None:
        self._folder, self._rounds, self._qsv = folder, rounds, qsv
        self._nights = Nights(folder, 1)

    def make(self, scale: float, history: float) -> Files:
        """Make the files; `history`: the scale of SOREntity.csv."""
        print_progress("making the tables")
        old, new, states = (self._folder / name for name in ("old.csv", "new.csv", "SOREntity.csv"))
        rows = make_dailies(old, new, scale=scale, changes=max(10, round(300 * scale)))
        return Files(
            old=old, new=new, history=states, rows=rows, states=make_history(states, scale=history)
        )

    def measure(self, files: Files) -> Iterator[str]:
        """The rows of the report."""
        baseline = self._make_baseline(f"{files.old}@{OLD_DATE}", "part.db")
        new = f"{files.new}@{NEW_DATE}"
        ready = partial(self._nights.copy, baseline, "night.db")
        night = self._ingest("night.db", new, ready=ready)
        bare, took = self._run(self._pass(files.new), night)
        yield _build_row(
            f"`ingest` of a night, {_describe(files.new, files.rows)}",
            took,
            "csv.reader",
            bare,
            2.5,
        )
        yield from self._measure_diff(files)
        yield from self._measure_history(files)

    def _measure_diff(self, files: Files) -> Iterator[str]:
        old, new = str(files.old), str(files.new)
        peers = [self._command(self._install_peer(), "-c", _CSV_DIFF, old, new)]
        if self._qsv is not None:
            scratch = str(self._folder)
            peers.append(self._command("sh", "-c", _QSV, "sh", self._qsv, old, new, scratch))
        words = ("diff", "--format", "jsonl", f"{old}@{OLD_DATE}", f"{new}@{NEW_DATE}")
        took, csv_diff, *qsv = self._run(self._command(SORDIFF, *words), *peers)
        yield _build_row("`diff` of two nights", took, CSV_DIFF.replace("==", " "), csv_diff, 0.3)
        for each in qsv:
            yield _build_row(
                "`diff` of two nights", took, f"{self._name_qsv()}: sort, diff", each, 1
            )

    def _measure_history(self, files: Files) -> Iterator[str]:
        empty = partial(self._nights.empty, "years.db")
        one = self._ingest("years.db", f"{files.history}@{DAY}", ready=empty)
        words = (str(files.history), "--history", YEAR, "--accept", "--reason", "invented")
        year = self._ingest("years.db", *words, ready=empty)
        first = self._make_baseline(f"{files.history}@{DAY}", "first.db")
        ready = partial(self._nights.copy, first, "night.db")
        later = self._ingest("night.db", f"{files.history}@{NEXT_DAY}", ready=ready)
        write = self._command(
            sys.executable, "-c", _WRITE_BASELINE, str(first), str(self._folder / "floor.db")
        )
        passes = self._pass(files.history), write
        bare, written, night, next_night, nights = self._run(*passes, one, later, year)
        what = f"`ingest` of the first night of {_describe(files.history, files.states)}"
        yield _build_row(what, night, "csv.reader", bare, 2)
        floor = written.wall / bare.wall
        yield (
            f"| to write that first night, its rows ready, in SQLite alone | {_format(written)} | "
            f"csv.reader {_format(bare)}: × {floor:.2f}, of the cores × "
            f"{written.cpu / bare.cpu:.2f} | | |"
        )
        yield _build_row("`ingest` of the next night of it", next_night, "csv.reader", bare, 2)
        yield _build_row("`ingest --history` of a year of it", nights, "one night", night, 3)
        print_progress("memory")
        is_large = files.history.stat().st_size >= _LARGE
        for which, command in (("first", one), ("next", later)):
            peak = measure_memory(command, (files.history,))
            met = _tell(peak.beyond <= _LARGE) if is_large else "a smaller file"
            yield (
                f"| memory of that {which} night | {peak.beyond / 1e6:,.0f} MB beyond the mapped "
                f"file, {peak.resident / 1e6:,.0f} MB with it | | ≤ 600 MB for a file of 600 MB | "
                f"{met} |"
            )

    def _make_baseline(self, snapshot: str, name: str) -> Path:
        made = self._nights.empty(name)
        words = (SORDIFF, "ingest", "--db", str(made), snapshot)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=self._folder)
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return made

    def _install_peer(self) -> str:
        place = self._folder / "peer"
        if not place.exists():
            print_progress(f"installing {CSV_DIFF}")
            subprocess.run((sys.executable, "-m", "venv", place), check=True)
            subprocess.run((place / "bin" / "pip", "-q", "install", CSV_DIFF), check=True)
        return str(place / "bin" / "python")

    def _name_qsv(self) -> str:
        said = subprocess.run((str(self._qsv), "--version"), check=True, capture_output=True)
        return " ".join(said.stdout.decode().split()[:2]).split("-")[0]

    def _ingest(self, changelog: str, *words: str, ready: partial[Path]) -> Command:
        database = str(self._folder / changelog)
        return Command(
            words=(SORDIFF, "ingest", "--db", database, *words),
            output=self._folder / "out",
            ready=ready,
            directory=self._folder,
            fine=(0, 3),
        )

    def _command(self, *words: str) -> Command:
        return Command(words=words, output=self._folder / "out")

    def _pass(self, path: Path) -> Command:
        return self._command(sys.executable, "-c", _READ_ALL, str(path))

    def _run(self, *commands: Command) -> list[Timing]:
        print_progress(" · ".join(Path(command.words[0]).name for command in commands))
        return measure_medians(commands, self._rounds)


def _describe(path: Path, rows: int) -> str:
    return f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB"


def _build_row(what: str, took: Timing, peer: str, beside: Timing, most: float) -> str:
    ratio = took.wall / beside.wall
    return (
        f"| {what} | {_format(took)} | {peer} {_format(beside)}: × {ratio:.2f}, of the cores "
        f"× {took.cpu / beside.cpu:.2f} | ≤ {most:g} × | {_tell(ratio <= most)} |"
    )


def _format(timing: Timing) -> str:
    return f"{timing.wall:.2f} s (cores {timing.cpu:.2f} s)"


def _tell(is_met: object) -> str:
    return "yes" if is_met else "**no**"


def main() -> None:
    """Measure, print, and write the report where that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--history", type=float, default=1.0, help="scale of SOREntity.csv")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--qsv", default=shutil.which("qsv") or shutil.which("qsvlite"))
    parser.add_argument("--write", action="store_true", help="write benchmarks/TABLES.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tables-") as folder:
        bench = TableBench(Path(folder), wanted.rounds, wanted.qsv)
        rows = list(bench.measure(bench.make(wanted.scale, wanted.history)))
    told = "" if wanted.qsv else " qsv was not installed."
    head = (
        f"# The CSV files\n\n{describe_machine()}\n\nWritten by `python -m benchmarks.tables "
        f"--write`. Medians of whole processes that take turns.{told}\n\n"
        "| what | measured | beside it | target | met |\n|---|---|---|---|---|\n"
    )
    print(head + "\n".join(rows))
    if wanted.write:
        REPORT.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
