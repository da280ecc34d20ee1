"""`sordiff publish`: what waits in the outbox goes out, in order, each run whole, each once.

First it is noted that an attempt begins; then the sink ends whatever an earlier publisher of this
source left open, and lets nobody but this one write; only then are the run events there read. So
what is found there is all that ever arrived, and what is not will not come: a publisher killed
between the send and its mark costs nothing.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import groupby

from sordiff.changelog import Changelog
from sordiff.changelog.publishing import SinkOutbox
from sordiff.changelog.records import OutboxRow, SinkRead
from sordiff.errors import PublishingRefused
from sordiff.event_sink import EventSink, SinkSession
from sordiff.report import PublishedRow
from sordiff.service.publish.adopt import adopt_runs, settle_waiting_runs
from sordiff.service.publish.arrived_runs import (
    Arrived,
    Waiting,
    build_publishing_refusal,
    demand_later_sequences,
    demand_order,
    find_foreign_runs,
    find_runs_out_of_order,
    find_runs_with_used_sequences,
    find_waiting_runs,
    has_arrived,
    refuse_other_sources,
)
from sordiff.service.publish.histories import demand_arrived_histories, demand_histories
from sordiff.service.publish.lost_runs import build_lost_refusal, find_lost
from sordiff.service.publish.messages import find_asked_state
from sordiff.service.publish.outbox_entries import (
    RUN,
    SILENT,
    WHOLE,
    queue_whole_state,
)
from sordiff.service.publish.reading_on import ReadOn, build_read, find_read, read_on
from sordiff.service.publish.sending import (
    Publishing,
    PublishOptions,
    build_published_row,
    clear_beyond_events,
    mark_arrived,
    send_row,
)
from sordiff.service.publish.state_beside import begin_to_build_beside


def publish_waiting_runs(
    changelog: Changelog, sink: EventSink, options: PublishOptions
) -> Iterator[PublishedRow]:
    """Send all that waits, oldest first; each is given back when it is known to have arrived."""
    with (
        changelog.lock_publisher(sink.name),
        begin_to_build_beside(changelog) as states,
        changelog.open_to_publish() as session,
        closing(states),
    ):
        sink.prepare()
        call = Publishing(
            changelog=changelog, session=session, sink=sink, options=options, states=states
        )
        if options.history:
            demand_histories(session, sink, options.now())
        if options.adopt or options.whole_state:
            # What was adopted may have left a state that nobody here knows.
            with session.transaction():
                queue_whole_state(session, [sink.name], options.now())
        for source, rows in _sources(call.outbox):
            yield from _publish(call, source, rows)


def _sources(outbox: SinkOutbox) -> Iterator[tuple[str, list[OutboxRow]]]:
    """What waits, as long as anything does: by source, in order; silent states go with others."""
    while rows := [row for row in outbox.list_waiting() if row.kind != SILENT]:
        for source, group in groupby(rows, lambda row: row.source):
            yield source, list(group)


def _publish(call: Publishing, source: str, rows: list[OutboxRow]) -> Iterator[PublishedRow]:
    _note_attempt(call, rows)
    _expect_state(call, rows)
    with call.sink.begin(source) as sender:
        for row in _arrived_before(call, sender, source, rows):
            yield build_published_row(call.session, call.sink.name, row, arrived_before=True)
        for row in _still_waiting(call, source, rows):
            yield send_row(call, sender, row)


def _note_attempt(call: Publishing, rows: list[OutboxRow]) -> None:
    session, at = call.session, call.options.now()
    with session.transaction():
        call.outbox.register(at)
        call.outbox.mark_attempted((row.id for row in rows), at)


def _expect_state(call: Publishing, rows: list[OutboxRow]) -> None:
    """Let the state that goes out first be begun, while the sink tells what it has."""
    first = min(rows, key=_goes_out)
    if first.kind != WHOLE and not call.sink.takes_state_of_runs:
        return
    asked = find_asked_state(call.session, first, call.sink.name)
    if asked is not None:
        call.states.expect(call.session, asked)


def _goes_out(row: OutboxRow) -> tuple[bool, int]:
    """The order: the whole state first, which may be ahead of the events."""
    return row.kind != WHOLE, row.id


def _arrived_before(
    call: Publishing, sender: SinkSession, source: str, rows: list[OutboxRow]
) -> list[OutboxRow]:
    """Read what is there, note what of these rows it has; refuse to go on behind foreign runs."""
    session = call.session
    read = None if call.options.adopt else find_read(session, call.sink.name, rows)
    told = read_on(sender, read, source)
    try:
        waiting = _demand_fit(call, told, rows, read)
    except PublishingRefused:
        if not told.since:
            raise
        # Why nothing is sent is said in view of everything that is there.
        read, told = None, read_on(sender, None, source)
        waiting = _demand_fit(call, told, rows, None)
    there = told.arrived
    if call.options.adopt:
        _adopt(call, there, waiting)
    else:
        _settle(call, waiting)
    come = {one.row.id for one in waiting if one.there is not None}
    nights = demand_arrived_histories(session, call.sink.name, there)
    known = [
        row
        for row in rows
        if row.id in come or (row.kind != RUN and has_arrived(session, row, there))
    ]
    known = sorted([*nights, *known], key=lambda row: row.id)
    mark_arrived(call, known)
    with session.transaction():
        call.outbox.note_read(build_read(session, call.sink.name, told, read))
    return known


def _demand_fit(
    call: Publishing, told: ReadOn, rows: list[OutboxRow], read: SinkRead | None
) -> list[Waiting]:
    """The runs that wait; PublishingRefused where they don't fit behind what is there."""
    session, there = call.session, told.arrived
    if not call.sink.is_shared:
        refuse_other_sources(session, told.events, there.source, call.sink)
    waiting = find_waiting_runs(session, rows, there)
    if not call.options.adopt and (found := find_foreign_runs(session, there)):
        raise build_publishing_refusal(session, there, found, call.sink)
    _demand_last(call, told, rows, read)
    if not call.options.adopt:
        demand_order(there.source, waiting, call.sink)
        demand_later_sequences(waiting, there, call.sink)
    return waiting


