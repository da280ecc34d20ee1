"""`sordiff retract`: a run that was published is taken back in words."""

from pathlib import Path

from sordiff.errors import SordiffError
from sordiff.report import RecordedRun
from sordiff.service.publish.outbox_entries import RUN, queue_decided
from sordiff.store import outbox, runs
from sordiff.store.database import opened_to_publish, transaction
from sordiff.store.decisions import Decision
from sordiff.store.locks import locked


def retract(database: Path, run_id: int, decision: Decision) -> RecordedRun:
    """Have it told that the run's events are not to be relied on; twice is once.

    What was sent stays in the topics, and the changelog as it is: the next good snapshot is
    compared with what the retracted run left, so that its events put right what was wrong.
    """
    with locked(database, "writer"), opened_to_publish(database) as connection:
        run = runs.run_by_id(connection, run_id)
        if run is None:
            raise SordiffError(f"There is no run {run_id}.", advice="`sordiff runs` lists them.")
        if outbox.published_at(connection, run_id, RUN) is None:
            message = f"Run {run_id} was not published, so that there is nothing to take back."
            advice = "`sordiff status` tells what waits; a held run is refused by `sordiff reject`."
            raise SordiffError(message, advice=advice)
        with transaction(connection):
            queue_decided(connection, run_id, "run.retracted", decision)
        return run
