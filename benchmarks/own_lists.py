"""A list of 100,000 lines against a changelog of full size: `python -m benchmarks.own_lists`.

The register is that of the other benchmarks: 147,000 units and a night of 3,000 changes. Its units
are written as lists, which `sordiff reconcile` judges in a process of its own. `--write` writes
benchmarks/LISTS.md. It takes some minutes and 1 GB of disk, which it gives back.
"""

from __future__ import annotations

import argparse
import csv
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from sordiff.render.reconcile.xlsx import write_workbook

from .builds import SORDIFF
from .invented_register import NEW_DATE
from .nights import Nights
from .processes import Command, measure_medians, measure_memory
from .results import describe_machine

LINES: Final = 100_000
CHANGES: Final = 3_000
MOST_SECONDS: Final = 5.0
MOST_MEGABYTES: Final = 300
REPORT: Final = Path(__file__).parent / "LISTS.md"
_MEGABYTE: Final = 1_000_000
_ABOUT: Final = f"""Written by `python -m benchmarks.own_lists --write`. `sordiff reconcile` of {{lines}} lines with SOR id, \
location number and name, against a changelog of 147,000 units and a night of 3,000 changes. Whole processes, the start \
included; medians of {{rounds}}. The target is {MOST_SECONDS:.0f} s of the cores and {MOST_MEGABYTES} MB; the clock also \
counts what else the machine did."""
_HEADINGS: Final = ("Navn", "SOR-id", "Lokationsnummer")
_UNITS: Final = 'SELECT record, "to" IS NULL OR "to" >= ? FROM units ORDER BY sor_id'


@dataclass(frozen=True)
class Measured:
    """Seconds of the whole process and of its cores, and its memory in megabytes."""

    what: str
    wall: float
    cpu: float
    memory: float

    @property
    def is_met(self) -> bool:
        """The cores' seconds count: the machine may be busy with other work."""
        return self.cpu <= MOST_SECONDS and self.memory <= MOST_MEGABYTES


def measure_lists(folder: Path, *, scale: float = 1.0, rounds: int = 3) -> list[Measured]:
    """Make the changelog and the lists in a folder, and judge them."""
    nights = Nights(folder, 1)
    pair = nights.pair(scale, round(CHANGES * scale))
    changelog = nights.copy(nights.baseline(pair.old), "lists.db")
    _run(folder, "ingest", pair.new, "--db", changelog, "--accept", "--reason", "announced")
    lines = round(LINES * scale)
    lists = {name: folder / name for name in ("alive.csv", "alive.xlsx", "dead.csv")}
    alive = list(_read_lines(changelog, lines, dead=0))
    _write_csv(lists["alive.csv"], _HEADINGS, (line[:3] for line in alive))
    lists["alive.xlsx"].write_bytes(write_workbook(_HEADINGS, (line[:3] for line in alive)))
    with_dead = _read_lines(changelog, lines, dead=lines // 5)
    _write_csv(lists["dead.csv"], (*_HEADINGS, "Ydernummer"), with_dead)
    return [
        _measure(what, folder, changelog, lists[name], form, rounds)
        for what, name, form in (
            ("CSV, all units there, answer as text", "alive.csv", "text"),
            ("XLSX, the same", "alive.xlsx", "text"),
            ("CSV, the same, answer as CSV", "alive.csv", "csv"),
            ("CSV with ydernumre, a fifth closed, answer as text", "dead.csv", "text"),
            ("CSV with ydernumre, a fifth closed, answer as JSON", "dead.csv", "json"),
        )
    ]


def _measure(  # noqa: PLR0913, PLR0917  # the words of a command
    what: str, folder: Path, changelog: Path, file: Path, form: str, rounds: int
) -> Measured:
    words = (SORDIFF, "reconcile", str(file), "--format", form, "--db", str(changelog))
    command = Command(words=words, output=folder / "out")
    [timing] = measure_medians([command], rounds)
    memory = measure_memory(command, [])
    return Measured(what, timing.wall, timing.cpu, memory.resident / _MEGABYTE)


def _run(folder: Path, *words: object) -> None:
    measure_medians([Command(words=(SORDIFF, *map(str, words)), output=folder / "out")], 1)


def _read_lines(changelog: Path, count: int, *, dead: int) -> Iterator[tuple[str, ...]]:
    """Name, SOR id, location number and provider number of so many units, spread over all."""
    with closing(sqlite3.connect(changelog)) as connection:
        units = [
            (msgspec.json.decode(record), is_open)
            for record, is_open in connection.execute(_UNITS, [NEW_DATE])
        ]
    for wanted, is_open in ((count - dead, True), (dead, False)):
        found = [unit for unit, opened in units if bool(opened) is is_open]
        for place in range(wanted):
            yield _line(found[place * len(found) // wanted])


def _line(unit: dict[str, Any]) -> tuple[str, ...]:
    number = unit.get("location_number") or {}
    return (
        unit.get("name") or "",
        unit["sor_id"],
        number.get("number") or "",
        unit.get("provider_number") or "",
    )


def _write_csv(file: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.writer(written, delimiter=";")
        writer.writerow(headings)
        writer.writerows(rows)


def format_report(found: Sequence[Measured], lines: int, rounds: int) -> str:
    """The results as Markdown."""
    table = [
        f"| {one.what} | {one.cpu:.1f} s | {one.wall:.1f} s | {one.memory:.0f} MB |"
        f" {'yes' if one.is_met else '**no**'} |"
        for one in found
    ]
    return "\n".join(
        [
            "# Lists of one's own",
            "",
            describe_machine(),
            "",
            _ABOUT.format(lines=f"{lines:,}", rounds=rounds),
            "",
            "| list | cores | clock | memory | met |",
            "|---|---|---|---|---|",
            *table,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.own_lists", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="a share of the full size")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder in which the files stay")
    parser.add_argument("--write", action="store_true", help="write benchmarks/LISTS.md")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.keep or Path(temporary)
        found = measure_lists(folder, scale=said.scale, rounds=said.rounds)
    report = format_report(found, round(LINES * said.scale), said.rounds)
    print(report)
    if said.write:
        REPORT.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
