"""Whether the file of a changelog is whole: by what SQLite finds, and by what must agree in it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sordiff.errors import ChangelogFailed
from sordiff.store.recognised import find_log

# The low byte of SQLite's code says what went wrong, the others where.
_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# The events and the runs are pages apart, and written together.
_AGREE: Final = (
    "SELECT (SELECT max(sequence) FROM events) IS (SELECT max(last_sequence) FROM runs)"
    " AND (SELECT count(*) FROM runs) IS (SELECT coalesce(max(id), 0) FROM runs)"
)
_SHORT: Final = "its end is missing"
_TORN: Final = "its events and its runs do not belong together"


def has_log(path: Path) -> bool:
    """Whether a log lies beside the file: somebody is at work on it, or a call was killed."""
    try:
        return find_log(path).stat().st_size > 0
    except FileNotFoundError:  # SQLite removes it when the last one leaves, at any moment
        return False


def demand_soundness(connection: sqlite3.Connection, path: Path, *, log: bool) -> None:
    """Raise ChangelogFailed where the changelog is damaged.

    `log`: SQLite's log lay beside the file, as after a crash, or beside another file than its own;
    only then all pages are looked at, since that takes seconds for a large changelog.
    """
    reason = _find_damage(connection, thoroughly=log)
    if not reason and not log and _is_short(connection, path):
        reason = _SHORT
    if reason:
        raise build_damaged_changelog(path, reason)


def _is_short(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the end of the file is missing; SQLite takes half a page for a whole one."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    # Beside a log, which somebody may have begun just now, the file may lag behind. It is asked for
    # first: where there is none, or none any more, the file has all of it, and never gets shorter.
    return not has_log(path) and path.stat().st_size < pages * size


def find_damage(path: Path) -> str:
    """What is damaged, in SQLite's words; empty where nothing is."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return _find_damage(connection, thoroughly=True)
    except sqlite3.Error as error:
        return str(error) if is_damage(error) else ""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is damaged."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def build_damaged_changelog(path: Path, reason: str) -> ChangelogFailed:
    """What is said of a damaged changelog by every command."""
    message = f"The changelog {path} is damaged: {reason}."
    advice = "Restore a backup, and remove the files -wal, -shm and -journal beside it first."
    return ChangelogFailed(message, advice=advice)


def _find_damage(connection: sqlite3.Connection, *, thoroughly: bool) -> str:
    if thoroughly:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            return str(found).rpartition("\n")[2]
    has_runs = "SELECT count(*) FROM sqlite_master WHERE name IN ('runs', 'events')"
    if connection.execute(has_runs).fetchone()[0] < 2:  # noqa: PLR2004  # both tables
        return ""
    return "" if connection.execute(_AGREE).fetchone()[0] else _TORN
