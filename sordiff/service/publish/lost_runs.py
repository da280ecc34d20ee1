"""What was published last and is gone: somebody took it away from the sink."""

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


def find_lost(session: Session, sink: EventSink, told: ReadOn, seen: int) -> OutboxRow | None:
    """The last row that was published, if the sink does not have it any more.

    `seen`: up to this row of the outbox all was found, where it was read before, and the sink is
    still as it was.

    It is enough that a replay has sent a run again, or that the whole state followed it: then the
    readers of the sink know what it told. Older files of a folder may be moved away; of Kafka the
    last run must be there, too.
    """
    every = session.outbox.of_sink(sink.name).list_published()
    published = [row for row in every if row.kind != SILENT]
    source = told.arrived.source
    if not published or published[-1].source != source:
        return None
    runs = [row for row in published if row.kind in {RUN, WHOLE}]
    asked = {published[-1].id: published[-1]}
    if sink.name == KAFKA and runs:
        asked[runs[-1].id] = runs[-1]
    there = collect_arrived((replace(event, replay=False) for event in told.events), source)
    for row in asked.values():
        if row.kind != WHOLE and row.id > seen and not _is_there(session, row, there):
            return row
    return None


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
