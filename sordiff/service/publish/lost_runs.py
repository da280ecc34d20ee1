"""A run that was published and is gone: somebody deleted the run topic, or truncated it."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from sordiff.changelog import Session
from sordiff.changelog.records import OutboxRow
from sordiff.errors import PublishingRefused
from sordiff.event_sink import KAFKA, ArrivedRunEvent, EventSink
from sordiff.service.publish.arrived_runs import collect_arrived, is_of_the_same_nights
from sordiff.service.publish.outbox_entries import RUN, WHOLE


def demand_last_run(
    session: Session,
    sink: EventSink,
    events: Iterable[ArrivedRunEvent],
    rows: Sequence[OutboxRow],
    source: str,
) -> None:
    """Refuse to go on where the last run that was published is not in the run topic any more.

    Who reads on from there would miss it, and not know. It is enough that a replay has sent it
    again, or that the whole state follows it: then its readers know what it told. A folder keeps
    what it has.
    """
    if sink.name != KAFKA or any(row.kind == WHOLE for row in rows):
        return
    published = session.outbox.of_sink(sink.name).list_published({RUN, WHOLE})
    if not published or published[-1].kind == WHOLE or published[-1].source != source:
        return
    run = session.runs.get(published[-1].run_id)
    there = collect_arrived((replace(event, replay=False) for event in events), source)
    if not any(is_of_the_same_nights(session, run, one) for one in there.runs):
        message = (
            f"{sink.place} does not have run {run.id} of {source} any more, which was published:"
            " its topic was deleted or truncated. Nothing was sent."
        )
        advice = (
            f"`sordiff replay --same-topics --since {there.last_sequence}` sends again what is"
            " missing; `sordiff publish --state` sends the whole state, and goes on without it."
        )
        raise PublishingRefused(message, advice=advice)
