"""The locks beside a changelog: one writer, one publisher a sink; readers take none.

A lock is held by the open file, not by its presence: when the process dies, however it dies, the
system lets go of it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sordiff.errors import ChangelogFailed, Locked


@contextmanager
def locked(database: Path, role: str, part: str = "") -> Iterator[None]:
    """Hold the lock of that role while the block runs; raise Locked where another holds it.

    `part` is for a role that several may have at once, each for another part.
    """
    path = database.with_name(f"{database.name}.{role}{part}.lock")
    try:
        lock = path.open("w")
    except OSError as error:
        message = f"The lock file {path} can't be opened: {error.strerror}."
        advice = "The folder of the database must exist and be writable."
        raise ChangelogFailed(message, advice=advice) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Another sordiff is at work on {database} (it holds the {role} lock)."
            raise Locked(message, advice="Wait until it has ended and try again.") from error
        yield
