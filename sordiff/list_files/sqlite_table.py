"""A column of a table in a SQLite file, or with its whole table: `file.db#table.column`."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sordiff.list_files.refused import ListRefused
from sordiff.reconcile.table import Table, TableRow

_MOST_LINES: Final = 5_000_000


def read_sqlite(name: str, path: Path, place: str) -> Table:
    """The column `place` (`table.column`); the file is opened to read alone."""
    table, _, column = place.rpartition(".")
    if not table or not column:
        message = f"{name} does not say which column."
        raise ListRefused(message, advice="Write it so: file.db#table.column.")
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")}
            if column not in columns:
                message = f"{path} has no column {column} in a table {table}."
                raise ListRefused(message, advice="Write it so: file.db#table.column.")
            found = connection.execute(
                f"SELECT {_quoted(column)} FROM {_quoted(table)} LIMIT {_MOST_LINES}"  # noqa: S608  # names are quoted
            ).fetchall()
    except sqlite3.Error as error:
        message = f"{path} can't be read as a SQLite database: {error}."
        raise ListRefused(message, advice="Check the file.") from error
    rows = tuple(
        TableRow(line, (_text(value),), (0,) if isinstance(value, int | float) else ())
        for line, (value,) in enumerate(found, start=1)
    )
    return Table(name=name, columns=(column,), rows=rows, heading=(column,))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