def _demand_last(
    call: Publishing, told: ReadOn, rows: list[OutboxRow], read: SinkRead | None
) -> None:
    """What was published last must be there; else only the whole state may follow.

    The next run says so then, and until it is sent nothing more is asked.
    """
    seen = read.last_row if read is not None and told.since else 0
    if call.outbox.expects_beyond_events():
        return
    lost = find_lost(call.session, call.sink, told, rows, seen)
    if lost is None:
        return
    if not call.options.adopt and all(row.kind != WHOLE for row in rows):
        raise build_lost_refusal(call.sink, lost, told)
    with call.session.transaction():
        call.outbox.expect_beyond_events(expected=True)


def _adopt(call: Publishing, there: Arrived, waiting: list[Waiting]) -> None:
    """Go on behind what is there, whatever it is."""
    if (
        find_foreign_runs(call.session, there)
        or find_runs_out_of_order(waiting)
        or find_runs_with_used_sequences(waiting, there)
    ):
        with _alone(call), call.session.transaction():
            at = call.options.now()
            adopt_runs(call.session, there, new_name=call.options.new_name, at=at)
            settle_waiting_runs(call.session, waiting, call.sink.name, at)
    else:
        _settle(call, waiting)


def _settle(call: Publishing, waiting: list[Waiting]) -> None:
    """Of runs that others published and that were adopted: the state was overwritten since."""
    own = call.session.identity.find_own_name()
    publishers = {one.there.changelog for one in waiting if one.there is not None}
    if publishers - {own}:
        with _alone(call), call.session.transaction():
            settle_waiting_runs(call.session, waiting, call.sink.name, call.options.now())
    elif publishers:
        clear_beyond_events(call)


@contextmanager
def _alone(call: Publishing) -> Iterator[None]:
    """While sequences are given anew nobody records, and nobody publishes into another sink."""
    with ExitStack() as locks:
        locks.enter_context(call.changelog.lock_writer())
        for sink in call.session.outbox.list_sinks():
            if sink != call.sink.name:
                locks.enter_context(call.changelog.lock_publisher(sink))
        call.states.forget_expected()
        yield


def _still_waiting(call: Publishing, source: str, rows: list[OutboxRow]) -> list[OutboxRow]:
    """What of these rows is to be sent, in order."""
    asked = {row.id for row in rows}
    waiting = [
        row
        for row in call.outbox.list_waiting()
        if row.source == source and (row.kind == WHOLE or (row.kind != SILENT and row.id in asked))
    ]
    return sorted(waiting, key=_goes_out)
