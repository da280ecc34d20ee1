"""A changelog that stays open and is asked all the time, by several threads.

To open it takes longer than most answers, and where a log lies beside it all pages are looked at.
So connections are kept, and the file is looked at once. A file that was put in its place is noticed
before each use.
"""

import sqlite3
import threading
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sordiff.changelog import ServedChangelog
from sordiff.report import Restoration
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.database import (
    connect_to_read,
    demand_readable,
    is_kept_open,
    open_to_read,
    translate_errors,
)
from sordiff.store.session import SqliteSession

_FileIdentity = tuple[int, int]


class ServedSqliteChangelog(SqliteChangelog, ServedChangelog):
    """Each session reads one moment; one that is opened within another is the same."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._watching: sqlite3.Connection | None = None
        self._watched: _FileIdentity | None = None
        self._watches = 0
        self._file: _FileIdentity | None = None
        self._kept_open = False
        self._here = threading.local()

    def close(self) -> None:
        """Close what is open; nobody reads any more."""
        with self._lock:
            self._forget_connections()
            self._forget_watching()

    def read_mark(self) -> Hashable:
        try:
            with self._lock:
                file = self._recognise_file()
                if not self._is_kept_open():
                    found = self.path.stat()
                    return file, found.st_mtime_ns, found.st_size
                version = self._watch(file).execute("PRAGMA data_version").fetchone()[0]
                return file, self._watches, version
        except (OSError, sqlite3.Error):
            return None

    @contextmanager
    def open_to_read(self) -> Iterator[SqliteSession]:
        with self._borrow() as connection:
            yield SqliteSession(connection)

    def open_to_query(self) -> AbstractContextManager[SqliteSession]:
        return self.open_to_read()

    @contextmanager
    def open_at_one_moment(self) -> Iterator[SqliteSession]:
        with self.open_to_read() as session:
            yield session

    def find_restoration(self) -> Restoration | None:
        with self._borrow() as connection:
            return self._mark(connection, writable=False).find_restoration()

    @contextmanager
    def _borrow(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, which is this thread's alone until the block ends."""
        held: sqlite3.Connection | None = getattr(self._here, "connection", None)
        if held is not None:
            yield held
            return
        with translate_errors(self.path):
            connection = self._take()
            sound = False
            try:
                connection.execute("BEGIN")
                demand_readable(connection, self.path)
                self._here.connection = connection
                yield connection
                sound = True
            finally:
                self._here.connection = None
                self._give_back(connection, sound=sound)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_other_file():
                self._forget_connections()
                with open_to_read(self.path):
                    pass  # it is whole
                self._file = self._recognise_file()
            if self._idle:
                return self._idle.pop()
        return connect_to_read(self.path)

    def _give_back(self, connection: sqlite3.Connection, *, sound: bool) -> None:
        """Keep it for the next; not one that failed, nor one that would not see what is written."""
        if not (sound and self._is_kept_open()):
            connection.close()
            return
        connection.execute("ROLLBACK")
        with self._lock:
            self._idle.append(connection)

    def _is_kept_open(self) -> bool:
        """Whether a connection that stays open sees what is written; looked up once that is so."""
        self._kept_open = self._kept_open or is_kept_open(self.path)
        return self._kept_open

    def _is_other_file(self) -> bool:
        try:
            return self._recognise_file() != self._file
        except OSError:
            return True

    def _recognise_file(self) -> _FileIdentity:
        found = self.path.stat()
        return found.st_dev, found.st_ino

    def _forget_connections(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle, self._file, self._kept_open = [], None, False

    def _watch(self, file: _FileIdentity) -> sqlite3.Connection:
        """The connection that sees whether something is written to this file.

        It stays open as long as the file is there: each new one counts from the same number on, and
        knows nothing of what was written before.
        """
        if self._watching is None or self._watched != file:
            self._forget_watching()
            self._watching = connect_to_read(self.path, busy_seconds=0)
            self._watched = file
            self._watches += 1
        return self._watching

    def _forget_watching(self) -> None:
        if self._watching is not None:
            self._watching.close()
        self._watching = None
