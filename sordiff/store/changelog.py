"""The changelog in a SQLite file: the adapter of the port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING

from sordiff.changelog import QueryableChangelog
from sordiff.event_sink import KAFKA
from sordiff.store.database import (
    open_copy,
    open_to_publish,
    open_to_read,
    open_to_write,
    read_at_one_moment,
    wait_at_the_end,
)
from sordiff.store.locks import hold_lock
from sordiff.store.mark import MarkFile
from sordiff.store.recognised import demand_one_name, is_changelog
from sordiff.store.session import SqliteSession
from sordiff.store.soundness import build_damaged_changelog, find_damage
from sordiff.store.told_errors import translate_errors

if TYPE_CHECKING:
    from sordiff.changelog.records import GivenRun
    from sordiff.model import Day
    from sordiff.report import Restoration
    from sordiff.store.exported_rows import SqliteExportedRows


class SqliteChangelog(QueryableChangelog):
    """The changelog at a path; nothing is opened yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_publishing = False
        self._warnings: list[str] = []

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def warnings(self) -> list[str]:
        return self._warnings

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def lock_writer(self) -> AbstractContextManager[None]:
        # Before a lock file is made beside the file of another program.
        is_changelog(self.path)
        demand_one_name(self.path)
        return hold_lock(self.path, "writer")

    def lock_publisher(self, sink: str) -> AbstractContextManager[None]:
        from hashlib import sha256  # imported late: it loads OpenSSL

        is_changelog(self.path)
        part = "" if sink == KAFKA else f"-{sha256(sink.encode()).hexdigest()[:8]}"
        return hold_lock(self.path, "publisher", part)

    def upgrade(self) -> None:
        with open_to_publish(self.path):
            pass

    def demand_sound(self) -> None:
        with self.open_to_read():
            reason = find_damage(self.path)
        if reason:
            raise build_damaged_changelog(self.path, reason)

    def continue_restored(self) -> None:
        with open_to_publish(self.path) as connection:
            self._mark(connection).continue_above()

    def find_restoration(self) -> Restoration | None:
        with open_to_read(self.path) as connection:
            return self._mark(connection, writable=False).find_restoration()

    def remember_given(self, runs: Sequence[GivenRun]) -> None:
        with open_to_read(self.path) as connection:
            self._mark(connection).remember(runs)

    def _mark(self, connection: Connection, *, writable: bool = True) -> MarkFile:
        return MarkFile(connection, self.path, self._warnings, writable=writable)

    @contextmanager
    def build(self) -> Iterator[SqliteChangelog]:
        from sordiff.store.building import build_aside  # rarely needed

        # A crash may take it, so that nothing waits for the disk until it is whole.
        with build_aside(self.path) as aside, open_to_write(aside, safely=False) as connection:
            yield _NewChangelog(aside, connection)
            MarkFile(connection, aside, self._warnings).keep_up()

    @contextmanager
    def open_to_read(self) -> Iterator[SqliteSession]:
        with open_to_read(self.path) as connection:
            yield SqliteSession(connection)

    def open_to_query(self) -> AbstractContextManager[SqliteSession]:
        return self.open_to_read()

    def open_to_export(
        self, run_id: int, until: Day | None = None
    ) -> AbstractContextManager[SqliteExportedRows]:
        from sordiff.store.exported_rows import open_exported_rows  # rarely needed

        return open_exported_rows(self.path, run_id, until)

    @contextmanager
    def open_at_one_moment(self, *, looked_at: bool = False) -> Iterator[SqliteSession]:
        # While it publishes its own log lies there: the pages were looked at when it began.
        opened = open_to_read(self.path, looked_at=looked_at or self._is_publishing)
        with opened as connection, read_at_one_moment(connection):
            yield SqliteSession(connection)

    @contextmanager
    def open_to_write(self) -> Iterator[SqliteSession]:
        with open_to_write(self.path) as connection:
            yield SqliteSession(connection, self._mark(connection))

    @contextmanager
    def open_to_write_many(self) -> Iterator[SqliteSession]:
        with open_to_write(self.path) as connection:
            mark = self._mark(connection)
            mark.follow_later()
            try:
                with wait_at_the_end(connection):
                    yield SqliteSession(connection, mark, keeps_units=True)
            finally:
                mark.follow()

    @contextmanager
    def open_to_publish(self) -> Iterator[SqliteSession]:
        with open_to_publish(self.path) as connection:
            self._is_publishing = True
            try:
                yield SqliteSession(connection, self._mark(connection))
            finally:
                self._is_publishing = False

    @contextmanager
    def open_copy(self) -> Iterator[SqliteSession]:
        with open_copy(self.path) as connection:
            yield SqliteSession(connection, self._mark(connection, writable=False))


class _NewChangelog(SqliteChangelog):
    """One that is being made: all goes over one connection, which still has what it read."""

    def __init__(self, path: Path, connection: Connection) -> None:
        super().__init__(path)
        self._connection = connection

    @contextmanager
    def open_to_read(self) -> Iterator[SqliteSession]:
        yield SqliteSession(self._connection)

    @contextmanager
    def open_to_write(self) -> Iterator[SqliteSession]:
        # It gets its mark when it is whole.
        with translate_errors(self.path):
            yield SqliteSession(self._connection, self._mark(self._connection, writable=False))

    @contextmanager
    def open_to_write_many(self) -> Iterator[SqliteSession]:
        mark = self._mark(self._connection, writable=False)
        with translate_errors(self.path):
            yield SqliteSession(self._connection, mark, keeps_units=True)

    open_to_publish = open_to_write
