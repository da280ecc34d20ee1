"""The events of a run as rows, and rows that another process has prepared.

What is prepared is a small database of SQLite with the same rows, but for their sequences: copying
them takes less than half of the time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from sordiff.store.plain_columns import INSERT_EVENT_TEXTS, TEXT_COLUMNS

if TYPE_CHECKING:
    from sordiff.changelog.records import EncodedEvent, PreparedEvents

_INTO: Final = 'INSERT INTO events (run_id, "order", sequence, id, type, subject, data)'
# Data that is not ASCII would be encoded anew as a text.
_INSERT: Final = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT))"
_ATTACHED: Final = "prepared"
# The units are named by what makes the texts, and never asked: the events say the names.
_MAKE: Final = f"""
PRAGMA page_size = 16384;
CREATE TABLE units (sor_id, name);
CREATE TABLE events (run_id, "order" INTEGER PRIMARY KEY, sequence, id, type, subject, data);
CREATE TABLE event_texts ({TEXT_COLUMNS});
"""
_COPY: Final = (
    f'{_INTO} SELECT run_id, "order", ? + "order", id, type, subject, data FROM {_ATTACHED}.events'  # noqa: S608  # ours
)
_COPY_TEXTS: Final = (
    f"INSERT INTO event_texts ({TEXT_COLUMNS}) SELECT {TEXT_COLUMNS} FROM {_ATTACHED}.event_texts"  # noqa: S608  # ours
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
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as aside:
        aside.executescript(_MAKE)
        aside.execute("BEGIN")
        aside.executemany(_INSERT, _build_rows(run_id, before, None, events))
        aside.execute(INSERT_EVENT_TEXTS)
        aside.execute("COMMIT")
        return aside.serialize()


def insert_prepared(
    connection: sqlite3.Connection, first_sequence: int | None, events: PreparedEvents
) -> None:
    """Write the events of a run that `prepare_events` made."""
    before = None if first_sequence is None else first_sequence - 1
    # It can't be detached before the transaction ends, and is there again for the next run.
    if _ATTACHED not in {name for _, name, _ in connection.execute("PRAGMA database_list")}:
        connection.execute(f"ATTACH ':memory:' AS {_ATTACHED}")
    for content in events.parts:
        connection.deserialize(content, name=_ATTACHED)
        connection.execute(_COPY, [before])
        connection.execute(_COPY_TEXTS)
    connection.deserialize(prepare_events(0, 0, ()), name=_ATTACHED)  # to give its memory back
