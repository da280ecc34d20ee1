"""What was published last and is gone: somebody took it away from the sink."""

from collections.abc import Iterable

from msgspec.structs import replace

from sordiff.changelog import Session
from sordiff.changelog.records import OutboxRow
from sordiff.errors import PublishingRefused
from sordiff.event_sink import KAFKA, EventSink
from sordiff.service.publish.arrived_runs import (
    Arrived,
    collect_arrived,
    has_arrived,
    is_of_the_same_nights,
)
from sordiff.service.publish.outbox_entries import RUN, SILENT, WHOLE
from sordiff.service.publish.reading_on import ReadOn


def find_lost(
    session: Session, sink: EventSink, told: ReadOn, rows: Iterable[OutboxRow], seen: int
) -> OutboxRow | None:
    """The last row that was published, if neither it nor a later one is in the sink any more.

    `rows`: what waits, of which some may have arrived. `seen`: up to this row of the outbox all was
    found, where it was read before, and the sink is still as it was.

    It is enough that a replay has sent a run again. Older files of a folder may be moved away, the
    last one tells of a run or of what was decided. Of Kafka the last run is asked for, unless the
    whole state followed it: who reads the state topics knows then what it told.
    """
    outbox = session.outbox.of_sink(sink.name)
    source = told.arrived.source
    published = [row for row in outbox.list_published() if row.kind != SILENT]
    if not published or published[-1].source != source:
        return None
    if sink.name == KAFKA:
        asked = [row for row in published if row.kind in {RUN, WHOLE}]
    else:
        asked = [row for row in published if row.kind != WHOLE]
    if not asked or asked[-1].kind == WHOLE or asked[-1].id <= seen:
        return None
    last = asked[-1]
    there = collect_arrived((replace(event, replay=False) for event in told.events), source)
    later = (row for row in rows if row.id > last.id and row.kind != WHOLE)
    is_there = any(_is_there(session, row, there) for row in (last, *later))
    return None if is_there else last


def _is_there(session: Session, row: OutboxRow, there: Arrived) -> bool:
    if row.kind != RUN:
        return has_arrived(session, row, there)
    run = session.runs.get(row.run_id)
    return any(is_of_the_same_nights(session, run, one) for one in there.runs)


def build_lost_refusal(sink: EventSink, lost: OutboxRow, told: ReadOn) -> PublishingRefused:
    """Why nothing goes on behind what is gone: who reads there would miss it, and not know."""
    source = told.arrived.source
    what = f"run {lost.run_id} of {source}"
    if lost.kind != RUN:
        what = f"{lost.kind} of run {lost.run_id} of {source}"
    if sink.name == KAFKA:
        message = (
            f"{sink.place} does not have {what} any more, which was published:"
            " its topic was deleted or truncated. Nothing was sent."
        )
        advice = (
            f"`sordiff replay --same-topics --since {told.arrived.last_sequence}` sends again what"
            " is missing; `sordiff publish --state` sends the whole state, and goes on without it."
        )
        return PublishingRefused(message, advice=advice)
    message = f"{sink.place} does not have {what} any more, which was published. Nothing was sent."
    advice = (
        "Put its file back; or `sordiff publish --state` writes the whole state, and goes on"
        " without it."
    )
    if not told.events:
        advice = (
            f"Put its files back. Or `sordiff publish --forget {sink.name}`, and publish again:"
            " every run is written anew. `sordiff publish --state` writes the whole state, and"
            " goes on without it."
        )
    return PublishingRefused(message, advice=advice)
