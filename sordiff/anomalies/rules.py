"""Judging a run: every rule in turn, and what they have to say together."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sordiff.alerts import Alert
from sordiff.anomalies.concentration import Concentration
from sordiff.anomalies.counts import Judged, over_limit, unusual
from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.history import comparable, ordinary
from sordiff.anomalies.levels import off_level
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import TOTAL, happened
from sordiff.anomalies.quiet import too_quiet
from sordiff.events import Event
from sordiff.model import SorId


def _unknown(sor_id: SorId) -> None:
    """Nothing is known of the unit."""
    del sor_id


def judge(  # noqa: PLR0913, a run, its past, the limits, and three to ask where it concentrates
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
    runs = ordinary(history, facts.day, limits.unusual.history)
    judged = Judged(
        facts=facts,
        last=last,
        runs=runs,
        peers=comparable(runs, facts.day, limits.unusual.weekdays),
        limits=limits,
        concentration=Concentration(events, name_of, owner_of),
    )
    alerts = [*off_level(facts, last, limits, judged.concentration), *_of_counts(judged)]
    quiet = too_quiet(facts, history, limits)
    if quiet is not None:
        alerts.append(quiet)
    return tuple(sorted(alerts, key=lambda alert: alert.severity != "critical"))


def is_held(alerts: Iterable[Alert]) -> bool:
    """Whether one of the alerts holds the run."""
    return any(alert.severity == "critical" for alert in alerts)


def _of_counts(judged: Judged) -> Iterator[Alert]:
    """One alert a measure, the graver one; the total only where nothing else explains it."""
    found = False
    for measure in happened(judged.facts.counts):
        alert = over_limit(judged, measure) or unusual(judged, measure)
        if alert is not None:
            found = True
            yield alert
    if not found and (alert := unusual(judged, TOTAL)) is not None:
        yield alert
