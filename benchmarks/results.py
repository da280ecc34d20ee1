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


@dataclass(frozen=True, kw_only=True)
class Row:
    """One target: what was measured, beside what, and whether the target is met."""

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
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    day = datetime.now(timezone.utc).date().isoformat()
    model = models[0] if models else platform.machine()
    parser = ".".join(str(part) for part in etree.LXML_VERSION[:3])
    return (
        f"{day} · {os.cpu_count()} cores, {model} · {memory:.0f} GiB · "
        f"Python {platform.python_version()}, lxml {parser}, SQLite {sqlite3.sqlite_version}"
    )


def build_target_table(rows: Iterable[Row]) -> Table:
    """Build the table of the rows with a target."""
    return Table(
        heading="Targets",
        columns=("what", "measured", "beside it", "target", "met"),
        lines=[
            (row.what, row.measured, row.beside, row.target, "yes" if row.met else "**no**")
            for row in rows
        ],
    )


def format_document(tables: Iterable[Table], rounds: int) -> str:
    """Format all tables as one document."""
    how = (
        f"Written by `make bench`. Whole processes, medians of {rounds} in one run, page cache "
        "warm; `sha256sum` of the same file takes turns with what is measured by it. "
        "In brackets the seconds that all cores worked, which say more on a busy machine."
    )
    parts = ["# Results", describe_machine(), how]
    for table in tables:
        parts.append(f"## {table.heading}")
        if table.about:
            parts.append(table.about)
        lines = [table.columns, ["---"] * len(table.columns), *table.lines]
        parts.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
    return "\n\n".join(parts) + "\n"
