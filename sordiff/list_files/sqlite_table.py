"""A column of a table in a SQLite file, or with its whole table: `file.db#table.column`."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database
from sqlite_utils.db import quote_identifier

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
            found = Database(connection)[table]
            if column not in found.columns_dict:
                message = f"{path} has no column {column} in a table {table}."
                raise ListRefused(message, advice="Write it so: file.db#table.column.")
            chosen = found.rows_where(select=quote_identifier(column), limit=_MOST_LINES)
            values = [value for row in chosen for value in row.values()]
    except sqlite3.Error as error:
        message = f"{path} can't be read as a SQLite database: {error}."
        raise ListRefused(message, advice="Check the file.") from error
    rows = tuple(
        TableRow(line, (_text(value),), (0,) if isinstance(value, int | float) else ())
        for line, value in enumerate(values, start=1)
    )
    return Table(name=name, columns=(column,), rows=rows, heading=(column,))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
