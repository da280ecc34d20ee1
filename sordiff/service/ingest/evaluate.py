"""A snapshot set against the last accepted one: what is to be recorded of it, or why it is not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from sordiff.alerts import Alert, alerts_of
from sordiff.anomalies import coverage_alerts, date_ahead, facts_of_events, is_held, odd_dates
from sordiff.changelog import Session
from sordiff.changelog.records import NewRun
from sordiff.coverage import Coverage, coverage_after, coverage_of, units_but
from sordiff.diff import Changeset, compare
from sordiff.errors import Problem, SnapshotRefused
from sordiff.events import Event
from sordiff.interpret import interpret
from sordiff.model import Day, SorId, nights_between
from sordiff.register import Register
from sordiff.replay import Adoption, adoptions_of, root_adoptions
from sordiff.report import RecordedRun
from sordiff.service.ingest.alerts import (
    Past,
    alerts_of_night,
    facts_of_night,
    recorded_facts,
)
from sordiff.service.ingest.compare import Comparison, compared, is_later
from sordiff.service.ingest.quality import QualityOfNight, quality_at_first, quality_of_night
from sordiff.service.ingest.read_snapshot import register_of
from sordiff.service.ingest.registers import NightPair, nights_of
from sordiff.service.query.register_at import register_after
from sordiff.settings import Settings
from sordiff.snapshot import PLACES, Snapshot
from sordiff.wire import Origin


class IngestOptions(Struct, frozen=True, kw_only=True):
    """How a snapshot is to be taken.

    `recorded_at` (ISO 8601) and `user` are inputs: nothing below the command line reads a clock.
    `plain`: read everything, whatever is known of it already.
    `correct`: the number of the wrong run that the snapshot puts right.
    `restored`: the changelog is a restored backup, and the lost nights are gone for good.
    `state`: what became of it when it was recorded first, for a changelog that is made anew.
    `sends_notices`: they are sent afterwards, so that also one of an old snapshot is kept.
    """

    recorded_at: str
    user: str
    accept: bool = False
    rebaseline: bool = False
    restored: bool = False
    publish: bool = True
    dry_run: bool = False
    sends_notices: bool = False
    plain: bool = False
    reason: str | None = None
    data_types: Path | None = None
    correct: int | None = None
    state: Literal["accepted", "held"] | None = None

    @property
    def is_decided(self) -> bool:
        """Whether a person takes the responsibility for it."""
        return self.accept or self.rebaseline or self.correct is not None


class Candidate(Struct, frozen=True, kw_only=True):
    """A snapshot that was read, how it is to be taken, and the last accepted run."""

    snapshot: Snapshot
    settings: Settings
    options: IngestOptions
    last: RecordedRun | None


class Judged(Struct, frozen=True, kw_only=True):
    """All that is to be recorded of a snapshot.

    `before` is None for the baseline; `touched` are the ids whose records the state must change;
    `changes` is None where everything is taken anew: of a baseline and a rebaseline. `fields` are
    the further names by which the snapshot was read.
    """

    run: NewRun
    snapshot: Snapshot
    before: Register | None
    after: Register
    touched: frozenset[SorId]
    changes: Changeset | None = None
    events: tuple[Event, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    alerts: tuple[Alert, ...] = ()
    coverage: Coverage
    fields: Mapping[str, tuple[str, ...]]
    quality: QualityOfNight
    origin: Origin

    @property
    def held(self) -> bool:
        """Whether it waits for a decision, and moves no state until then."""
        return self.run.state == "held"


def refused(snapshot: Snapshot, code: str, message: str, advice: str) -> SnapshotRefused:
    """A refusal of a snapshot that is good in itself."""
    problem = Problem(code=code, message=message, file=snapshot.file)
    return SnapshotRefused(snapshot.file, (problem,), advice=advice)


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


def _odd_dates(candidate: Candidate, nights_missing: int) -> tuple[Alert, ...]:
    return odd_dates(candidate.snapshot.header, candidate.options.recorded_at, nights_missing)


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
        adoptions=(*comparison.adoptions, *_root_adoptions(last, snapshot)),
        alerts=alerts,
        coverage=coverage_after(reference, changes),
        fields=candidate.settings.fields,
        quality=quality_of_night(session, last, changes),
        origin=comparison.origin,
    )


def _coverage_before(session: Session, last: RecordedRun, old: Register) -> Coverage:
    """That of the last accepted run; counted once if it is from before there was any."""
    recorded = session.coverage.read(last.id)
    return recorded or coverage_of(units_but(old.units, frozenset()))


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


def _root_adoptions(last: RecordedRun, snapshot: Snapshot) -> tuple[Adoption, ...]:
    return root_adoptions(last.header.other, snapshot.header.other)


def _origin(candidate: Candidate, old: Register) -> Origin:
    return Origin(
        source=candidate.settings.source,
        created_before=old.created_at,
        created_after=candidate.snapshot.header.created_at,
    )


def _new_run(
    kind: str, candidate: Candidate, register: Register, warnings: tuple[str, ...]
) -> NewRun:
    snapshot, options, last = candidate.snapshot, candidate.options, candidate.last
    nights = None
    if last is not None:
        nights = nights_between(last.header.snapshot_date, snapshot.header.snapshot_date)
    if options.correct is not None:
        nights = 0
    return NewRun(
        kind=kind,
        state="accepted",
        header=snapshot.header,
        units=snapshot.count,
        file=snapshot.file,
        data_types_sha256=snapshot.data_types_sha256,
        compared_with=last.id if last else None,
        source=candidate.settings.source,
        nights=nights,
        nights_missing=max(0, (nights or 0) - 1),
        version_changed=last is not None and last.header.version != snapshot.header.version,
        publish=options.publish,
        warnings=warnings,
        reason=options.reason,
        recorded_at=options.recorded_at,
        decided_by=options.user if options.is_decided else None,
        open_units=register.count_open(),
        exceptional=False,
        counts={},
        lists={name: listed.serves for name, listed in snapshot.lists.items()},
        corrects=options.correct,
    )
