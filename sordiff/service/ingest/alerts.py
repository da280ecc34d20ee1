"""A night set against the limits and the history of accepted runs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from sordiff.alerts import Alert, find_reuse_alerts
from sordiff.anomalies.coverage import find_coverage_alerts, judge_recorded_coverage
from sordiff.anomalies.dates import find_date_alerts
from sordiff.anomalies.facts import RunFacts, count_facts
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.rules import is_held, judge_run
from sordiff.coverage.counts import Coverage
from sordiff.diff import Changeset
from sordiff.events import Event
from sordiff.model import Header, SorId
from sordiff.register import Register
from sordiff.report import RecordedRun, ReevaluatedRun
from sordiff.settings import Settings
from sordiff.snapshot import PLACES

if TYPE_CHECKING:  # a diff does without a changelog
    from sordiff.changelog import Session

_ACCEPTED = frozenset({"accepted", "released"})


class Past(Struct, frozen=True, kw_only=True):
    """What a night is judged by: the runs before it, oldest first, and the last one's coverage.

    `coverage` is None if it is not known.
    """

    runs: Sequence[RunFacts]
    coverage: Coverage | None = None


def gather_night_facts(changes: Changeset, events: Sequence[Event], header: Header) -> RunFacts:
    """What the rules see of a night that is being compared."""
    nights = changes.nights
    return RunFacts(
        run_id=None,
        kind="reissue" if nights == 0 else "night",
        day=changes.new.day,
        nights=nights,
        counts=count_facts(events),
        units=len(changes.new.units),
        open_units=changes.new.count_open(),
        size=header.size,
        exceptional=False,
        version=header.version,
    )


def gather_register_facts(register: Register, header: Header) -> RunFacts:
    """What the rules see of the night before, where only its file is there."""
    return RunFacts(
        run_id=None,
        kind="night",
        day=register.day,
        nights=1,
        counts={},
        units=len(register.units),
        open_units=register.count_open(),
        size=header.size,
        exceptional=False,
        version=header.version,
    )


def gather_run_facts(run: RecordedRun, counts: dict[str, int]) -> RunFacts:
    """What the rules see of a recorded run."""
    return RunFacts(
        run_id=run.id,
        kind=run.kind,
        day=run.header.snapshot_date,
        nights=run.nights or 0,
        counts=counts,
        units=run.units,
        open_units=run.units if run.open_units is None else run.open_units,
        size=run.header.size,
        exceptional=run.exceptional or run.is_taken_back,
        version=run.header.version,
    )


def read_recorded_facts(session: "Session", limits: Limits) -> list[RunFacts]:
    """What the rules need of the past, oldest first: the ordinary nights, and the last valid run.

    One night more than the rules look at, since a reissue is compared with the nights before the
    one that it takes the place of. Ten years are not read every night.
    """
    found = {run.id: run for run in session.runs.list_ordinary(limits.unusual.history + 1)}
    last = session.runs.find_last_valid() or session.runs.find_last_accepted()
    if last is not None:
        found[last.id] = last
    return [gather_run_facts(run, session.counts.read(run.id)) for run in found.values()]


def judge_again(session: "Session", settings: Settings, since: str) -> Iterator[ReevaluatedRun]:
    """Each recorded night from a day on, judged with these limits by what was accepted before it.

    The coverage is judged where it was recorded, by its figures alone.

    A run that would be held with these limits stays out of the history of the next; so do one that
    is corrected or retracted, and the one that puts a retracted run right.
    """
    counts = session.counts.read_all()
    retracted: set[int | None] = set()
    history: list[RunFacts] = []
    for run in session.runs.iterate():
        facts = gather_run_facts(run, counts.get(run.id, {}))
        if run.retracted_at is not None:
            retracted.add(run.id)
        if run.kind in {"night", "reissue"} and history:
            odd = find_date_alerts(run.header, run.recorded_at, run.nights_missing)
            turned = _turned_again(session, run, settings)
            counted = judge_run(facts, history[-1], history, settings.alarms)
            alerts = (*odd, *sorted((*turned, *counted), key=_is_warning))
            if run.header.snapshot_date >= since:
                yield ReevaluatedRun(
                    run_id=run.id, day=run.header.snapshot_date, state=run.state, alerts=alerts
                )
            facts = msgspec.structs.replace(
                facts,
                exceptional=is_held(alerts) or run.is_taken_back or run.compared_with in retracted,
            )
        if run.state in _ACCEPTED:
            history.append(facts)


def _turned_again(session: "Session", run: RecordedRun, settings: Settings) -> Iterator[Alert]:
    """Against the run that it was compared with; behind a retracted one, against that one's."""
    before = run
    while before.compared_with is not None and (before is run or before.retracted_at is not None):
        before = session.runs.get(before.compared_with)
    earlier, now = session.coverage.read(before.id), session.coverage.read(run.id)
    if before is not run and earlier is not None and now is not None:
        days = before.header.snapshot_date, run.header.snapshot_date
        yield from judge_recorded_coverage(earlier, now, days, settings.anomalies.coverage)


def _is_warning(alert: Alert) -> bool:
    return alert.severity != "critical"


def find_night_alerts(
    changes: Changeset,
    events: Sequence[Event],
    facts: RunFacts,
    past: Past,
    settings: Settings,
) -> tuple[Alert, ...]:
    """The alerts of a night's changes: of its events one by one, and of what came all at once."""

    def name_of(sor_id: SorId) -> str | None:
        unit = changes.new.units.get(sor_id) or changes.old.units.get(sor_id)
        return unit.name if unit else None

    history = past.runs
    last = history[-1] if history else None
    rules = settings.anomalies.coverage
    turned = find_coverage_alerts(changes, past.coverage, rules, PLACES)
    counted = judge_run(facts, last, history, settings.alarms, events=events, name_of=name_of)
    if changes.touched or changes.entries:
        # What changed without an event (between versions, say) is a change as well.
        counted = tuple(alert for alert in counted if alert.code != "quiet.no_change")
    # What was lost explains the counts, and is told before them.
    found = sorted((*turned, *counted), key=_is_warning)
    return (*find_reuse_alerts(events), *found)
