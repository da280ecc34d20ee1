"""A snapshot as the correction of the last accepted run."""

import msgspec

from sordiff.alerts import Alert, find_reuse_alerts
from sordiff.anomalies.coverage import find_coverage_alerts
from sordiff.anomalies.facts import count_facts
from sordiff.anomalies.rules import is_held
from sordiff.changelog import Session
from sordiff.coverage.counts import update_coverage
from sordiff.diff import Changeset, compare
from sordiff.report import RecordedRun
from sordiff.resolved import state_keys_changed
from sordiff.service.ingest.candidate import Candidate, build_snapshot_refusal
from sordiff.service.ingest.compare import compare_nights
from sordiff.service.ingest.judged_snapshot import (
    JudgedSnapshot,
    build_new_run,
    derive_snapshot_adoptions,
    find_candidate_date_alerts,
    read_coverage,
)
from sordiff.service.ingest.quality import assess_night
from sordiff.service.ingest.registers import pair_nights
from sordiff.service.ingest.told_steps import refuse_told_step
from sordiff.service.query.register_at import read_register_after
from sordiff.snapshot import PLACES


def _refuse_same(candidate: Candidate, last: RecordedRun) -> None:
    if candidate.snapshot.header.sha256 == last.header.sha256:
        message = f"it is the content of run {last.id} itself"
        raise build_snapshot_refusal(
            candidate.snapshot, "correct", message, "Name the snapshot that is right."
        )


def judge_correction(candidate: Candidate, last: RecordedRun, session: Session) -> JudgedSnapshot:
    """Whatever its day and its size: taken, since a person says that it is right."""
    _refuse_same(candidate, last)
    refuse_told_step(candidate, last, session, code="correct")
    nights = pair_nights(last, candidate.snapshot, session, deeply=candidate.options.plain)
    comparison = compare_nights(nights, candidate.snapshot, candidate.settings, session.history)
    changes = comparison.changes
    run = build_new_run("correction", candidate, changes.new.count_open(), comparison.warnings)
    reference = read_coverage(session, last, nights.old)
    odd = (
        *find_candidate_date_alerts(candidate, 0),
        *_find_coverage_alerts(candidate, changes, last, session),
    )
    return JudgedSnapshot(
        run=msgspec.structs.replace(
            run, exceptional=is_held(odd), counts=count_facts(comparison.events)
        ),
        snapshot=candidate.snapshot,
        before=nights.old,
        after=changes.new,
        touched=changes.touched,
        changes=changes,
        state_keys=state_keys_changed(changes),
        events=comparison.events,
        adoptions=(*comparison.adoptions, *derive_snapshot_adoptions(last, candidate.snapshot)),
        alerts=(*odd, *find_reuse_alerts(comparison.events)),
        coverage=update_coverage(reference, changes),
        fields=candidate.names,
        quality=assess_night(session, last, changes),
        origin=comparison.origin,
    )


def _find_coverage_alerts(
    candidate: Candidate, changes: Changeset, last: RecordedRun, session: Session
) -> tuple[Alert, ...]:
    """Of a correction, since the run before the wrong one: what that one brought may go again.

    A field that its units lost is refused, for there is nothing to hold.
    """
    before = None if last.compared_with is None else session.runs.find(last.compared_with)
    if before is None:
        return ()
    old = read_register_after(session, before)
    since = compare(old, changes.new)
    rules = candidate.settings.anomalies.coverage
    alerts = tuple(find_coverage_alerts(since, read_coverage(session, before, old), rules, PLACES))
    lost = next((alert for alert in alerts if is_held([alert])), None)
    if lost is not None and not candidate.options.accept:
        advice = "See to the file; take it all the same with --accept."
        raise build_snapshot_refusal(candidate.snapshot, lost.code, lost.message, advice)
    return alerts
