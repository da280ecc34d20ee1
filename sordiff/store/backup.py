"""A whole copy of a changelog, as of one moment, while others may write."""

import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from sordiff.errors import ChangelogFailed
from sordiff.store.recognised import is_changelog
from sordiff.store.soundness import build_damaged_changelog, find_damage
from sordiff.sync import sync_path


def back_up(path: Path, to: Path) -> None:
    """Copy a changelog to a new file, which is there whole or not at all.

    ChangelogFailed where there is a file already, or the changelog is damaged.
    """
    if to.exists():
        message = f"There is a file {to} already."
        raise ChangelogFailed(message, advice="Name a new file; nothing was written.")
    if is_changelog(path) and (reason := find_damage(path)):
        raise build_damaged_changelog(path, reason)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        copy_to(connection, to)


def copy_to(connection: sqlite3.Connection, to: Path) -> None:
    """Write what a connection sees at this moment to a file, in place of what is there."""
    part = to.with_name(f".{to.name}.part")
    try:
        part.unlink(missing_ok=True)
        # Nobody may read the copy who may not read the changelog.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _find_mode(connection)))
        with closing(sqlite3.connect(part)) as copy:
            # In one step: what others write meanwhile is not seen, and nobody waits.
            connection.backup(copy)
            # As a file of its own it needs no log.
            copy.execute("PRAGMA journal_mode = DELETE")
        sync_path(part)
        part.replace(to)
        sync_path(to.absolute().parent)
    except (OSError, sqlite3.Error) as error:
        message = f"The copy {to} could not be written: {error}."
        raise ChangelogFailed(message, advice="Make room, and call again.") from error
    finally:
        with suppress(OSError):  # the next copy takes its place
            part.unlink(missing_ok=True)


def _find_mode(connection: sqlite3.Connection) -> int:
    """The rights of the file that is copied."""
    (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
    return stat.S_IMODE(Path(path).stat().st_mode)
