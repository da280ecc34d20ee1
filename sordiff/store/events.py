"""The events and adoptions of the changelog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.changelog.recording import Events
from sordiff.replay import Adoption
from sordiff.wire import (
    CloudEvent,
    build_schema_id,
    build_type,
    decode,
    encode_canonically,
    pad_sequence,
)

if TYPE_CHECKING:
    from sordiff.changelog.records import EventQuery
    from sordiff.events import Event


class SqliteEvents(Events):
    """Events in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record_adoptions(self, run_id: int, adoptions: Iterable[Adoption]) -> None:
        self._connection.executemany(
            'INSERT INTO adoptions (run_id, "order", subject, path, before, after)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    run_id,
                    order,
                    adoption.subject,
                    adoption.path,
                    _json_or_null(adoption.before),
                    _json_or_null(adoption.after),
                )
                for order, adoption in enumerate(adoptions, start=1)
            ),
        )

    def select(self, wanted: EventQuery) -> Iterator[CloudEvent]:
        span = None if wanted.run is None else self._sequences_of(wanted.run)
        unsequenced = wanted.run is not None and span is None
        conditions = _conditions(wanted, span)
        order = 'events."order"' if unsequenced else "events.sequence"
        query = (
            "SELECT events.id, source, type, subject, created_at, sequence,"  # noqa: S608
            " CAST(data AS BLOB)"
            f" FROM events {_index(wanted, unsequenced=unsequenced)}"
            " CROSS JOIN runs CROSS JOIN snapshots"
            " WHERE runs.id = events.run_id AND snapshots.id = runs.snapshot_id"
            f" AND {' AND '.join(condition for condition, _ in conditions)}"
            f" ORDER BY {order} LIMIT ?"
        )
        parameters = [value for _, value in conditions]
        parameters.append(-1 if wanted.limit is None else wanted.limit)
        for row in self._connection.execute(query, parameters):
            event_id, source, name, about, created_at, sequence, data = row
            type_, schema = _name_type(name)
            yield CloudEvent(
                id=event_id,
                source=source,
                type=type_,
                subject=about,
                time=created_at,
                dataschema=schema,
                sequence=msgspec.UNSET if sequence is None else pad_sequence(sequence),
                partitionkey=about,
                data=msgspec.Raw(data),
            )

    def _sequences_of(self, run_id: int) -> tuple[int, int] | None:
        """The first and the last sequence of a run; None where its events have none."""
        query = "SELECT first_sequence, last_sequence FROM runs WHERE id = ?"
        row = self._connection.execute(query, [run_id]).fetchone()
        return None if row is None or row[0] is None else (int(row[0]), int(row[1]))

    def read(self, run_id: int) -> tuple[list[Event], list[bytes]]:
        rows = self._connection.execute(
            'SELECT type, subject, data FROM events WHERE run_id = ? ORDER BY "order"', [run_id]
        ).fetchall()
        events = [decode(name, subject, data) for name, subject, data in rows]
        return events, [data.encode() for _, _, data in rows]

    def read_adoptions(self, run_id: int) -> list[Adoption]:
        rows = self._connection.execute(
            'SELECT subject, path, before, after FROM adoptions WHERE run_id = ? ORDER BY "order"',
            [run_id],
        )
        return [
            Adoption(subject=subject, path=path, before=_value(before), after=_value(after))
            for subject, path, before, after in rows
        ]

    def iterate_rows(self, run_id: int) -> Iterator[tuple[str, str, str, int, bytes]]:
        return self._connection.execute(
            "SELECT id, type, subject, sequence, CAST(data AS BLOB) FROM events"
            ' WHERE run_id = ? ORDER BY "order"',
            [run_id],
        )


@cache
def _name_type(name: str) -> tuple[str, str]:
    """The type and the schema of the events of this name."""
    return build_type(name), build_schema_id(name)


def _json_or_null(value: Any) -> str | None:
    return None if value is None else encode_canonically(value).decode()


def _conditions(wanted: EventQuery, span: tuple[int, int] | None) -> list[tuple[str, str | int]]:
    """What selects the events; an accepted run is the span of its sequences."""
    conditions: list[tuple[str, str | int]] = []
    if span is not None:
        conditions.append(("events.sequence > ?", max(wanted.since, span[0] - 1)))
        conditions.append(("events.sequence <= ?", span[1]))
    elif wanted.run is not None:
        conditions.append(("events.run_id = ?", wanted.run))
    else:
        conditions.append(("events.sequence > ?", wanted.since))
    if wanted.event_type is not None:
        unsequenced = "events.sequence IS NULL AND " if wanted.run and span is None else ""
        conditions.append((f"{unsequenced}events.type = ?", wanted.event_type))
    if wanted.subject is not None:
        conditions.append(("events.subject = ?", wanted.subject))
    if wanted.published:
        which = "max(runs.publish,runs.history)" if wanted.histories else "runs.publish"
        conditions.append((f"{which} = ?", 1))
    return conditions


def _index(wanted: EventQuery, *, unsequenced: bool) -> str:
    """The index to look them up by: the planner can't know that a subject has but a few events."""
    if wanted.subject is not None:
        return "INDEXED BY events_by_subject"
    if wanted.event_type is None:
        return ""
    return f"INDEXED BY {'events_unsequenced' if unsequenced else 'events_by_type'}"


def _value(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
