"""A connection that is kept between requests, with what it read while nothing was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING

from sordiff.store.database import demand_readable
from sordiff.store.runs import SqliteRuns
from sordiff.store.session import SqliteSession

if TYPE_CHECKING:
    from sordiff.report import RecordedRun
    from sordiff.store.register_at import SqlitePastRegister


class KeptConnection:
    """One thread at a time reads through it, one moment after the other."""

    def __init__(self, connection: sqlite3.Connection, path: Path, file: Hashable) -> None:
        """`file` tells the file at that path from others that are put there."""
        self.file = file
        self._connection = connection
        self._path = path
        self._version: int | None = None
        self._session: SqliteSession | None = None

    def begin(self) -> SqliteSession:
        """A session of this moment; what was read of an earlier one is kept if it still holds."""
        self._connection.execute("BEGIN")
        # The first look begins the moment. It is another number after others have written.
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if self._session is None or version != self._version:
            demand_readable(self._connection, self._path)
            self._session = _SessionOfOneState(self._connection)
            self._version = version
        return self._session

    def end(self) -> None:
        """Let the moment go."""
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Nobody reads any more."""
        self._connection.close()


class _SessionOfOneState(SqliteSession):
    """A session that keeps what nearly every request asks for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.runs = _RunsOfOneState(connection)
        self._past: SqlitePastRegister | None = None

    def past(self, run_id: int) -> SqlitePastRegister:
        last = self.runs.find_last_accepted()
        if last is None or run_id != last.id:
            return super().past(run_id)
        if self._past is None:
            self._past = super().past(run_id)
        return self._past


class _RunsOfOneState(SqliteRuns):
    """The runs that nearly every request asks for, read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._ends: dict[str, RecordedRun | None] = {}

    def find_first_accepted(self) -> RecordedRun | None:
        if "first" not in self._ends:
            self._ends["first"] = super().find_first_accepted()
        return self._ends["first"]

    def find_last_accepted(self) -> RecordedRun | None:
        if "last" not in self._ends:
            self._ends["last"] = super().find_last_accepted()
        return self._ends["last"]
