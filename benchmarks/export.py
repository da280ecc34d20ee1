"""A year of a register as an export: `python -m benchmarks.export --write`.

Each format as a process of its own, beside a bare reading of the same views by Python's sqlite3 in
another. The changes of one night are put there again and again until they are a year's. Writes
benchmarks/EXPORT.md. At scale 1 it takes some minutes, and 2 GB of disk.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from .full_size import Options, make_pair
from .processes import Command, measure_memory, time_command
from .results import describe_machine

REPORT = Path(__file__).parent / "EXPORT.md"
FORMATS = ("parquet", "ndjson", "csv")
_A_YEAR = 365 * 300
_READ = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
for view, key in (("units", "sor_id"), ("location_numbers", "number"), ("changes", "sequence")):
    rows = connection.execute(f"SELECT * FROM v_{view} ORDER BY {key}")
    while rows.fetchmany(10_000):
        pass
"""


def make_changelog(folder: Path, scale: float) -> tuple[Path, int]:
    """A register of full size, and a year of changes; the path, and how many changes there are."""
    nights, database = (folder / "old.xml", folder / "new.xml"), folder / "year.db"
    make_pair(*nights, Options(scale=scale, changes=max(30, round(3000 * scale))))
    words = (sys.executable, "-m", "sordiff", "ingest", "--accept", "--reason", "benchmark")
    time_command(
        Command(words=(*words, "--db", str(database), *map(str, nights)), output=folder / "out")
    )
    with closing(sqlite3.connect(database)) as connection, connection:
        (night,) = connection.execute("SELECT count(*) FROM events").fetchone()
        for place in range(night, round(_A_YEAR * scale), night):
            connection.execute(
                'INSERT INTO events SELECT run_id, "order" + ?1, sequence + ?1, id, type, subject,'
                ' data FROM events WHERE "order" <= ?2',
                (place, night),
            )
            connection.execute(
                'INSERT INTO event_texts SELECT run_id, "order" + ?1, unit_id, unit, unit_type,'
                ' owner_id, "before", before_unit_id, "after", after_unit_id, cause, effective'
                ' FROM event_texts WHERE "order" <= ?2',
                (place, night),
            )
        connection.execute(
            "UPDATE runs SET last_sequence = (SELECT max(sequence) FROM events) WHERE id = 2"
        )
        (changes,) = connection.execute("SELECT count(*) FROM events").fetchone()
    return database, changes


def measure(folder: Path, scale: float) -> list[str]:
    """A line for each format."""
    database, changes = make_changelog(folder, scale)
    read = Command(words=(sys.executable, "-c", _READ, str(database)), output=folder / "out")
    lines = []
    for chosen in FORMATS:
        export = _export(database, folder / chosen, chosen)
        bare, took = time_command(read), time_command(export)
        size = sum(path.stat().st_size for path in (folder / chosen).iterdir())
        again = _export(database, folder / f"again-{chosen}", chosen)
        peak = measure_memory(again, ()).resident
        lines.append(
            f"| {chosen}, {changes:,} changes | {took.wall:.1f} s (cores {took.cpu:.1f} s) "
            f"| × {took.cpu / bare.cpu:.2f} | {peak / 1e6:.0f} MB | {size / 1e6:.0f} MB |"
        )
    return lines


def _export(database: Path, folder: Path, chosen: str) -> Command:
    words = ("export", str(folder), "--format", chosen, "--db", str(database))
    return Command(
        words=(sys.executable, "-m", "sordiff", *words), output=folder.with_suffix(".out")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--write", action="store_true", help="write benchmarks/EXPORT.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sordiff-bench-") as folder:
        lines = measure(Path(folder), asked.scale)
    text = "\n".join(
        (
            "# The export",
            "",
            f"Scale {asked.scale:g} · {describe_machine()}",
            "",
            "Written by `python -m benchmarks.export --write`. The ratio is to a bare reading of the same views by",
            "Python's sqlite3, of the seconds that the cores worked. Target at scale 1: 60 s and 500 MB.",
            "",
            "| format | took | beside a bare reading | memory | files |",
            "|---|---|---|---|---|",
            *lines,
            "",
        )
    )
    print(text)
    if asked.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
