"""Opening the changelog: pragmas, migrations, transactions, and what SQLite's errors mean."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from sordiff.errors import ChangelogFailed, ChangelogMissing
from sordiff.store.backup import copy_to
from sordiff.store.migrations import MIGRATIONS
from sordiff.store.newest_schema import read_newest_schema
from sordiff.store.recognised import APPLICATION_ID, find_log, is_changelog
from sordiff.store.soundness import (
    build_damaged_changelog,
    demand_soundness,
    find_damage,
    has_log,
    is_damage,
)

_BUSY_SECONDS: Final = 30
# A unit's record then fits into its page; what does not takes a page of its own.
_PAGE_SIZE: Final = 8192
# Sixteen times as much saved no time, neither in a first night nor with 60,000 new units; nights of
# a history change the same pages again.
_CACHE_KIB: Final = 4_096
_CACHE_KIB_OF_MANY: Final = 65_536
# The log may become so long, 128 MiB, before it is copied: nights that follow each other in one
# history change the same pages. Whoever ends empties it.
_LOG_PAGES: Final = 16_384
_PATIENT_SECONDS: Final = 3600
_READERS_SECONDS: Final = 2
# What came before within the same call may be recorded: nights, or marks of what went out.
_TO_WRITE: Final = "Nothing of the running step was recorded; see to it and call again."
# Where the disk refuses to say that it has the end of a transaction, it may have it all the same:
# what is left in the log counts, or does not, when the changelog is opened again.
_TO_COMMIT: Final = (
    "Whether the running step was recorded shows when it is opened again: see to it and call again,"
    " nothing is recorded twice."
)
_COMMIT: Final = "commit"
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
def open_to_write(path: Path, *, safely: bool = True) -> Iterator[sqlite3.Connection]:
    """The changelog, made where it is missing, and brought to the newest schema.

    Not `safely`, a transaction does not wait until it is on the disk.
    """
    known, log = is_changelog(path), has_log(path)
    with translate_errors(path), _connected(f"{path.absolute().as_uri()}?mode=rwc") as connection:
        if not known:
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            # Before all else, so that a call killed here leaves a file that is known as ours.
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        demand_soundness(connection, path, log=log)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA synchronous = {'FULL' if safely else 'OFF'}")
        connection.execute("PRAGMA foreign_keys = ON")
        _keep_older(connection, path)
        _migrate(connection, path)
        yield connection
        _empty_log(connection)


@contextmanager
def open_to_read(path: Path, *, looked_at: bool = False) -> Iterator[sqlite3.Connection]:
    """An existing changelog; a reading command never creates one.

    `looked_at`: this process has it open to write, so that the log beside it is that of its own.
    """
    _demand(path)
    log = has_log(path) and not looked_at
    with (
        translate_errors(path, advice=TO_READ),
        _connected(_reading_uri(path)) as connection,
    ):
        demand_soundness(connection, path, log=log)
        demand_readable(connection, path)
        yield connection


def demand_readable(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a changelog of another schema than today's."""
    version = _version(connection)
    if version == 0:
        raise _missing(path)
    if version > len(MIGRATIONS):
        raise _too_new(path)
    if version < len(MIGRATIONS):
        message = f"{path} was written by an older sordiff."
        raise ChangelogFailed(message, advice="Run `sordiff ingest` once to bring it forward.")


def connect_to_read(path: Path, *, busy_seconds: float = _BUSY_SECONDS) -> sqlite3.Connection:
    """A connection to a changelog that was looked at before; one thread at a time may use it."""
    return sqlite3.connect(
        _reading_uri(path),
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )


def is_kept_open(path: Path) -> bool:
    """Whether a connection sees what is written after it was opened; see `_reading_uri`."""
    return "immutable" not in _reading_uri(path)


@contextmanager
def open_copy(path: Path) -> Iterator[sqlite3.Connection]:
    """The changelog as it is, copied into memory: whatever is written there is gone afterwards."""
    with translate_errors(path), closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        if is_changelog(path):
            log = has_log(path)
            with _connected(_reading_uri(path)) as connection:
                demand_soundness(connection, path, log=log)
                connection.backup(copy)
        copy.execute("PRAGMA foreign_keys = ON")
        _migrate(copy, path)
        yield copy


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: what the block writes is there whole when it ends, else not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:  # then the end is not written
            error.add_note(_COMMIT)
        raise


