"""What a report reads of the changelog: events of runs, units as they stood, nights, closings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Final

import msgspec

from sordiff.events import EVENT_TYPES, Event, UnitRemoved, name_of
from sordiff.model import Day, SorId, Unit
from sordiff.report import Night, RaisedAlert, RecordedRun
from sordiff.report.change_from_event import RecordedEvent
from sordiff.store.alerts import alerts_of_run
from sordiff.store.runs import counts_of, runs_since

_REMOVED: Final = msgspec.json.Decoder(UnitRemoved)
_HELD_ONCE: Final = frozenset({"held", "released", "rejected", "superseded"})


def steps_of(connection: Connection, runs: Iterable[RecordedRun]) -> Iterator[RecordedEvent]:
    """The events of these runs, in order."""
    decoders = {name: msgspec.json.Decoder(kind) for name, kind in EVENT_TYPES.items()}
    for run in runs:
        day = run.header.snapshot_date
        rows = connection.execute(
            'SELECT type, subject, data FROM events WHERE run_id = ? ORDER BY "order"', [run.id]
        )
        for name, subject, data in rows:
            event = Event(subject=subject, data=decoders[name].decode(data))
            yield RecordedEvent(run=run.id, day=day, event=event)


def alerts_raised(connection: Connection, runs: Iterable[RecordedRun]) -> list[RaisedAlert]:
    """The alerts of these runs, and what settled them."""
    found = []
    for run in runs:
        rows = connection.execute(
            'SELECT resolved_by FROM alerts WHERE run_id = ? ORDER BY "order"', [run.id]
        ).fetchall()
        found += [
            RaisedAlert(
                run=run.id, day=run.header.snapshot_date, alert=alert, resolved_by=resolved_by
            )
            for alert, (resolved_by,) in zip(alerts_of_run(connection, run.id), rows, strict=True)
        ]
    return found


def nights_since(connection: Connection, day: Day, until_run: int) -> list[Night]:
    """The runs of snapshots from that day on, in figures, up to a run."""
    query = (
        "SELECT DISTINCT run_id FROM alerts"
        " WHERE severity = 'critical' OR code LIKE 'unusual.%' OR code LIKE 'quiet.%'"
    )
    warned = {run_id for (run_id,) in connection.execute(query)}
    return [
        Night(
            run=run.id,
            day=run.header.snapshot_date,
            kind=run.kind,
            state=run.state,
            units=run.units,
            nights_missing=run.nights_missing,
            counts=_of_events(counts_of(connection, run.id)),
            held=run.state in _HELD_ONCE or run.exceptional,
            unusual=run.id in warned,
        )
        for run in runs_since(connection, day, until_run)
    ]


def _of_events(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts by event name; what the rules derived of them is theirs."""
    return {name: counts[name] for name in EVENT_TYPES if counts.get(name)}


def first_lists(connection: Connection, runs: Iterable[RecordedRun]) -> tuple[str, ...]:
    """The classifications that were seen for the first time in one of these runs."""
    query = (
        "SELECT DISTINCT substr(subject, 1, instr(subject, '/') - 1) FROM adoptions"
        " WHERE run_id = ? AND path = '' AND before IS NULL AND instr(subject, '/')"
    )
    nights = (run for run in runs if run.kind in {"night", "reissue"})
    return tuple(
        sorted({name for run in nights for (name,) in connection.execute(query, [run.id])})
    )


def closings_from(connection: Connection, day: Day) -> Sequence[tuple[Day, SorId]]:
    """The last valid days from that day on that the register now knows, with their units."""
    query = 'SELECT "to", sor_id FROM units WHERE "to" >= ? ORDER BY "to", sor_id'
    return connection.execute(query, [day]).fetchall()


def texts_of(connection: Connection, serves: str) -> dict[str, str]:
    """The texts of the codes that stand in this field."""
    rows = connection.execute(
        "SELECT code, text FROM classification_entries JOIN classifications USING (list)"
        " WHERE serves = ? AND text IS NOT NULL ORDER BY list DESC",
        [serves],
    )
    return dict(rows.fetchall())


def lists_serving(connection: Connection) -> dict[str, str | None]:
    """The classifications by name, each with the unit field whose codes it explains, if any."""
    return dict(connection.execute("SELECT list, serves FROM classifications ORDER BY list"))


def has_later(connection: Connection, run: RecordedRun) -> bool:
    """Whether the state has moved on since a run."""
    query = "SELECT 1 FROM runs WHERE id > ? AND state IN ('accepted', 'released') LIMIT 1"
    return connection.execute(query, [run.id]).fetchone() is not None


def last_record(connection: Connection, sor_id: SorId, until_run: int) -> Unit | None:
    """A unit that is gone as it last stood: what its last unit.removed up to a run says."""
    row = connection.execute(
        "SELECT data FROM events INDEXED BY events_by_subject"
        " WHERE subject = ? AND type = ? AND run_id <= ?"
        " ORDER BY run_id DESC LIMIT 1",
        [sor_id, name_of(UnitRemoved), until_run],
    ).fetchone()
    return None if row is None else _REMOVED.decode(row[0]).before
