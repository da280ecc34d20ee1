"""A passing copy of the changelog, taken back to an earlier run: so that the same views answer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from sordiff.errors import SordiffError
from sordiff.model import SorId
from sordiff.replay import ROOT
from sordiff.store.conditions import ACCEPTED
from sordiff.store.register_at import SqlitePastRegister
from sordiff.store.state import SqliteAcceptedState
from sordiff.wire import encode_canonically

_AT_A_TIME: Final = 1000
# What later accepted runs tell of, by their events and without one.
_CONCERNED: Final = """
SELECT texts.unit_id FROM events JOIN event_texts AS texts USING (run_id, "order")
    WHERE sequence > :sequence
UNION SELECT texts.before_unit_id FROM events JOIN event_texts AS texts USING (run_id, "order")
    WHERE sequence > :sequence
UNION SELECT texts.after_unit_id FROM events JOIN event_texts AS texts USING (run_id, "order")
    WHERE sequence > :sequence
UNION SELECT subject FROM adoptions WHERE run_id > :run AND subject NOT LIKE '%/%'
"""
_ENTRIES: Final = """
SELECT subject FROM events WHERE sequence > :sequence AND subject LIKE '%/%'
UNION SELECT subject FROM adoptions WHERE run_id > :run AND subject LIKE '%/%'
"""
_FORGET: Final = (
    "DELETE FROM location_number_owners WHERE first_run > :run",
    (
        "UPDATE location_number_owners SET released = NULL, released_run = NULL"
        " WHERE released_run > :run"
    ),
    "DELETE FROM known_units WHERE first_run > :run",
    f"UPDATE runs SET state = 'superseded' WHERE id > :run AND {ACCEPTED}",  # noqa: S608  # ours
)


@contextmanager
def open_taken_back(connection: Connection, run_id: int) -> Iterator[Connection]:
    """A copy whose state and views are as they were after that accepted run.

    It lies in the folder for temporary files, and is as large as the changelog.
    """
    from tempfile import TemporaryDirectory  # imported late: hardly any call needs it

    with TemporaryDirectory(prefix="sordiff-") as folder, _told_when_full(Path(folder)):
        path = Path(folder, "changelog")
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            copy.execute("BEGIN")
            _take_back(connection, copy, run_id)
            copy.execute("COMMIT")
            yield copy


@contextmanager
def _told_when_full(folder: Path) -> Iterator[None]:
    """Only the copy is written to, so that what is full is where it lies."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}:
            raise
        message = f"The copy of the changelog could not be written to {folder.parent}: {error}."
        raise SordiffError(message, advice="Make room (TMPDIR), and call again.") from error


def _take_back(connection: Connection, copy: Connection, run_id: int) -> None:
    query = f"SELECT coalesce(max(last_sequence), 0) FROM runs WHERE {ACCEPTED} AND id <= ?"  # noqa: S608  # ours
    (sequence,) = connection.execute(query, [run_id]).fetchone()
    since = {"run": run_id, "sequence": sequence}
    found = {unit_id for (unit_id,) in connection.execute(_CONCERNED, since)} - {None, ROOT}
    concerned, state = sorted(map(SorId, found)), SqliteAcceptedState(copy)
    for start in range(0, len(concerned), _AT_A_TIME):
        some = concerned[start : start + _AT_A_TIME]
        # Each keeps what it was asked for.
        units = SqlitePastRegister(connection, run_id).units(some)
        state.write_units(units.values(), set(some) - units.keys())
    past = SqlitePastRegister(connection, run_id)
    for (subject,) in connection.execute(_ENTRIES, since):
        _write_entry(copy, past, subject)
    for statement in _FORGET:
        copy.execute(statement, {"run": run_id})


def _write_entry(copy: Connection, past: SqlitePastRegister, subject: str) -> None:
    name, _, code = subject.partition("/")
    copy.execute("DELETE FROM classification_entries WHERE list = ? AND code = ?", [name, code])
    entry = past.entry(name, code)
    if entry is not None:
        attributes = encode_canonically(entry.attributes).decode()
        copy.execute(
            "INSERT INTO classification_entries (list, code, text, attributes) VALUES (?, ?, ?, ?)",
            [name, code, entry.text, attributes],
        )
