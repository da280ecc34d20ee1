"""Judging a run."""

from collections.abc import Callable, Iterable, Sequence

from sordiff.alerts import Alert
from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.limits import Limits
from sordiff.events import Event
from sordiff.model import SorId


def _nameless(sor_id: SorId) -> str | None:
    """Nobody's name is known."""
    del sor_id


def judge(
    facts: RunFacts,
    last: RunFacts | None,
    history: Sequence[RunFacts],
    limits: Limits,
    *,
    events: Sequence[Event] = (),
    name_of: Callable[[SorId], str | None] = _nameless,
) -> tuple[Alert, ...]:
    """What is wrong with a run, worst first."""
    return ()


def is_held(alerts: Iterable[Alert]) -> bool:
    """Whether one of the alerts holds the run."""
    return any(alert.severity == "critical" for alert in alerts)
