"""How much has happened: against the hard limits, and against what is usual for this register."""

from collections.abc import Sequence
from math import floor, inf
from typing import Final

from msgspec import Struct

from sordiff.alerts import Alert, Severity
from sordiff.anomalies.concentration import Concentration
from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.history import (
    Peers,
    compute_rate,
    compute_usual,
    spans_a_turn,
    spread_nights,
)
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import TOTAL, Measure

# So many times the busiest night, and above the absolute part of the limit, holds a run, too: in a
# register so large that half of its share is still above that.
_BEYOND_COMPARISON: Final = 10


class JudgedRun(Struct, frozen=True, kw_only=True):
    """A run with all that it is judged by.

    `runs` are the ordinary nights before it, `peers` those among them that it is compared with.
    """

    facts: RunFacts
    last: RunFacts | None
    runs: Sequence[RunFacts]
    peers: Peers
    limits: Limits
    concentration: Concentration

    def most(self, measure: Measure) -> float:
        """The hard limit of a measure in this register.

        Shares are taken of the last accepted register, since this one may be the fault; of this
        one where there is no other.
        """
        if measure is TOTAL:
            return inf
        base = self.last or self.facts
        ceiling = self.limits.ceiling(measure.name)
        return ceiling.most(units=base.units, open_units=base.open_units)


def find_limit_alert(judged: JudgedRun, measure: Measure) -> Alert | None:
    """More than the hard limit: the run is held, however many nights it spans.

    Counted whole and not per night: what is held must not pass because nobody decides.
    """
    saw, most = measure.count(judged.facts.counts), judged.most(measure)
    if saw <= most:
        return None
    where = judged.concentration.among(measure)
    told = f"{saw:,} {measure.words}, where {most:,.0f} is the limit{_share(judged, measure)}"
    expected = _busiest(judged, measure)
    return Alert(
        code=f"limit.{measure.name}",
        severity="critical",
        subject=None,
        message=_sentence(told, expected, where),
        saw=saw,
        limit=most,
        expected=expected,
        concentration=where,
    )


def find_unusual_alert(judged: JudgedRun, measure: Measure) -> Alert | None:
    """Far above what is usual; critical only above half of the hard limit, or beyond comparison."""
    rules = judged.limits.unusual
    saw = measure.count(judged.facts.counts)
    a_night = compute_rate(saw, judged.facts.nights)
    if a_night <= rules.least or len(judged.runs) < rules.nights:
        return None
    if _is_beyond_comparison(judged, measure, saw):
        least = judged.limits.ceiling(measure.name).count
        return _unusual(judged, measure, "critical", least, _busiest(judged, measure))
    known = compute_usual(judged.peers, lambda run: measure.count(run.counts), rules)
    if a_night <= known.most:
        return None
    most = known.most * spread_nights(judged.facts.nights)
    expected = (
        f"usually about {known.median:,.0f} a night and at most {floor(known.most):,}, "
        f"by {judged.peers.told()}"
    )
    turns = [measure.count(run.counts) for run in judged.runs if spans_a_turn(run)]
    if spans_a_turn(judged.facts) and turns:
        most = max(most, rules.times * max(turns))
        expected += f", and up to {max(turns):,} when a month began"
    if saw <= most:
        return None
    severity: Severity = "critical" if saw > judged.most(measure) / 2 else "warning"
    return _unusual(judged, measure, severity, most, expected)


def _is_beyond_comparison(judged: JudgedRun, measure: Measure, saw: int) -> bool:
    """Ten times the busiest run, and above the floor; by runs and not by nights, as the limit."""
    if measure is TOTAL or saw <= judged.limits.ceiling(measure.name).count:
        return False
    return saw >= _BEYOND_COMPARISON * max(measure.count(run.counts) for run in judged.runs)


def _unusual(
    judged: JudgedRun,
    measure: Measure,
    severity: Severity,
    most: float,
    expected: str,
) -> Alert:
    facts = judged.facts
    saw = measure.count(facts.counts)
    over = ""
    if facts.nights > 1:
        over = f" a night, over {facts.nights} nights"
        spread = spread_nights(facts.nights)
        if spread < facts.nights:
            over = f"{over}, of which {spread} count"
    where = judged.concentration.among(measure)
    told = f"{compute_rate(saw, facts.nights):,.0f} {measure.words}{over}"
    return Alert(
        code=f"unusual.{measure.name}",
        severity=severity,
        subject=None,
        message=_sentence(told, expected, where),
        saw=saw,
        limit=most,
        expected=expected,
        concentration=where,
    )


def _share(judged: JudgedRun, measure: Measure) -> str:
    """How a limit came about that is a share of the register."""
    ceiling = judged.limits.ceiling(measure.name)
    if not ceiling.share:
        return ""
    base = judged.last or judged.facts
    of = f"{base.units:,} units" if ceiling.of == "units" else f"{base.open_units:,} open units"
    return f" ({100 * ceiling.share:g} % of {of}, at least {ceiling.count:,})"


def _busiest(judged: JudgedRun, measure: Measure) -> str:
    if not judged.runs:
        return "there is no history yet to compare it with"
    busiest = max(measure.count(run.counts) for run in judged.runs)
    nights = Peers(runs=judged.runs, called="ordinary nights").told()
    return f"the busiest of {nights} had {busiest:,}"


def _sentence(told: str, expected: str, where: str | None) -> str:
    return "; ".join(part for part in (told, expected, where) if part)
