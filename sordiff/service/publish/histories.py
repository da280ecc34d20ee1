"""`sordiff publish --history`: the nights of histories go out as other runs do, where it is asked.

A history is recorded and not published, for its nights are long gone. A sink that demands it gets
each of its nights whole and in order, but none behind a later run that it has.
"""

from sordiff.changelog import Session, WriteSession
from sordiff.changelog.records import OutboxRow
from sordiff.errors import PublishingRefused, SordiffError
from sordiff.event_sink import EventSink
from sordiff.service.publish.arrived_runs import Arrived, is_same_run
from sordiff.service.publish.outbox_entries import RUN, SILENT


def list_silent_histories(session: Session, sink: str) -> list[int]:
    """The accepted nights of histories that the sink has not demanded, oldest first."""
    outbox = session.outbox.of_sink(sink)
    rows = (*outbox.list_waiting(), *outbox.list_published({SILENT}))
    silent = {row.run_id for row in rows if row.kind == SILENT}
    return [run for run in _list_histories(session) if run in silent]


def demand_histories(session: WriteSession, sink: EventSink, at: str) -> None:
    """Have what is silent published in the sink, but for what lies before a run that it has.

    SordiffError where there is no history, PublishingRefused where all of it comes too late.
    """
    outbox = session.outbox.of_sink(sink.name)
    silent = list_silent_histories(session, sink.name)
    last = max((row.run_id for row in outbox.list_published({RUN})), default=0)
    if early := [run for run in silent if run > last]:
        with session.transaction():
            outbox.register(at)
            outbox.demand_histories(early)
        return
    nights = _list_histories(session)
    if not nights:
        message = "The changelog has no history that could be published."
        raise SordiffError(message, advice="`sordiff ingest --history` records one.")
    if len(silent) == len(nights):
        message = (
            f"{sink.place} has run {last}, and the history ends with run {nights[-1]} before it:"
            " its events would come too late. Nothing was sent."
        )
        advice = (
            "`sordiff publish --history --to ndjson:DIR` fills a new folder, `sordiff replay"
            " --history --topic-suffix SUFFIX` topics of its own."
        )
        raise PublishingRefused(message, advice=advice)


def _list_histories(session: Session) -> list[int]:
    accepted = {"accepted", "released"}
    return [run.id for run in session.runs.iterate() if run.history and run.state in accepted]


def demand_arrived_histories(session: WriteSession, sink: str, there: Arrived) -> list[OutboxRow]:
    """Demand the nights of histories that the sink has, though nothing here says so.

    As after a rebuild, or in a restored backup. They are given back as what waits.
    """
    own = session.identity.find_own_name()
    arrived = {run.run_id: run for run in there.runs if run.changelog == own}
    known = (session.runs.find(run_id) for run_id in arrived)
    is_of_history = any(run is not None and run.history for run in known)
    silent = list_silent_histories(session, sink) if is_of_history else []
    found = [run for run in silent if run in arrived and is_same_run(session, arrived[run])]
    outbox = session.outbox.of_sink(sink)
    with session.transaction():
        outbox.demand_histories(found)
    return [row for row in outbox.list_waiting() if row.kind == RUN and row.run_id in found]
