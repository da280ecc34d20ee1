"""Which changelog a command works on: a SQLite file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sordiff.changelog import QueryableChangelog, ServedChangelog
    from sordiff.changelog.register_index import RegisterIndex


def open_changelog(path: Path) -> "QueryableChangelog":
    """The changelog in that file; nothing is opened yet."""
    from sordiff.store.changelog import SqliteChangelog

    return SqliteChangelog(path)


@contextmanager
def serve_changelog(path: Path) -> "Iterator[ServedChangelog]":
    """The same, which stays open while the block runs and is asked by several threads."""
    from sordiff.store.served_changelog import ServedSqliteChangelog

    served = ServedSqliteChangelog(path)
    try:
        yield served
    finally:
        served.close()


@contextmanager
def index_register(changelog: "ServedChangelog") -> "Iterator[RegisterIndex]":
    """The register of today for people who search and walk it, made while nobody waits for it."""
    from sordiff.store.register_index import SqliteRegisterIndex

    index = SqliteRegisterIndex(changelog)
    index.prepare()
    try:
        yield index
    finally:
        index.close()


@contextmanager
def lock_tokens(path: Path) -> Iterator[None]:
    """Be the only one that changes the tokens beside the changelog in that file."""
    from sordiff.store.locks import hold_lock

    with hold_lock(path, "tokens"):
        yield


def back_up_changelog(path: Path, to: Path) -> None:
    """Write a copy of the changelog in that file, as of one moment, to a new file."""
    from sordiff.store.backup import back_up

    back_up(path, to)
