"""A run that was published and is gone: somebody took it away from the sink."""

from collections.abc import Sequence

from msgspec.structs import replace

from sordiff.changelog import Session
from sordiff.changelog.records import OutboxRow
from sordiff.errors import PublishingRefused
from sordiff.event_sink import KAFKA, EventSink
from sordiff.service.publish.arrived_runs import collect_arrived, is_of_the_same_nights
from sordiff.service.publish.outbox_entries import RUN, WHOLE
from sordiff.service.publish.reading_on import ReadOn


def demand_last_run(
    session: Session,
    sink: EventSink,
    told: ReadOn,
    rows: Sequence[OutboxRow],
    seen: int,
) -> None:
    """Refuse to go on where the last run that was published is not in the sink any more.

    `seen`: up to this row of the outbox all was found, where it was read before, and the sink is
    still as it was.

    Who reads on from there would miss it, and not know. It is enough that a replay has sent it
    again, or that the whole state follows it: then its readers know what it told.
    """
    if any(row.kind == WHOLE for row in rows):
        return
    published = session.outbox.of_sink(sink.name).list_published({RUN, WHOLE})
    source = told.arrived.source
    if not published or published[-1].kind == WHOLE or published[-1].source != source:
        return
    if published[-1].id <= seen:
        return
    run = session.runs.get(published[-1].run_id)
    there = collect_arrived((replace(event, replay=False) for event in told.events), source)
    if not any(is_of_the_same_nights(session, run, one) for one in there.runs):
        raise _build_refusal(sink, f"run {run.id} of {source}", there.last_sequence)


def _build_refusal(sink: EventSink, lost: str, last_sequence: int) -> PublishingRefused:
    if sink.name == KAFKA:
        message = (
            f"{sink.place} does not have {lost} any more, which was published:"
            " its topic was deleted or truncated. Nothing was sent."
        )
        advice = (
            f"`sordiff replay --same-topics --since {last_sequence}` sends again what is"
            " missing; `sordiff publish --state` sends the whole state, and goes on without it."
        )
    else:
        message = (
            f"{sink.place} does not have {lost} any more, which was published. Nothing was sent."
        )
        advice = (
            f"Put its file back. Or `sordiff publish --forget {sink.name}`, and publish again: all"
            " that is missing is written anew. `sordiff publish --state` writes the whole state,"
            " and goes on without it."
        )
    return PublishingRefused(message, advice=advice)
