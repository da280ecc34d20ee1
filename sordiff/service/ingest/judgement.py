"""A snapshot set against the last accepted one: what is to be recorded of it, or why it is not."""

import msgspec

from sordiff.alerts import Alert
from sordiff.anomalies.coverage import find_coverage_alerts
from sordiff.anomalies.dates import find_date_ahead_alert
from sordiff.anomalies.rules import is_held
from sordiff.changelog import Session
from sordiff.coverage.counts import Coverage, update_coverage
from sordiff.diff import compare
from sordiff.interpret import interpret
from sordiff.model import Day, count_nights_between
from sordiff.replay import derive_adoptions
from sordiff.report import RecordedRun
from sordiff.resolved import state_keys_changed
from sordiff.service.ingest.alerts import (
    Past,
    find_night_alerts,
    gather_night_facts,
    read_recorded_facts,
)
from sordiff.service.ingest.candidate import Candidate, IngestOptions, build_snapshot_refusal
from sordiff.service.ingest.compare import Comparison, interpret_nights, is_later
from sordiff.service.ingest.judged_snapshot import (
    JudgedSnapshot,
    build_new_run,
    build_origin,
    derive_snapshot_adoptions,
    find_candidate_date_alerts,
    read_coverage,
)
from sordiff.service.ingest.night_work import HearEvents, work_beside
from sordiff.service.ingest.quality import assess_night
from sordiff.service.ingest.registers import NightPair, open_present_register, pair_nights
from sordiff.service.ingest.table_nights import (
    demand_kind,
    fill_snapshot,
    fill_touched_snapshot,
    settle_lists,
)
from sordiff.service.ingest.told_steps import refuse_told_step
from sordiff.service.present_register import read_present_register
from sordiff.several_entries import has_unclear_entries
from sordiff.snapshot import PLACES


def judge_snapshot(
    candidate: Candidate, last: RecordedRun, session: Session, hear: HearEvents
) -> JudgedSnapshot:
    """Judge a snapshot against the state in the changelog; refuse one that is not later.

    `last`: the last accepted run. `hear` is told the events of a night as soon as they are known.
    """
    options = candidate.options
    if options.rebaseline or options.correct is not None:
        refuse_ahead(candidate)
    candidate = _fill_candidate(candidate, last, session)
    snapshot = candidate.snapshot
    if candidate.options.correct is not None:
        from sordiff.service.ingest.correction import judge_correction  # rarely needed

        return judge_correction(candidate, last, session)
    if not is_later(snapshot.header, last.header):
        message = (
            f"it is of {snapshot.header.created_at} and not later than run {last.id} "
            f"({last.header.created_at}), and other bytes"
        )
        advice = _advise_on_order(last, options)
        raise build_snapshot_refusal(snapshot, "order", message, advice)
    nights = pair_nights(last, snapshot, session, deeply=candidate.options.plain)
    if candidate.options.rebaseline:
        return _judge_rebaseline(candidate, last, nights, session)
    return _judge_night(candidate, last, nights, session, hear)


def _advise_on_order(last: RecordedRun, options: IngestOptions) -> str:
    if options.history:
        return (
            "Nights are recorded in their order; an earlier one can't be added later. Name a later "
            "first day, or record the history in a changelog of its own, with --db."
        )
    return (
        "Snapshots are recorded in their order; an earlier one can't be added later. "
        f"If it is run {last.id} that has the wrong day, take this one as its correction: "
        f"`sordiff ingest --correct {last.id} --reason TEXT SNAPSHOT`."
    )


def _fill_candidate(candidate: Candidate, last: RecordedRun, session: Session) -> Candidate:
    """With what a table can't say by itself; refused if the night before was another kind of file.

    Only a new baseline leads from one kind to another.
    """
    snapshot, header = candidate.snapshot, last.header
    if not candidate.options.rebaseline:
        day = snapshot.header.snapshot_date
        advice = (
            f"Take this night as a new baseline: `sordiff ingest --rebaseline FILE@{day}`, and "
            "then the days after it. Or record the history in a changelog of its own, with --db."
            if candidate.options.history
            else "Take it as a new baseline: sordiff ingest --rebaseline."
        )
        demand_kind(snapshot, header.version, advice)
    if snapshot.gaps is None or snapshot.header.version != header.version:
        if not has_unclear_entries(snapshot.lists):
            return candidate
        filled = settle_lists(snapshot, session.state.read_lists())
    elif snapshot.touched is None:
        filled = fill_snapshot(snapshot, read_present_register(session, header))
    else:
        filled = fill_touched_snapshot(snapshot, open_present_register(session, last))
    return msgspec.structs.replace(candidate, snapshot=filled)


