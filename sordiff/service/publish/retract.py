"""`sordiff retract`: a run that was published is taken back in words."""

from msgspec import Struct

from sordiff.changelog import Changelog
from sordiff.changelog.records import Decision
from sordiff.errors import SordiffError
from sordiff.report import RecordedRun
from sordiff.service.changelog_source import demand_source
from sordiff.service.ingest.notices import queue_decision
from sordiff.service.publish.outbox_entries import RUN


class Retracted(Struct, frozen=True, kw_only=True):
    """A retracted run; `is_last`: the state stands on it, and a correction can put it right."""

    run: RecordedRun
    is_last: bool


def retract_run(changelog: Changelog, run_id: int, decision: Decision, source: str) -> Retracted:
    """Have it told that the run's events are not to be relied on; twice is once.

    What was sent stays in the topics, and the state as it is: the next good snapshot is compared
    with what the retracted run left, so that its events put right what was wrong.
    `source` is that of the call.
    """
    with changelog.lock_writer(), changelog.open_to_publish() as session:
        demand_source(session, source)
        run = session.runs.find(run_id)
        if run is None:
            raise SordiffError(f"There is no run {run_id}.", advice="`sordiff runs` lists them.")
        if not session.outbox.is_published(run_id, RUN):
            message = f"Run {run_id} was not published, so that there is nothing to take back."
            advice = "`sordiff status` tells what waits; a held run is refused by `sordiff reject`."
            raise SordiffError(message, advice=advice)
        with session.transaction():
            session.decisions.retract(run, decision)
            queue_decision(session, run, "run.retracted", decision)
        last = session.runs.find_last_accepted()
        return Retracted(run=run, is_last=last is not None and last.id == run_id)
