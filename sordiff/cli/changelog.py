"""Which changelog a command works on: a SQLite file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sordiff.changelog import QueryableChangelog


def open_changelog(path: Path) -> "QueryableChangelog":
    """The changelog in that file; nothing is opened yet."""
    from sordiff.store.changelog import SqliteChangelog

    return SqliteChangelog(path)


def back_up_changelog(path: Path, to: Path) -> None:
    """Write a copy of the changelog in that file, as of one moment, to a new file."""
    from sordiff.store.backup import back_up

    back_up(path, to)
