"""A snapshot set against the last accepted one: what is to be recorded of it, or why it is not."""

import msgspec

from sordiff.alerts import Alert
from sordiff.anomalies import date_ahead, is_held
from sordiff.changelog import Session
from sordiff.coverage import Coverage, coverage_after, coverage_of
from sordiff.diff import compare
from sordiff.interpret import interpret
from sordiff.model import Day
from sordiff.replay import adoptions_of
from sordiff.report import RecordedRun
from sordiff.service.ingest.alerts import (
    Past,
    alerts_of_night,
    facts_of_night,
    recorded_facts,
)
from sordiff.service.ingest.candidate import Candidate, refused
from sordiff.service.ingest.compare import Comparison, compared, is_later
from sordiff.service.ingest.correction import _judge_correction
from sordiff.service.ingest.judged_snapshot import (
    Judged,
    _coverage_before,
    _new_run,
    _odd_dates,
    _origin,
    _root_adoptions,
)
from sordiff.service.ingest.quality import quality_at_first, quality_of_night
from sordiff.service.ingest.read_snapshot import register_of
from sordiff.service.ingest.registers import NightPair, nights_of
from sordiff.service.query.register_at import register_after


def judge(candidate: Candidate, session: Session) -> Judged:
    """Judge a snapshot against the state in the changelog; refuse one that is not later."""
    last, snapshot = candidate.last, candidate.snapshot
    options = candidate.options
    if last is None or options.rebaseline or options.correct is not None:
        _refuse_ahead(candidate)
    if last is None:
        return _judge_baseline(candidate)
    if candidate.options.correct is not None:
        return _judge_correction(candidate, last, session)
    if not is_later(snapshot.header, last.header):
        message = (
            f"it is of {snapshot.header.created_at} and not later than run {last.id} "
            f"({last.header.created_at}), and other bytes"
        )
        advice = "Snapshots are recorded in their order; an earlier one can't be added later."
        raise refused(snapshot, "order", message, advice)
    nights = nights_of(last, snapshot, session, deeply=candidate.options.plain)
    if candidate.options.rebaseline:
        return _judge_rebaseline(candidate, last, nights, session)
    return _judge_night(candidate, last, nights, session)


def _refuse_ahead(candidate: Candidate) -> None:
    """What is taken without a stop must not be dated ahead: no true night could follow it."""
    ahead = date_ahead(candidate.snapshot.header, candidate.options.recorded_at)
    if ahead is not None and not candidate.options.accept:
        advice = "See to the clock and to the file; take it all the same with --accept."
        raise refused(candidate.snapshot, ahead.code, ahead.message, advice)


def _judge_baseline(candidate: Candidate) -> Judged:
    """The first snapshot: everything is state, and nothing an event."""
    register = register_of(candidate.snapshot)
    return Judged(
        run=_new_run("baseline", candidate, register, candidate.snapshot.warnings),
        snapshot=candidate.snapshot,
        before=None,
        after=register,
        touched=frozenset(register.units),
        coverage=coverage_of(register.units.values()),
        fields=candidate.settings.fields,
        alerts=_odd_dates(candidate, 0),
        quality=quality_at_first(register),
        origin=_origin(candidate, register),
    )


def _judge_rebaseline(
    candidate: Candidate, last: RecordedRun, nights: NightPair, session: Session
) -> Judged:
    snapshot, old = candidate.snapshot, nights.old
    changes = compare(old, nights.tonight, nights.presence, deeply=nights.deeply)
    run = _new_run("rebaseline", candidate, changes.new, snapshot.warnings)
    return Judged(
        run=run,
        alerts=_odd_dates(candidate, run.nights_missing),
        snapshot=snapshot,
        before=old,
        after=changes.new,
        touched=changes.touched,
        adoptions=(*adoptions_of(changes, ()), *_root_adoptions(last, snapshot)),
        coverage=coverage_after(_coverage_before(session, last, old), changes),
        fields=candidate.settings.fields,
        quality=quality_of_night(session, last, changes),
        origin=_origin(candidate, old),
    )


def _judge_night(
    candidate: Candidate, last: RecordedRun, nights: NightPair, session: Session
) -> Judged:
    snapshot, options, old = candidate.snapshot, candidate.options, nights.old
    comparison = compared(nights, snapshot, candidate.settings, session.history)
    changes, events = comparison.changes, comparison.events
    reference = _coverage_before(session, last, old)
    facts = facts_of_night(changes, events, snapshot.header)
    run = _new_run(facts.kind, candidate, changes.new, comparison.warnings)
    days = _days_with_a_run(session, last.header.snapshot_date, snapshot.header.snapshot_date)
    run = msgspec.structs.replace(run, nights_missing=max(0, run.nights_missing - days))
    alerts = (
        *_odd_dates(candidate, run.nights_missing),
        *_alerts_of_changes(candidate, comparison, last, reference, session),
    )
    stopped = is_held(alerts)
    return Judged(
        run=msgspec.structs.replace(
            run,
            state="held" if stopped and not options.accept else "accepted",
            exceptional=stopped,
            counts=facts.counts,
        ),
        snapshot=snapshot,
        before=old,
        after=changes.new,
        touched=changes.touched,
        changes=changes,
        events=events,
        adoptions=(*comparison.adoptions, *_root_adoptions(last, snapshot)),
        alerts=alerts,
        coverage=coverage_after(reference, changes),
        fields=candidate.settings.fields,
        quality=quality_of_night(session, last, changes),
        origin=comparison.origin,
    )


def _days_with_a_run(session: Session, before: Day, after: Day) -> int:
    """How many days between two have a run that moved no state: their snapshots did come."""
    between = session.runs.list_not_accepted(before, after)
    return len({run.header.snapshot_date for run in between} - {before, after})


def _alerts_of_changes(
    candidate: Candidate,
    comparison: Comparison,
    last: RecordedRun,
    reference: Coverage,
    session: Session,
) -> tuple[Alert, ...]:
    """What the rules say of the changes since the last run that is not retracted.

    The night after a retracted run also puts right what was wrong in it: by its own events it would
    be held for just that.
    """
    changes, events = comparison.changes, comparison.events
    settings = candidate.settings
    valid = session.runs.find_last_valid()
    if last.retracted_at is not None and valid is not None:
        old = register_after(session, valid)
        changes = compare(old, changes.new)
        events = interpret(changes, session.history)
        reference = _coverage_before(session, valid, old)
    facts = facts_of_night(changes, events, candidate.snapshot.header)
    past = Past(runs=recorded_facts(session, settings.alarms), coverage=reference)
    return alerts_of_night(changes, events, facts, past, settings)
