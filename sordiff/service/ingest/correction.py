"""A snapshot as the correction of the last accepted run."""

import msgspec

from sordiff.alerts import Alert, alerts_of
from sordiff.anomalies import coverage_alerts, facts_of_events, is_held
from sordiff.changelog import Session
from sordiff.coverage import coverage_after
from sordiff.diff import Changeset, compare
from sordiff.report import RecordedRun
from sordiff.service.ingest.candidate import Candidate, refused
from sordiff.service.ingest.compare import compared
from sordiff.service.ingest.judged_snapshot import (
    Judged,
    _coverage_before,
    _new_run,
    _odd_dates,
    _root_adoptions,
)
from sordiff.service.ingest.quality import quality_of_night
from sordiff.service.ingest.registers import nights_of
from sordiff.service.query.register_at import register_after
from sordiff.snapshot import PLACES


def _refuse_told(candidate: Candidate, last: RecordedRun, session: Session) -> None:
    """A step that was told before would have the same event ids, and count as told already."""
    header = candidate.snapshot.header
    if header.sha256 == last.header.sha256:
        message = f"it is the content of run {last.id} itself"
        raise refused(candidate.snapshot, "correct", message, "Name the snapshot that is right.")
    told = session.runs.find_told(last.header.created_at, header.created_at)
    if told is not None:
        message = (
            f"the step from {last.header.created_at} to {header.created_at} was told already, by "
            f"run {told.id}: its events would have the same ids again"
        )
        advice = "Ingest the next snapshot: it puts right what is wrong."
        raise refused(candidate.snapshot, "correct", message, advice)


def _judge_correction(candidate: Candidate, last: RecordedRun, session: Session) -> Judged:
    """Whatever its day and its size: taken, since a person says that it is right."""
    _refuse_told(candidate, last, session)
    nights = nights_of(last, candidate.snapshot, session, deeply=candidate.options.plain)
    comparison = compared(nights, candidate.snapshot, candidate.settings, session.history)
    changes = comparison.changes
    run = _new_run("correction", candidate, changes.new, comparison.warnings)
    reference = _coverage_before(session, last, nights.old)
    odd = (*_odd_dates(candidate, 0), *_turned_coverage(candidate, changes, last, session))
    return Judged(
        run=msgspec.structs.replace(
            run, exceptional=is_held(odd), counts=facts_of_events(comparison.events)
        ),
        snapshot=candidate.snapshot,
        before=nights.old,
        after=changes.new,
        touched=changes.touched,
        changes=changes,
        events=comparison.events,
        adoptions=(*comparison.adoptions, *_root_adoptions(last, candidate.snapshot)),
        alerts=(*odd, *alerts_of(comparison.events)),
        coverage=coverage_after(reference, changes),
        fields=candidate.settings.fields,
        quality=quality_of_night(session, last, changes),
        origin=comparison.origin,
    )


def _turned_coverage(
    candidate: Candidate, changes: Changeset, last: RecordedRun, session: Session
) -> tuple[Alert, ...]:
    """Of a correction, since the run before the wrong one: what that one brought may go again.

    A field that its units lost is refused, for there is nothing to hold.
    """
    before = None if last.compared_with is None else session.runs.find(last.compared_with)
    if before is None:
        return ()
    old = register_after(session, before)
    since = compare(old, changes.new)
    rules = candidate.settings.anomalies.coverage
    alerts = tuple(coverage_alerts(since, _coverage_before(session, before, old), rules, PLACES))
    lost = next((alert for alert in alerts if is_held([alert])), None)
    if lost is not None and not candidate.options.accept:
        advice = "See to the file; take it all the same with --accept."
        raise refused(candidate.snapshot, lost.code, lost.message, advice)
    return alerts
