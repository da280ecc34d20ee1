"""What waits in the outbox, as it goes out: a run whole, or one run event beside it."""

from collections.abc import Iterator
from sqlite3 import Connection

from sordiff.event_sink import OutgoingRun, OutgoingRunEvent, RunEvent, StateRecord
from sordiff.report import RecordedRun
from sordiff.run_events import RunEventData, run_event_id
from sordiff.service.publish.outbox_entries import completed, origin_of, started
from sordiff.service.publish.state_records import state_records_of_run
from sordiff.store import outbox, runs
from sordiff.store.outbox import OutboxRow
from sordiff.wire import canonical


def outgoing_run(connection: Connection, row: OutboxRow, changelog: str) -> OutgoingRun:
    """A run with its events and the state that it changed.

    What runs between changed that were not published goes out with it.
    """
    until = outbox.state_written_until(connection, row.run_id)
    states = state_records_of_run(connection, row.run_id, after_run=until)
    return _outgoing_run(connection, row, changelog, states)


def replayed_run(connection: Connection, row: OutboxRow, changelog: str) -> OutgoingRun:
    """The same without the state."""
    return _outgoing_run(connection, row, changelog, iter(()))


def outgoing_run_event(connection: Connection, row: OutboxRow) -> OutgoingRunEvent:
    """A run event beside the events, as it was written down."""
    run = runs.referred_run(connection, row.run_id)
    return OutgoingRunEvent(
        position=row.id,
        run_id=run.id,
        day=run.header.snapshot_date,
        event=RunEvent(
            name=row.kind,
            id=run_event_id(row.kind, origin_of(connection, run)),
            time=run.header.created_at,
            data=str(row.message).encode(),
        ),
    )


def _outgoing_run(
    connection: Connection, row: OutboxRow, changelog: str, states: Iterator[StateRecord]
) -> OutgoingRun:
    run = runs.referred_run(connection, row.run_id)
    return OutgoingRun(
        position=row.id,
        run_id=run.id,
        day=run.header.snapshot_date,
        started=_run_event(connection, run, started(connection, run)),
        events=outbox.events_of_run(connection, run.id),
        states=states,
        completed=_run_event(connection, run, completed(connection, run, changelog)),
    )


def _run_event(connection: Connection, run: RecordedRun, data: RunEventData) -> RunEvent:
    return RunEvent(
        name=data.NAME,
        id=run_event_id(data.NAME, origin_of(connection, run)),
        time=run.header.created_at,
        data=canonical(data),
    )
