"""The locks beside a changelog: one writer, one publisher a sink; readers take none.

A lock is held by the open file, not by its presence: when the process dies, however it dies, the
system lets go of it. It belongs to the file itself, by whatever path that was named.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sordiff.errors import ChangelogFailed, Locked


@contextmanager
def hold_lock(database: Path, role: str, part: str = "") -> Iterator[None]:
    """Hold the lock of that role while the block runs; raise Locked where another holds it.

    `part` is for a role that several may have at once, each for another part.
    """
    real = database.resolve()
    path = real.with_name(f"{real.name}.{role}{part}.lock")
    lock = _open(path)
    while not _hold(lock, database, path, role):
        lock.close()
        lock = _open(path)
    with lock:
        yield


def _open(path: Path) -> IO[str]:
    try:
        return path.open("w")
    except OSError as error:
        message = f"The lock file {path} can't be opened: {error.strerror}."
        advice = "The folder of the database must exist and be writable."
        raise ChangelogFailed(message, advice=advice) from error


def _hold(lock: IO[str], database: Path, path: Path, role: str) -> bool:
    """Take the lock; False where the file was removed meanwhile, so that it would keep nobody out.

    Who removes it later lets another in; that one finds out in the transaction that records.
    """
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        there, here = path.stat(), os.fstat(lock.fileno())
    except BlockingIOError as error:
        lock.close()
        message = f"Another sordiff is at work on {database} (it holds the {role} lock)."
        raise Locked(message, advice="Wait until it has ended and try again.") from error
    except FileNotFoundError:
        return False
    except OSError as error:
        lock.close()
        message = f"The lock file {path} can't be locked: {error.strerror}."
        advice = "Keep the database on a disk of this machine, or on a share with locks."
        raise ChangelogFailed(message, advice=advice) from error
    return (there.st_ino, there.st_dev) == (here.st_ino, here.st_dev)
