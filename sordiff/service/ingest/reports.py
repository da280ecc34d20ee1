"""What `ingest` answers: what became of a snapshot, and what is told of its run."""

from typing import Final

from sordiff.changelog import Session
from sordiff.report import IngestReport, Outcome, RecordedRun
from sordiff.service.ingest.judged_snapshot import JudgedSnapshot
from sordiff.snapshot import Snapshot

# Whether nothing was to be written, and whether the run is held.
_OUTCOMES: Final = {
    (False, False): Outcome.RECORDED,
    (False, True): Outcome.HELD,
    (True, False): Outcome.WOULD_RECORD,
    (True, True): Outcome.WOULD_HOLD,
}


def report_known(
    outcome: Outcome,
    snapshot: Snapshot,
    run: RecordedRun,
    session: Session,
    warnings: list[str],
) -> IngestReport:
    """What is known of a snapshot that a run already has."""
    before = None if run.compared_with is None else session.runs.find(run.compared_with)
    return IngestReport(
        outcome=outcome,
        file=snapshot.file,
        run_id=run.id,
        kind=run.kind,
        day_before=before.header.snapshot_date if before else None,
        day=snapshot.header.snapshot_date,
        units=run.units,
        counts=session.counts.read(run.id),
        alerts=session.alerts.read(run.id) if run.state == "held" else (),
        warnings=tuple(warnings),
    )


def report_recorded(
    run_id: int,
    judged: JudgedSnapshot,
    first_sequence: int,
    pending: RecordedRun | None,
    *,
    is_dry: bool,
) -> IngestReport:
    """What became of a snapshot that was recorded; `pending`: the held run that it supersedes."""
    run, before, after = judged.run, judged.before, judged.after
    known_lists = before.lists if before else {}
    return IngestReport(
        outcome=_OUTCOMES[is_dry, judged.held],
        file=judged.snapshot.file,
        run_id=run_id,
        kind=run.kind,
        day_before=before.day if before else None,
        day=after.day,
        nights_missing=run.nights_missing,
        version_change=(before.version, after.version) if before and run.version_changed else None,
        units=run.units,
        events=judged.events,
        counts=dict(run.counts),
        superseded=pending.id if pending else None,
        corrects=run.corrects,
        first_sequence=first_sequence if judged.events and not judged.held else None,
        adoptions=len(judged.adoptions),
        first_lists={
            name: len(listed.entries)
            for name, listed in judged.snapshot.lists.items()
            if listed.comes_first(known_lists.get(name))
        },
        alerts=judged.alerts,
        warnings=run.warnings,
    )
