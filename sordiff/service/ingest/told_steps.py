"""Steps from one snapshot to another whose events are out."""

from sordiff.changelog import Session
from sordiff.report import RecordedRun
from sordiff.service.ingest.candidate import Candidate, build_snapshot_refusal


def refuse_told_step(
    candidate: Candidate, last: RecordedRun, session: Session, *, code: str
) -> None:
    """Refuse a step that was told before.

    An event id is made of the CreatedAtTime of both snapshots. So the events would have the ids of
    the earlier ones, and who de-duplicates would drop them. It happens where a correction went back
    to an earlier snapshot.
    """
    before, after = last.header.created_at, candidate.snapshot.header.created_at
    told = session.runs.find_told(before, after)
    if told is None:
        return
    message = (
        f"the step from {before} to {after} was told already, by "
        f"run {told.id}: its events would have the same ids again"
    )
    advice = "Ingest the next snapshot: it puts right what is wrong."
    raise build_snapshot_refusal(candidate.snapshot, code, message, advice)
