"""A whole copy of a changelog, as of one moment, while others may write."""

import sqlite3
from contextlib import closing
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
        part.unlink(missing_ok=True)
