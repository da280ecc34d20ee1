"""Which changelog a command works on: a SQLite file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sordiff.changelog import QueryableChangelog


def open_changelog(path: Path) -> "QueryableChangelog":
    """The changelog in that file; nothing is opened yet."""
    from sordiff.store.changelog import SqliteChangelog

    return SqliteChangelog(path)
