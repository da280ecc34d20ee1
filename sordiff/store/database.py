"""Opening the changelog: pragmas, migrations and transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from sordiff.errors import ChangelogFailed, ChangelogMissing
from sordiff.store.backup import copy_to
from sordiff.store.migrations import MIGRATIONS
from sordiff.store.newest_schema import read_newest_schema
from sordiff.store.recognised import APPLICATION_ID, find_journal, find_log, is_changelog
from sordiff.store.soundness import demand_soundness, has_log
from sordiff.store.told_errors import AT_COMMIT, TO_READ, translate_errors

_BUSY_SECONDS: Final = 30
# A unit's record then fits into its page; what does not takes a page of its own.
_PAGE_SIZE: Final = 8192
# Sixteen times as much saved no time, neither in a first night nor with 60,000 new units; nights of
# a history change the same pages again.
_CACHE_KIB: Final = 2_048
_CACHE_KIB_OF_MANY: Final = 65_536
# The log may become so long, 128 MiB, before it is copied: nights that follow each other in one
# history change the same pages. Whoever ends empties it.
_LOG_PAGES: Final = 16_384
_PATIENT_SECONDS: Final = 3600
_READERS_SECONDS: Final = 2


@contextmanager
def open_to_write(path: Path, *, safely: bool = True) -> Iterator[sqlite3.Connection]:
    """The changelog, made where it is missing, and brought to the newest schema.

    Not `safely`, a transaction does not wait until it is on the disk.
    """
    is_changelog(path)  # refuses the file of anybody else
    log = has_log(path)
    with translate_errors(path), _connected(f"{path.absolute().as_uri()}?mode=rwc") as connection:
        is_new = _is_empty(connection)
        if is_new:
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            # Before all else, so that a call killed here leaves a file that is known as ours.
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        demand_soundness(connection, path, log=log)
        if not is_new:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA synchronous = {'FULL' if safely else 'OFF'}")
        connection.execute("PRAGMA foreign_keys = ON")
        _keep_older(connection, path)
        _migrate(connection, path)
        # A worker process may fill the folder of temporary files while this one records.
        connection.execute("PRAGMA temp_store = MEMORY")
        yield connection
        _begin_log(connection)
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
    with _at_once(connection):
        yield
    _begin_log(connection)


@contextmanager
def _at_once(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    # What belongs to a run may be written before the run is known whole; at the end it must be.
    connection.execute("PRAGMA defer_foreign_keys = ON")
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
            error.add_note(AT_COMMIT)
        raise


@contextmanager
def wait_at_the_end(connection: sqlite3.Connection) -> Iterator[None]:
    """Transactions do not wait until they are on the disk; when the block ends, all of them are."""
    _begin_log(connection)  # without which it would not be sound where the power fails
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


def _begin_log(connection: sqlite3.Connection) -> None:
    """From now on what is written goes into a log first, beside which others read.

    The first night of a new changelog goes into its file itself: to write a whole register into a
    log and copy it from there would take a tenth of that night. What fails here is done by the next
    call.
    """
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal == "delete":
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA journal_mode = WAL")


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
    at_rest = not find_log(path).exists() and not find_journal(path).exists()
    still = at_rest and not os.access(path.resolve().parent, os.W_OK)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


@contextmanager
def _connected(uri: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


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
    with _at_once(connection):
        for script in [read_newest_schema()] if version == 0 else MIGRATIONS[version:]:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever written, or all of it was undone just now: a killed call left it."""
    return not connection.execute("PRAGMA page_count").fetchone()[0]


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _demand(path: Path) -> None:
    if not is_changelog(path):
        raise _missing(path)


def _missing(path: Path) -> ChangelogMissing:
    message = f"There is no changelog at {path}."
    return ChangelogMissing(message, advice="`sordiff ingest` makes one; name another with --db.")


def _too_new(path: Path) -> ChangelogFailed:
    message = f"{path} was written by a newer sordiff."
    return ChangelogFailed(message, advice="Install the newest sordiff.")
