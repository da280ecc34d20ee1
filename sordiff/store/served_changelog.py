"""A changelog that stays open and is asked all the time, by several threads.

To open it takes longer than most answers, and where a log lies beside it all pages are looked at.
So connections are kept, and the file is looked at once. A file that was put in its place is noticed
before each use.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sordiff.changelog import ServedChangelog
from sordiff.errors import ChangelogFailed
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.database import (
    connect_to_read,
    is_kept_open,
    open_to_read,
)
from sordiff.store.kept_connection import KeptConnection
from sordiff.store.session import load_parts
from sordiff.store.told_errors import TO_READ, translate_errors

if TYPE_CHECKING:
    from sordiff.report import Restoration
    from sordiff.store.session import SqliteSession

_FileIdentity = tuple[int, int]


class ServedSqliteChangelog(SqliteChangelog, ServedChangelog):
    """Each session reads one moment; one that is opened within another is the same."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        load_parts()
        self._lock = threading.Lock()
        self._idle: list[KeptConnection] = []
        self._idle_at_once: list[KeptConnection] = []
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
    def reading_at_once(self) -> Iterator[None]:
        self._here.at_once = True
        try:
            yield
        finally:
            self._here.at_once = False

    @contextmanager
    def open_to_read(self) -> Iterator[SqliteSession]:
        """A session of one moment; within another one of this thread it is the same."""
        held: SqliteSession | None = getattr(self._here, "session", None)
        if held is not None:
            yield held
            return
        with translate_errors(self.path, advice=TO_READ):
            idle = self._choose_idle()
            kept = self._take(idle)
            sound = False
            try:
                self._here.session = kept.begin()
                yield self._here.session
                sound = True
            finally:
                self._here.session = None
                self._give_back(kept, idle, sound=sound)

    def open_to_query(self) -> AbstractContextManager[SqliteSession]:
        return self.open_to_read()

    @contextmanager
    def open_at_one_moment(self, *, looked_at: bool = False) -> Iterator[SqliteSession]:
        del looked_at  # it was looked at when it was opened for all
        with self.open_to_read() as session:
            yield session

    def find_restoration(self) -> Restoration | None:
        with self.open_to_read() as session:
            if self._mark(session.connection, writable=False).find_restoration() is None:
                return None
        # The session may be of an earlier moment than the mark.
        return super().find_restoration()

    def _choose_idle(self) -> list[KeptConnection]:
        """The connections that this thread may use: those that never wait, or those that do."""
        return self._idle_at_once if getattr(self._here, "at_once", False) else self._idle

    def _take(self, idle: list[KeptConnection]) -> KeptConnection:
        at_once = idle is self._idle_at_once
        with self._lock:
            if self._is_other_file():
                if at_once:
                    # Another thread looks first whether it is whole, which takes its time.
                    message = f"{self.path} was not looked at yet."
                    raise ChangelogFailed(message)
                self._forget_connections()
                with open_to_read(self.path):
                    pass  # it is whole
                self._file = self._recognise_file()
            if idle:
                return idle.pop()
            file = self._file
        patience = {"busy_seconds": 0.0} if at_once else {}
        return KeptConnection(connect_to_read(self.path, **patience), self.path, file)

    def _give_back(self, kept: KeptConnection, idle: list[KeptConnection], *, sound: bool) -> None:
        """Keep it for the next; not one that failed, nor one that would not see what is written."""
        if not (sound and self._is_kept_open()):
            kept.close()
            return
        kept.end()
        with self._lock:
            # Meanwhile another file may have been put in its place.
            is_of_this_file = kept.file == self._file
            if is_of_this_file:
                idle.append(kept)
        if not is_of_this_file:
            kept.close()

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
        for idle in (self._idle, self._idle_at_once):
            for kept in idle:
                kept.close()
            idle.clear()
        self._file, self._kept_open = None, False

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
