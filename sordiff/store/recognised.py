"""Which file is a changelog, told before anything is opened that could write to it.

A changelog carries the application id of sordiff in the header of its file. One that an older
sordiff wrote has none, and is known by its tables.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sordiff.errors import ChangelogFailed

# The letters SORD.
APPLICATION_ID: Final = 0x534F5244
_TABLES: Final = ("adoptions", "events", "known_units", "runs", "snapshots")
_ADVICE: Final = "It was left as it is; name another file with --db."


def is_changelog(path: Path) -> bool:
    """Whether there is a changelog; False where there is nothing, or a file of no bytes.

    A file of anybody else raises ChangelogFailed. What can't be judged is left to its opening.
    """
    try:
        if path.stat().st_size == 0:
            return False
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        message = f"{path} can't be read: {error}."
        raise ChangelogFailed(message, advice="Check the file.") from error
    try:
        # As unchanging: nothing is locked, and nothing is made beside the file.
        application, names = _look(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
        if not application and not names and find_log(path).exists():
            application, names = _look(f"{path.absolute().as_uri()}?mode=ro")
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            message = f"{path} is no changelog: it does not begin as a SQLite database does."
            raise ChangelogFailed(message, advice=_ADVICE) from error
        return True
    if application == APPLICATION_ID or (not application and names.issuperset(_TABLES)):
        return True
    if not names:
        message = f"{path} is no changelog: it is a SQLite database without tables."
        raise ChangelogFailed(message, advice=_ADVICE)
    raise ChangelogFailed(f"{path} is the database of another program.", advice=_ADVICE)


def find_log(path: Path) -> Path:
    """SQLite's log of a database; it lies beside the file itself, not beside a link to it."""
    real = path.resolve()
    return real.with_name(f"{real.name}-wal")


def find_journal(path: Path) -> Path:
    """What SQLite needs to undo the first night of a changelog; it lies where the log will."""
    real = path.resolve()
    return real.with_name(f"{real.name}-journal")


def demand_one_name(path: Path) -> None:
    """Raise ChangelogFailed where hard links give the file several names.

    SQLite keeps the log and the locks of a database by its name, so that two who write under two
    names do not see each other.
    """
    if path.is_file() and path.stat().st_nlink > 1:
        message = f"{path} has another name, by a hard link, under which others could write to it."
        raise ChangelogFailed(message, advice="Remove the link, or make a copy and use that.")


def _look(uri: str) -> tuple[int, frozenset[str]]:
    """The application id, and the names of the tables where it is not ours.

    To name them SQLite reads the whole schema, which takes as long as all else of an opening.
    """
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application == APPLICATION_ID:
            return APPLICATION_ID, frozenset()
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return int(application), frozenset(name for (name,) in rows)
