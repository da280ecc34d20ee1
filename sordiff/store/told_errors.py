"""What SQLite's errors mean, and what to do next."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from sordiff.errors import ChangelogFailed
from sordiff.store.recognised import find_journal
from sordiff.store.soundness import build_damaged_changelog, find_damage, is_damage

# What came before within the same call may be recorded: nights, or marks of what went out.
_TO_WRITE: Final = "Nothing of the running step was recorded; see to it and call again."
# Where the disk refuses to say that it has the end of a transaction, it may have it all the same:
# what is left in the log counts, or does not, when the changelog is opened again.
_TO_COMMIT: Final = (
    "Whether the running step was recorded shows when it is opened again: see to it and call again,"
    " nothing is recorded twice."
)
# A note on an error that came at the end of a transaction.
AT_COMMIT: Final = "commit"
# Whoever only reads may do so behind what was recorded.
TO_READ: Final = "See to it and call again."
# The second: its shared memory, a file beside it, found none.
_NO_ROOM: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
# What to do where a disk is full. Which one it is, SQLite does not say: it sorts, and builds
# indexes, in temporary files.
_WITH_ROOM: Final = {
    _TO_WRITE: (
        "Nothing of the running step was recorded. Make room where it lies and where temporary"
        " files lie (TMPDIR), and call again."
    ),
    TO_READ: "Make room where temporary files lie (TMPDIR), and call again.",
}


@contextmanager
def translate_errors(path: Path, *, advice: str = _TO_WRITE) -> Iterator[None]:
    """What SQLite says against a changelog as an error of ours; `advice`: what to do next."""
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise build_damaged_changelog(path, str(error)) from error
        code = getattr(error, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            raise _half_written(path) from error
        if code & 0xFF == sqlite3.SQLITE_BUSY and find_journal(path).exists():
            raise _begun_just_now(path) from error
        message = f"The changelog {path} failed: {error}."
        if AT_COMMIT in getattr(error, "__notes__", ()):
            advice = _TO_COMMIT
        elif code in _NO_ROOM:
            advice = _WITH_ROOM.get(advice, advice)
        raise ChangelogFailed(message, advice=advice) from error
    except msgspec.MsgspecError as error:
        # What sordiff wrote it can read: somebody else has written there.
        raise build_damaged_changelog(path, f"a record in it can't be read ({error})") from error
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        if path.is_file() and (reason := find_damage(path)):
            raise build_damaged_changelog(path, reason) from error
        raise


def _begun_just_now(path: Path) -> ChangelogFailed:
    """The first night goes into the file itself, so that nobody can read beside it."""
    message = f"The changelog {path} gets its first night just now."
    return ChangelogFailed(message, advice="Call again when that `sordiff ingest` has ended.")


def _half_written(path: Path) -> ChangelogFailed:
    """Whoever only reads can't undo what a killed call left, as its first file."""
    message = f"The changelog {path} was left half written by a call that was stopped."
    advice = "Any call that writes puts it in order: give `sordiff ingest` the snapshot again."
    return ChangelogFailed(message, advice=advice)
