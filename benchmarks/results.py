"""The results as Markdown."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from lxml import etree

from .builds import BEFORE


@dataclass(frozen=True, kw_only=True)
class Row:
    """One target: what was measured, beside what, and whether the target is met.

    `name`: by which it is measured again, maybe with others.
    """

    name: str
    what: str
    measured: str
    beside: str
    target: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with its heading, and a text about it."""

    heading: str
    columns: Sequence[str]
    lines: Sequence[Sequence[str]]
    about: str = ""


def describe_machine() -> str:
    """Describe the machine and the versions, with the date."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_name_day()} · {_name_cores()} · {memory:.0f} GiB · {_name_versions()}"


def _name_day() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def _name_cores() -> str:
    models = [
        line.partition(":")[2].replace("(R)", "").strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return f"{os.cpu_count()} × {models[0] if models else platform.machine()}"


def _name_versions() -> str:
    parser = ".".join(str(part) for part in etree.LXML_VERSION[:3])
    return f"Python {platform.python_version()}, lxml {parser}, SQLite {sqlite3.sqlite_version}"


_HOW = """Written by `make bench`, row by row: `python -m benchmarks.run NAME` measures the rows of one name, and puts them in
the place of those that stand here. Whole processes, medians of 5 (of 3 where a row takes minutes), page cache warm. What
is compared takes turns in one run, on the machine that the row names: `lxml.etree.parse` of one file is the yardstick;
"before" is the build of commit {before}, the last one before the work on these targets. In brackets the seconds that all
cores worked, which say more on a busy machine."""
_TARGETS = "Targets"
_COLUMNS = ("row", "what", "measured", "beside it", "target", "met", "on")


class Document:
    """RESULTS.md: a table of all rows with a target, and tables beside it; each part is measured by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[str, str] = {}
        self._sections: dict[str, str] = {}
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for section in text.split("\n\n## ")[1:]:
            heading, _, body = section.strip().partition("\n\n")
            if heading == _TARGETS:
                self._lines = {_find_what(line): line for line in body.splitlines()[2:]}
            else:
                self._sections[heading] = body

    def put_row(self, row: Row) -> None:
        """Put a row in the place of the one with the same name and words."""
        met = "yes" if row.met else "**no**"
        cells = (row.name, row.what, row.measured, row.beside, row.target, met, _describe_day())
        self._lines[row.what] = _format_line(cells)

    def put_table(self, table: Table) -> None:
        """Put a table in the place of the one with the same heading."""
        lines = [table.columns, ["---"] * len(table.columns), *table.lines]
        about = " ".join(part for part in (table.about, f"({_describe_day()})") if part)
        self._sections[table.heading] = f"{about}\n\n" + "\n".join(map(_format_line, lines))

    def write(self, names: Sequence[str]) -> None:
        """Write it, its rows in the order of these names; rows of other names are gone."""
        known = {name: place for place, name in enumerate(names)}
        lines = [line for line in self._lines.values() if _find_name(line) in known]
        lines.sort(key=lambda line: known[_find_name(line)])
        head = [_format_line(_COLUMNS), _format_line(["---"] * len(_COLUMNS))]
        parts = ["# Results", f"{_name_day()} · {_name_versions()}", _HOW.format(before=BEFORE)]
        parts += [f"## {_TARGETS}", "\n".join([*head, *lines])]
        for heading, body in self._sections.items():
            parts += [f"## {heading}", body]
        self._path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _format_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _find_name(line: str) -> str:
    return line.split(" | ", maxsplit=1)[0].removeprefix("| ")


def _find_what(line: str) -> str:
    return line.split(" | ")[1]


def _describe_day() -> str:
    """The day, how many processes wanted a core beside the measured one, and the machine."""
    return f"{_name_day()}, load {os.getloadavg()[0]:.1f}, {_name_cores()}"
