"""One call of publish, and how it sends one row of what waits."""

from collections.abc import Callable

from msgspec import Struct

from sordiff.changelog import Changelog, Session, WriteSession
from sordiff.changelog.publishing import SinkOutbox
from sordiff.changelog.records import OutboxRow
from sordiff.event_sink import EventSink, SinkSession
from sordiff.report import PublishedRow
from sordiff.service.publish.messages import (
    build_outgoing_run,
    build_outgoing_run_event,
    find_asked_state,
)
from sordiff.service.publish.outbox_entries import RUN, WHOLE, Publication
from sordiff.service.publish.state_beside import StateBeside


class PublishOptions(Struct, frozen=True, kw_only=True):
    """How to publish; clock and names are inputs.

    `new_name` names the changelog when it adopts what is there; `whole_state` writes the state
    topics anew; `history` demands the nights of histories.
    """

    now: Callable[[], str]
    new_name: str
    adopt: bool = False
    whole_state: bool = False
    history: bool = False


class Publishing(Struct, frozen=True, kw_only=True):
    """One call: where to, from where, how."""

    changelog: Changelog
    session: WriteSession
    sink: EventSink
    options: PublishOptions
    states: StateBeside

    @property
    def outbox(self) -> SinkOutbox:
        """What waits for the sink, and what it has."""
        return self.session.outbox.of_sink(self.sink.name)


def send_row(call: Publishing, sender: SinkSession, row: OutboxRow) -> PublishedRow:
    """What waits under one row, whole."""
    return (_send_state if row.kind == WHOLE else _send)(call, sender, row)


def _send(call: Publishing, sender: SinkSession, row: OutboxRow) -> PublishedRow:
    """One row, whole; what is read for it is of one moment."""
    name = str(call.session.identity.find_own_name())
    publication = Publication(changelog=name, sink=call.sink.name)
    if row.kind == RUN and call.outbox.expects_beyond_events():
        with call.session.transaction():
            call.outbox.mark_beyond_events(row.run_id)
    with call.changelog.open_at_one_moment() as reader:
        if row.kind == RUN:
            run = build_outgoing_run(reader, row, publication, call.states.build)
            sent = sender.send_run(run)
        else:
            sent = sender.send_run_event(build_outgoing_run_event(reader, row))
    mark_arrived(call, [row])
    if row.kind == RUN:
        clear_beyond_events(call)
    return build_published_row(call.session, call.sink.name, row, messages=sent)


def _send_state(call: Publishing, sender: SinkSession, row: OutboxRow) -> PublishedRow:
    """The whole state as it is now, which may be later than the run that it was asked for."""
    with call.changelog.open_at_one_moment() as reader:
        asked = find_asked_state(reader, row, call.sink.name)
        assert asked is not None, "it is queued when a run was accepted"  # noqa: S101
        records = call.states.build(reader, asked)
        sent = sender.replace_state(records, reader.sequences.next() - 1)
    mark_arrived(call, [row])
    return build_published_row(call.session, call.sink.name, row, messages=sent)


def mark_arrived(call: Publishing, rows: list[OutboxRow]) -> None:
    """Note that these have arrived, and with a run the states that went out with it."""
    if not rows:
        return
    session = call.session
    last_run = max((row.run_id for row in rows if row.kind in {RUN, WHOLE}), default=0)
    with session.transaction():
        call.outbox.mark_published((row.id for row in rows), call.options.now())
        call.outbox.mark_silent(last_run, call.options.now())


def clear_beyond_events(call: Publishing) -> None:
    """A run has told that more changed than its events tell."""
    if call.outbox.expects_beyond_events():
        with call.session.transaction():
            call.outbox.expect_beyond_events(expected=False)


def build_published_row(
    session: Session, sink: str, row: OutboxRow, *, messages: int = 0, arrived_before: bool = False
) -> PublishedRow:
    """What is told of a row that has arrived."""
    run = session.runs.get(row.run_id)
    return PublishedRow(
        run_id=run.id,
        kind=row.kind,
        day=run.header.snapshot_date,
        events=run.event_count if row.kind == RUN else 0,
        messages=messages,
        sink=sink,
        arrived_before=arrived_before,
    )
