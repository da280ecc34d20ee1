"""The changelog in a SQLite file: the adapter of the port."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path

from sordiff.changelog import QueryableChangelog
from sordiff.event_sink import KAFKA
from sordiff.store.database import (
    open_copy,
    open_to_publish,
    open_to_read,
    open_to_write,
    read_at_one_moment,
)
from sordiff.store.locks import hold_lock
from sordiff.store.mark import MarkFile
from sordiff.store.recognised import demand_one_name, is_changelog
from sordiff.store.session import SqliteSession


class SqliteChangelog(QueryableChangelog):
    """The changelog at a path; nothing is opened yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def lock_writer(self) -> AbstractContextManager[None]:
        # Before a lock file is made beside the file of another program.
        is_changelog(self.path)
        demand_one_name(self.path)
        return hold_lock(self.path, "writer")

    def lock_publisher(self, sink: str) -> AbstractContextManager[None]:
        is_changelog(self.path)
        part = "" if sink == KAFKA else f"-{sha256(sink.encode()).hexdigest()[:8]}"
        return hold_lock(self.path, "publisher", part)

    def upgrade(self) -> None:
        with open_to_publish(self.path):
            pass

    def continue_restored(self) -> None:
        with open_to_publish(self.path) as connection:
            MarkFile(connection, self.path).continue_above()

    @contextmanager
    def open_to_read(self) -> Iterator[SqliteSession]:
        with open_to_read(self.path) as connection:
            yield SqliteSession(connection)

    def open_to_query(self) -> AbstractContextManager[SqliteSession]:
        return self.open_to_read()

    @contextmanager
    def open_at_one_moment(self) -> Iterator[SqliteSession]:
        with open_to_read(self.path) as connection, read_at_one_moment(connection):
            yield SqliteSession(connection)

    @contextmanager
    def open_to_write(self) -> Iterator[SqliteSession]:
        with open_to_write(self.path) as connection:
            yield SqliteSession(connection, MarkFile(connection, self.path))

    @contextmanager
    def open_to_publish(self) -> Iterator[SqliteSession]:
        with open_to_publish(self.path) as connection:
            yield SqliteSession(connection, MarkFile(connection, self.path))

    @contextmanager
    def open_copy(self) -> Iterator[SqliteSession]:
        with open_copy(self.path) as connection:
            yield SqliteSession(connection, MarkFile(connection, self.path, writable=False))
