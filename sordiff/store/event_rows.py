"""The events of a run as rows, and rows that another process has prepared, without sequences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from sordiff.store.plain_columns import INSERT_EVENT_TEXTS, TEXT_COLUMNS
from sordiff.store.prepared import PREPARED, attach_each, prepare_rows

if TYPE_CHECKING:
    import sqlite3

    from sordiff.changelog.records import EncodedEvent, PreparedEvents

_INTO: Final = 'INSERT INTO events (run_id, "order", sequence, id, type, subject, data)'
# Data that is not ASCII would be encoded anew as a text.
_INSERT: Final = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT))"
# The units are named by what makes the texts, and never asked: the events say the names.
_MAKE: Final = f"""
CREATE TABLE units (sor_id, name);
CREATE TABLE events (run_id, "order" INTEGER PRIMARY KEY, sequence, id, type, subject, data);
CREATE TABLE event_texts ({TEXT_COLUMNS});
"""
_COPY: Final = (
    f'{_INTO} SELECT run_id, "order", ? + "order", id, type, subject, data FROM {PREPARED}.events'  # noqa: S608  # ours
)
_COPY_TEXTS: Final = (
    f"INSERT INTO event_texts ({TEXT_COLUMNS}) SELECT {TEXT_COLUMNS} FROM {PREPARED}.event_texts"  # noqa: S608  # ours
)


def insert_events(
    connection: sqlite3.Connection,
    run_id: int,
    first_sequence: int | None,
    events: Sequence[EncodedEvent],
) -> None:
    """Write the events of a run, which get sequences from the first one on, or none."""
    connection.executemany(_INSERT, _build_rows(run_id, 0, first_sequence, events))
    connection.execute(f"{INSERT_EVENT_TEXTS} WHERE event.run_id = ?", [run_id])


def _build_rows(
    run_id: int, before: int, first_sequence: int | None, events: Sequence[EncodedEvent]
) -> Iterator[tuple[Any, ...]]:
    for place, event in enumerate(events, start=before):
        sequence = None if first_sequence is None else first_sequence + place
        yield run_id, place + 1, sequence, event.id, event.name, event.subject, event.data


def prepare_events(run_id: int, before: int, events: Sequence[EncodedEvent]) -> bytes:
    """The rows of some events, of which so many of the run come before."""

    def fill(aside: sqlite3.Connection) -> None:
        aside.executemany(_INSERT, _build_rows(run_id, before, None, events))
        aside.execute(INSERT_EVENT_TEXTS)

    return prepare_rows(_MAKE, fill)


def insert_prepared(
    connection: sqlite3.Connection, first_sequence: int | None, events: PreparedEvents
) -> None:
    """Write the events of a run that `prepare_events` made."""
    before = None if first_sequence is None else first_sequence - 1
    for _ in attach_each(connection, events.parts):
        connection.execute(_COPY, [before])
        connection.execute(_COPY_TEXTS)
