"""What waits in the outbox, as it goes out: a run whole, or one run event beside it."""

from collections.abc import Callable, Iterator

from sordiff.changelog import Session
from sordiff.changelog.records import OutboxRow
from sordiff.event_sink import OutgoingRun, OutgoingRunEvent, RunEvent, StateRecord
from sordiff.report import RecordedRun
from sordiff.run_events import RunEventData, build_run_event_id
from sordiff.service.publish.outbox_entries import (
    RUN,
    WHOLE,
    Publication,
    build_run_completed,
    build_run_origin,
    build_run_started,
)
from sordiff.service.publish.state_records import AskedState
from sordiff.wire import encode_canonically


def build_outgoing_run(
    session: Session,
    row: OutboxRow,
    publication: Publication,
    build_states: Callable[[Session, AskedState], Iterator[StateRecord]],
) -> OutgoingRun:
    """A run with its events and the state that it changed.

    What runs between changed that were not published goes out with it; nothing where the whole
    state went out that is as late, or later: state does not go back.
    """
    asked = find_asked_state(session, row, publication.sink)
    states = iter(()) if asked is None else build_states(session, asked)
    return _outgoing_run(session, row, publication, states)


def find_asked_state(session: Session, row: OutboxRow, sink: str) -> AskedState | None:
    """The state that goes out with a row, as far as is known now; None with what has none."""
    outbox = session.outbox.of_sink(sink)
    if row.kind == WHOLE:
        last = session.runs.find_last_accepted()
        return None if last is None else AskedState(last.id)
    if row.kind != RUN or outbox.find_whole_state_written() >= row.run_id:
        return None
    return AskedState(row.run_id, after_run=outbox.find_last_state_written(row.run_id))


def build_replayed_run(session: Session, row: OutboxRow, publication: Publication) -> OutgoingRun:
    """The same without the state."""
    return _outgoing_run(session, row, publication, iter(()))


def build_outgoing_run_event(session: Session, row: OutboxRow) -> OutgoingRunEvent:
    """A run event beside the events, as it was written down."""
    run = session.runs.get(row.run_id)
    return OutgoingRunEvent(
        position=row.id,
        run_id=run.id,
        day=run.header.snapshot_date,
        event=RunEvent(
            name=row.kind,
            id=build_run_event_id(row.kind, build_run_origin(session, run)),
            time=run.header.created_at,
            data=str(row.message).encode(),
        ),
    )


def _outgoing_run(
    session: Session, row: OutboxRow, publication: Publication, states: Iterator[StateRecord]
) -> OutgoingRun:
    run = session.runs.get(row.run_id)
    return OutgoingRun(
        position=row.id,
        run_id=run.id,
        day=run.header.snapshot_date,
        started=_run_event(session, run, build_run_started(session, run)),
        events=session.events.iterate_rows(run.id),
        states=states,
        completed=_run_event(session, run, build_run_completed(session, run, publication)),
    )


def _run_event(session: Session, run: RecordedRun, data: RunEventData) -> RunEvent:
    return RunEvent(
        name=data.NAME,
        id=build_run_event_id(data.NAME, build_run_origin(session, run)),
        time=run.header.created_at,
        data=encode_canonically(data),
    )
