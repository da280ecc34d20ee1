"""Reading on in a sink, from where an earlier call has accounted for everything.

Whoever publishes every night for ten years need not read ten years every night. It is noted how far
the sink was read, but only when each message of the source up to there was one that is marked as
published here. So none of what waits can be among them, and no run of another changelog.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.changelog import Session
from sordiff.changelog.records import OutboxRow, SinkRead
from sordiff.errors import UNREADABLE
from sordiff.event_sink import ArrivedRunEvent, SinkSession
from sordiff.run_events import RunCompleted, RunStarted, build_run_event_id
from sordiff.service.publish.arrived_runs import Arrived, RunNumber, collect_arrived
from sordiff.service.publish.outbox_entries import RUN, build_run_origin
from sordiff.wire import build_type

_WHOLE_RUN: Final = {build_type(event.NAME): event.NAME for event in (RunStarted, RunCompleted)}


class ReadOn(Struct, frozen=True, kw_only=True):
    """What was read, of all sources, and of it what arrived of one; `since` as in the port."""

    events: tuple[ArrivedRunEvent, ...]
    arrived: Arrived
    since: str
    position: str


class _Run(Struct, frozen=True):
    id: RunNumber


class _OfRun(Struct, frozen=True):
    """What must be known of a run event to find its row."""

    run: _Run


_DECODER: Final = msgspec.json.Decoder(_OfRun)


def read_on(sender: SinkSession, read: SinkRead | None, source: str) -> ReadOn:
    """What came behind what is noted; everything where nothing is, or it is of another source."""
    noted = None if read is None or read.source != source else read
    told = sender.read_run_events("" if noted is None else noted.position)
    before = noted.last_sequence if noted is not None and told.since else 0
    return ReadOn(
        events=told.events,
        arrived=collect_arrived(told.events, source, sequence_before=before),
        since=told.since,
        position=told.position,
    )


def find_read(session: Session, sink: str, rows: Iterable[OutboxRow]) -> SinkRead | None:
    """How far this changelog has read the sink.

    None where one of these rows, which wait, is older than what was read, and may have arrived.
    """
    read = session.outbox.of_sink(sink).find_read()
    if read is None or read.changelog != session.identity.find_own_name():
        return None
    return None if any(row.id <= read.last_row for row in rows) else read


def build_read(
    session: Session, sink: str, told: ReadOn, before: SinkRead | None
) -> SinkRead | None:
    """How far the sink was read now; as before where something is not accounted for."""
    before = before if told.since else None
    last_row = 0 if before is None else before.last_row
    source = told.arrived.source
    for event in told.events:
        if event.source == source and not event.replay:
            row = _find_row(session, sink, event)
            if row is None:
                return before
            last_row = max(last_row, row)
    own = session.identity.find_own_name()
    if not told.position or own is None:
        return None
    return SinkRead(
        changelog=own,
        source=source,
        position=told.position,
        last_sequence=told.arrived.last_sequence,
        last_row=last_row,
    )


def _find_row(session: Session, sink: str, event: ArrivedRunEvent) -> int | None:
    """The row of the outbox that tells this, and is marked as published."""
    try:
        run_id = _DECODER.decode(event.data).run.id
    except UNREADABLE:
        return None
    run = session.runs.find(run_id)
    if run is None:
        return None
    name = event.type.removeprefix("sordiff.").removesuffix(".v1")
    if build_run_event_id(name, build_run_origin(session, run)) != event.id:
        return None
    kind = RUN if event.type in _WHOLE_RUN else name
    return session.outbox.of_sink(sink).find_published(run_id, kind)
