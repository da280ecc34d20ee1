"""Judging a run: every rule in turn, and what they have to say together."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sordiff.alerts import Alert
from sordiff.anomalies.concentration import Concentration
from sordiff.anomalies.counts import JudgedRun, find_limit_alert, find_unusual_alert
from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.history import select_ordinary, select_peers
from sordiff.anomalies.levels import find_level_alert
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import TOTAL, list_happened
from sordiff.anomalies.quiet import find_quiet_alert
from sordiff.events import Event
from sordiff.model import SorId


def _unknown(sor_id: SorId) -> None:
    """Nothing is known of the unit."""
    del sor_id


def judge_run(  # noqa: PLR0913, a run, its past, the limits, and three to ask where it concentrates
    facts: RunFacts,
    last: RunFacts | None,
    history: Sequence[RunFacts],
    limits: Limits,
    *,
    events: Sequence[Event] = (),
    name_of: Callable[[SorId], str | None] = _unknown,
    owner_of: Callable[[SorId], SorId | None] = _unknown,
) -> tuple[Alert, ...]:
    """What is wrong with a run, worst first; a baseline has nothing to be compared with.

    `last` is the last accepted run, which the levels are compared with; `history` are the runs
    accepted before, in any order, from which the ordinary nights are chosen here. `events` are
    those of the run, to tell where its changes concentrate; `owner_of` is asked for the owner of a
    unit that no event tells it of (one that only lost its location number).
    """
    if facts.kind == "baseline":
        return ()
    runs = select_ordinary(history, facts.day, limits.unusual.history)
    judged = JudgedRun(
        facts=facts,
        last=last,
        runs=runs,
        peers=select_peers(runs, facts.day, limits.unusual.weekdays),
        limits=limits,
        concentration=Concentration(events, name_of, owner_of),
    )
    alerts = [*find_level_alert(facts, last, limits, judged.concentration), *_of_counts(judged)]
    quiet = find_quiet_alert(facts, history, limits)
    if quiet is not None:
        alerts.append(quiet)
    return tuple(sorted(alerts, key=lambda alert: alert.severity != "critical"))


def is_held(alerts: Iterable[Alert]) -> bool:
    """Whether one of the alerts holds the run."""
    return any(alert.severity == "critical" for alert in alerts)


def _of_counts(judged: JudgedRun) -> Iterator[Alert]:
    """One alert a measure, the graver one; the total only where nothing else explains it."""
    found = False
    for measure in list_happened(judged.facts.counts):
        alert = find_limit_alert(judged, measure) or find_unusual_alert(judged, measure)
        if alert is not None:
            found = True
            yield alert
    if not found and (alert := find_unusual_alert(judged, TOTAL)) is not None:
        yield alert