@contextmanager
def wait_at_the_end(connection: sqlite3.Connection) -> Iterator[None]:
    """Transactions do not wait until they are on the disk; when the block ends, all of them are."""
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB_OF_MANY}")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous = FULL")
        # Whatever is written now, all of the log waits for the disk with it.
        with transaction(connection):
            connection.execute(f"PRAGMA user_version = {_version(connection)}")


@contextmanager
def open_to_publish(path: Path) -> Iterator[sqlite3.Connection]:
    """An existing changelog, to read and to mark in; brought to the newest schema.

    A mark waits until a recording has ended, however long it takes.
    """
    _demand(path)
    with open_to_write(path) as connection:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENT_SECONDS * 1000}")
        yield connection


def _empty_log(connection: sqlite3.Connection) -> None:
    """Leave no log behind, also where somebody else keeps the changelog open.

    A log that lies there has everybody look at all pages: see `has_log`. And where somebody reads
    at each moment, as on a busy server, it would grow from night to night. Who reads just now is
    waited for a moment; what fails here is done by the next call: all of this one is on the disk.
    """
    with suppress(sqlite3.Error):
        connection.execute(f"PRAGMA busy_timeout = {_READERS_SECONDS * 1000}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def read_at_one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that the block reads is of one state, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _reading_uri(path: Path) -> str:
    """Read-only; a reader that may not write beside a changelog at rest takes it as unchanging.

    SQLite otherwise wants to make the files of its write-ahead log even to read.
    """
    at_rest = not find_log(path).exists()
    still = at_rest and not os.access(path.resolve().parent, os.W_OK)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


@contextmanager
def _connected(uri: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def translate_errors(path: Path, *, advice: str = _TO_WRITE) -> Iterator[None]:
    """What SQLite says against a changelog as an error of ours; `advice`: what to do next."""
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise build_damaged_changelog(path, str(error)) from error
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK:
            raise _half_written(path) from error
        message = f"The changelog {path} failed: {error}."
        if _COMMIT in getattr(error, "__notes__", ()):
            advice = _TO_COMMIT
        elif getattr(error, "sqlite_errorcode", 0) in _NO_ROOM:
            advice = _WITH_ROOM.get(advice, advice)
        raise ChangelogFailed(message, advice=advice) from error
    except msgspec.MsgspecError as error:
        # What sordiff wrote it can read: somebody else has written there.
        raise build_damaged_changelog(path, f"a record in it can't be read ({error})") from error
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        if path.is_file() and (reason := find_damage(path)):
            raise build_damaged_changelog(path, reason) from error
        raise


def _keep_older(connection: sqlite3.Connection, path: Path) -> None:
    """Before an older changelog is brought forward: a copy of it as it is, beside it."""
    version = _version(connection)
    if 0 < version < len(MIGRATIONS):
        real = path.resolve()
        copy_to(connection, real.with_name(f"{real.name}.step-{version}"))


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Make the newest schema at once; of an older one, take each step that is missing.

    All of them are one transaction: one that fails half-way leaves the schema that it found, and
    needs no further copy of it.
    """
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise _too_new(path)
    if version == len(MIGRATIONS):
        return
    with transaction(connection):
        for script in [read_newest_schema()] if version == 0 else MIGRATIONS[version:]:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _demand(path: Path) -> None:
    if not is_changelog(path):
        raise _missing(path)


def _missing(path: Path) -> ChangelogMissing:
    message = f"There is no changelog at {path}."
    return ChangelogMissing(message, advice="`sordiff ingest` makes one; name another with --db.")


def _half_written(path: Path) -> ChangelogFailed:
    """Whoever only reads can't undo what a killed call left, as its first file."""
    message = f"The changelog {path} was left half written by a call that was stopped."
    advice = "Any call that writes puts it in order: give `sordiff ingest` the snapshot again."
    return ChangelogFailed(message, advice=advice)


def _too_new(path: Path) -> ChangelogFailed:
    message = f"{path} was written by a newer sordiff."
    return ChangelogFailed(message, advice="Install the newest sordiff.")