def refuse_ahead(candidate: Candidate) -> None:
    """What is taken without a stop must not be dated ahead: no true night could follow it."""
    ahead = find_date_ahead_alert(candidate.snapshot.header, candidate.options.recorded_at)
    if ahead is not None and not candidate.options.accept:
        advice = "See to the clock and to the file; take it all the same with --accept."
        raise build_snapshot_refusal(candidate.snapshot, ahead.code, ahead.message, advice)


def _judge_rebaseline(
    candidate: Candidate, last: RecordedRun, nights: NightPair, session: Session
) -> JudgedSnapshot:
    snapshot, old = candidate.snapshot, nights.old
    changes = compare(old, nights.tonight, nights.presence, deeply=nights.deeply)
    run = build_new_run("rebaseline", candidate, changes.new.count_open(), snapshot.warnings)
    reference = read_coverage(session, last, old)
    rules = candidate.settings.anomalies.coverage
    turned = find_coverage_alerts(changes, reference, rules, PLACES)
    dates = find_candidate_date_alerts(candidate, run.nights_missing)
    return JudgedSnapshot(
        run=run,
        # Somebody takes it as it is: what the units lost is told, and holds nothing.
        alerts=(*dates, *(msgspec.structs.replace(alert, severity="warning") for alert in turned)),
        snapshot=snapshot,
        before=old,
        after=changes.new,
        touched=changes.touched,
        adoptions=(*derive_adoptions(changes, ()), *derive_snapshot_adoptions(last, snapshot)),
        coverage=update_coverage(reference, changes),
        fields=candidate.names,
        quality=assess_night(session, last, changes),
        origin=build_origin(candidate, old),
    )


def _judge_night(
    candidate: Candidate,
    last: RecordedRun,
    nights: NightPair,
    session: Session,
    hear: HearEvents,
) -> JudgedSnapshot:
    snapshot, options, old = candidate.snapshot, candidate.options, nights.old
    comparison = interpret_nights(nights, snapshot, candidate.settings, session.history)
    changes, events = comparison.changes, comparison.events
    if events:
        refuse_told_step(candidate, last, session, code="order")
    reference = read_coverage(session, last, old)
    work_of_night = work_beside(
        comparison, reference, session.state.prepare, order_known=nights.order_known
    )
    with work_of_night as wait_for_work:
        hear(events, comparison.origin)
        # All that asks the changelog: the worker can't.
        quality = assess_night(session, last, changes)
        state_keys = state_keys_changed(changes)
        facts = gather_night_facts(changes, events, snapshot.header)
        run = build_new_run(facts.kind, candidate, changes.new.count_open(), comparison.warnings)
        run = msgspec.structs.replace(
            run, nights_missing=_count_missing(candidate, last, run.nights_missing, session)
        )
        alerts = (
            *find_candidate_date_alerts(candidate, run.nights_missing),
            *_alerts_of_changes(candidate, comparison, last, reference, session),
        )
        work = wait_for_work()
    stopped = is_held(alerts)
    return JudgedSnapshot(
        run=msgspec.structs.replace(
            run,
            state=options.state or ("held" if stopped and not options.accept else "accepted"),
            exceptional=stopped,
            counts=facts.counts,
        ),
        snapshot=snapshot,
        before=old,
        after=changes.new,
        touched=changes.touched,
        changes=changes,
        events=events,
        records=work.records,
        created=work.created,
        state_keys=state_keys,
        adoptions=(*work.adoptions, *derive_snapshot_adoptions(last, snapshot)),
        alerts=alerts,
        coverage=work.coverage,
        fields=candidate.names,
        quality=quality,
        origin=comparison.origin,
    )


def _count_missing(candidate: Candidate, last: RecordedRun, between: int, session: Session) -> int:
    """How many of the days between the last night and this one have no snapshot."""
    before, after = last.header.snapshot_date, candidate.snapshot.header.snapshot_date
    quiet_since = candidate.options.quiet_since
    if quiet_since is not None and quiet_since < after:
        between = min(between, max(0, count_nights_between(before, quiet_since) - 1))
        after = quiet_since
    return max(0, between - _days_with_a_run(session, before, after))


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
        from sordiff.service.query.register_at import read_register_after  # rarely needed

        old = read_register_after(session, valid)
        changes = compare(old, changes.new)
        events = interpret(changes, session.history)
        reference = read_coverage(session, valid, old)
    facts = gather_night_facts(changes, events, candidate.snapshot.header)
    past = Past(runs=read_recorded_facts(session, settings.alarms), coverage=reference)
    return find_night_alerts(changes, events, facts, past, settings)
