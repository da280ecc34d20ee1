"""Whole tables out of the changelog, as they stand or as they stood after an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Final

from sordiff.changelog.exported_rows import ExportedRows
from sordiff.store.conditions import ACCEPTED
from sordiff.store.database import open_to_read, read_at_one_moment
from sordiff.store.taken_back import open_taken_back

if TYPE_CHECKING:
    from sordiff.exported_tables import ExportedTable
    from sordiff.model import Day

_AT_A_TIME: Final = 10_000
# Of these, the rows of runs after the one that is asked for are left out. What was held or rejected
# while that run was the last accepted one has no change, but is a run.
_OF_RUNS: Final = {
    "changes": "WHERE run <= :run",
    "runs": "WHERE run <= :run OR (run < :next AND day <= :until)",
}
_NO_LATER_RUN: Final = 2**63 - 1
_NO_LATER_DAY: Final = "9999-12-31"


class SqliteExportedRows(ExportedRows):
    """ExportedRows in SQLite: the rows of the views."""

    def __init__(self, connection: Connection, span: dict[str, Any]) -> None:
        """`span`: the values that say which runs belong to the tables."""
        self._connection = connection
        self._span = span

    def iterate_rows(self, table: ExportedTable) -> Iterator[Sequence[tuple[Any, ...]]]:
        names = ", ".join(f'"{name}"' for name in table.columns)
        where = _OF_RUNS.get(table.name, "")
        order = ", ".join(table.key)
        query = f"SELECT {names} FROM v_{table.name} {where} ORDER BY {order}"  # noqa: S608  # ours
        rows = self._connection.execute(query, self._span if where else {})
        while some := rows.fetchmany(_AT_A_TIME):
            yield some


@contextmanager
def open_exported_rows(
    path: Path, run_id: int, until: Day | None = None
) -> Iterator[SqliteExportedRows]:
    """The tables after an accepted run, all of one moment."""
    with open_to_read(path) as connection, read_at_one_moment(connection):
        query = f"SELECT min(id) FROM runs WHERE id > ? AND {ACCEPTED}"  # noqa: S608  # ours
        (following,) = connection.execute(query, [run_id]).fetchone()
        span = {"run": run_id, "next": following or _NO_LATER_RUN, "until": until or _NO_LATER_DAY}
        if following is None:
            yield SqliteExportedRows(connection, span)
            return
        with open_taken_back(connection, run_id) as copy:
            yield SqliteExportedRows(copy, span)
