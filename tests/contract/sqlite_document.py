"""`python -m tests.contract.sqlite_document` writes the answers of docs/sqlite.md anew; read the difference."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.making.demo import DEMO
from tests.scenarios.telling import ROOT, sordiff

DOCUMENT = ROOT / "docs" / "sqlite.md"
QUERY = re.compile(r"^```sql\n(.*?)^```\n(?:\n```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL)
VIEW = re.compile(r"^### (v_\w+)\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
COLUMN = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)


def demo_changelog(folder: Path) -> Path:
    """The changelog of `make demo`."""
    names = sorted(path.name for path in DEMO.glob("*.zip"))
    database = folder / "sordiff.db"
    sordiff("ingest", *names, "--db", str(database), folder=DEMO)
    return database


def answered(text: str, database: Path) -> str:
    """The document with the answer of each query below it."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:

        def with_answer(found: re.Match[str]) -> str:
            return f"```sql\n{found[1]}```\n\n```text\n{answer(connection, found[1])}```\n"

        return QUERY.sub(with_answer, text)


def answer(connection: sqlite3.Connection, query: str) -> str:
    """What a query gives, in columns."""
    cursor = connection.execute(query)
    rows = [[column[0] for column in cursor.description], *map(_texts, cursor.fetchall())]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = (
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _texts(row: tuple[Any, ...]) -> list[str]:
    return ["–" if value is None else str(value) for value in row]


def documented_columns() -> dict[str, dict[str, str]]:
    """The columns of each view with their meanings."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return {name: dict(COLUMN.findall(table)) for name, table in VIEW.findall(text)}


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        told = answered(DOCUMENT.read_text(encoding="utf-8"), demo_changelog(Path(name)))
    DOCUMENT.write_text(told, encoding="utf-8")
