"""Whole tables out of the changelog, as they stand or as they stood after an earlier run."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final

from sordiff.changelog.exported_rows import ExportedRows
from sordiff.exported_tables import ExportedTable
from sordiff.store.conditions import ACCEPTED
from sordiff.store.database import open_to_read, read_at_one_moment
from sordiff.store.taken_back import open_taken_back

_AT_A_TIME: Final = 10_000
# Of these, the rows of runs after the one that is asked for are left out.
_WITH_RUN: Final = frozenset({"changes", "runs"})


class SqliteExportedRows(ExportedRows):
    """ExportedRows in SQLite: the rows of the views."""

    def __init__(self, connection: Connection, run_id: int) -> None:
        """`run_id`: the last accepted run of what is connected to."""
        self._connection = connection
        self._run_id = run_id

    def iterate_rows(self, table: ExportedTable) -> Iterator[Sequence[tuple[Any, ...]]]:
        names = ", ".join(f'"{name}"' for name in table.columns)
        where = "WHERE run <= :run" if table.name in _WITH_RUN else ""
        order = ", ".join(table.key)
        query = f"SELECT {names} FROM v_{table.name} {where} ORDER BY {order}"  # noqa: S608  # ours
        rows = self._connection.execute(query, {"run": self._run_id} if where else {})
        while some := rows.fetchmany(_AT_A_TIME):
            yield some


@contextmanager
def open_exported_rows(path: Path, run_id: int) -> Iterator[SqliteExportedRows]:
    """The tables after an accepted run, all of one moment."""
    with open_to_read(path) as connection, read_at_one_moment(connection):
        query = f"SELECT max(id) FROM runs WHERE {ACCEPTED}"  # noqa: S608  # ours
        (last,) = connection.execute(query).fetchone()
        if run_id == last:
            yield SqliteExportedRows(connection, run_id)
            return
        with open_taken_back(connection, run_id) as copy:
            yield SqliteExportedRows(copy, run_id)
