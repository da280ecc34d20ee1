"""What a report reads of the changelog: events of runs, units as they stood, nights, closings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache
from sqlite3 import Connection
from typing import TYPE_CHECKING, Final

import msgspec

from sordiff.changelog.queries import ReportQueries
from sordiff.events import EVENT_TYPES, AnyEventData, Event, UnitRemoved, find_event_name
from sordiff.report import Change, Night, RaisedAlert, RecordedRun
from sordiff.report.change_from_event import RecordedEvent, change_from_event
from sordiff.report.change_from_record import find_change_builder
from sordiff.store.alerts import SqliteAlerts
from sordiff.store.counts import SqliteCounts
from sordiff.store.runs import SqliteRuns

if TYPE_CHECKING:
    from sordiff.model import Day, SorId, Unit

_REMOVED: Final = msgspec.json.Decoder(UnitRemoved)
# The data as bytes: of a text Python would make characters, and msgspec bytes of these again.
_EVENTS_OF_RUN: Final = (
    'SELECT type, subject, CAST(data AS BLOB) FROM events WHERE run_id = ? ORDER BY "order"'
)
_HELD_ONCE: Final = frozenset({"held", "released", "rejected", "superseded"})


class SqliteReportQueries(ReportQueries):
    """ReportQueries in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read_changes(
        self, runs: Iterable[RecordedRun], whole: Container[str]
    ) -> tuple[list[Change], list[RecordedEvent]]:
        changes: list[Change] = []
        events: list[RecordedEvent] = []
        builders = {
            name: None if name in whole else find_change_builder(name) for name in EVENT_TYPES
        }
        for run in runs:
            number, day = run.id, run.header.snapshot_date
            for name, subject, data in self._connection.execute(_EVENTS_OF_RUN, [number]):
                build = builders[name]
                if build is None:
                    event = Event(subject=subject, data=_find_decoder(name).decode(data))
                    events.append(RecordedEvent(run=number, day=day, event=event))
                    changes.append(change_from_event(events[-1]))
                else:
                    changes.append(build(subject, data, number, day))
        return changes, events

    def list_subjects(self, runs: Sequence[RecordedRun]) -> list[str]:
        first = [run.first_sequence for run in runs if run.first_sequence is not None]
        last = [run.last_sequence for run in runs if run.last_sequence is not None]
        if not first or not last:
            return []
        # By the index alone: the rows of events are a hundred times as large.
        rows = self._connection.execute(
            "SELECT DISTINCT subject FROM events INDEXED BY events_by_subject"
            " WHERE sequence BETWEEN ? AND ?",
            [min(first), max(last)],
        )
        return [subject for (subject,) in rows]

    def list_alerts(self, runs: Iterable[RecordedRun]) -> list[RaisedAlert]:
        found = []
        for run in runs:
            rows = self._connection.execute(
                'SELECT resolved_by FROM alerts WHERE run_id = ? ORDER BY "order"', [run.id]
            ).fetchall()
            found += [
                RaisedAlert(
                    run=run.id, day=run.header.snapshot_date, alert=alert, resolved_by=resolved_by
                )
                for alert, (resolved_by,) in zip(
                    SqliteAlerts(self._connection).read(run.id), rows, strict=True
                )
            ]
        return found

    def list_nights(self, day: Day, until_run: int) -> list[Night]:
        query = (
            "SELECT DISTINCT run_id FROM alerts"
            " WHERE severity = 'critical' OR code LIKE 'unusual.%' OR code LIKE 'quiet.%'"
        )
        warned = {run_id for (run_id,) in self._connection.execute(query)}
        return [
            Night(
                run=run.id,
                day=run.header.snapshot_date,
                kind=run.kind,
                state=run.state,
                units=run.units,
                nights_missing=run.nights_missing,
                counts=_of_events(SqliteCounts(self._connection).read(run.id)),
                held=run.state in _HELD_ONCE or run.exceptional,
                unusual=run.id in warned,
            )
            for run in SqliteRuns(self._connection).list_since(day, until_run)
            if run.corrected_by is None
        ]

    def list_first_lists(self, runs: Iterable[RecordedRun]) -> tuple[str, ...]:
        query = (
            "SELECT DISTINCT substr(subject, 1, instr(subject, '/') - 1) FROM adoptions"
            " WHERE run_id = ? AND path = '' AND before IS NULL AND instr(subject, '/')"
        )
        nights = (run for run in runs if run.kind in {"night", "reissue"})
        return tuple(
            sorted(
                {name for run in nights for (name,) in self._connection.execute(query, [run.id])}
            )
        )

    def list_closings(self, day: Day) -> Sequence[tuple[Day, SorId]]:
        query = 'SELECT "to", sor_id FROM units WHERE "to" >= ? ORDER BY "to", sor_id'
        return self._connection.execute(query, [day]).fetchall()

    def read_texts(self, serves: str) -> dict[str, str]:
        rows = self._connection.execute(
            "SELECT code, text FROM classification_entries JOIN classifications USING (list)"
            " WHERE serves = ? AND text IS NOT NULL ORDER BY list DESC",
            [serves],
        )
        return dict(rows.fetchall())

    def read_lists_serving(self) -> dict[str, str | None]:
        return dict(
            self._connection.execute("SELECT list, serves FROM classifications ORDER BY list")
        )

    def find_last_record(self, sor_id: SorId, until_run: int) -> Unit | None:
        row = self._connection.execute(
            "SELECT data FROM events INDEXED BY events_by_subject"
            " WHERE subject = ? AND type = ? AND run_id <= ?"
            " ORDER BY run_id DESC LIMIT 1",
            [sor_id, find_event_name(UnitRemoved), until_run],
        ).fetchone()
        return None if row is None else _REMOVED.decode(row[0]).before


@cache
def _find_decoder(name: str) -> msgspec.json.Decoder[AnyEventData]:
    return msgspec.json.Decoder(EVENT_TYPES[name])


def _of_events(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts by event name; what the rules derived of them is theirs."""
    return {name: counts[name] for name in EVENT_TYPES if counts.get(name)}
