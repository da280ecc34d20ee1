"""How large the register is: compared with the last accepted run, whatever the history says."""

from msgspec import Struct

from sordiff.alerts import Alert
from sordiff.anomalies.concentration import Concentration
from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.limits import Level, Limits
from sordiff.anomalies.measures import MEASURES
from sordiff.events import UnitCreated, UnitRemoved, find_event_name


class _Compared(Struct, frozen=True, kw_only=True):
    """One figure of two runs."""

    name: str
    saw: int
    last: int
    unit: str


def find_level_alert(
    facts: RunFacts, last: RunFacts | None, limits: Limits, concentration: Concentration
) -> list[Alert]:
    """What is off by too much; in a rebaseline, which people ask for, a warning only."""
    if last is None:
        return []
    units = _Compared(name="units", saw=facts.units, last=last.units, unit="units")
    size = _Compared(name="size", saw=facts.size, last=last.size, unit="bytes")
    found = [(units, limits.units)]
    if facts.version is None or last.version is None or facts.version == last.version:
        found.append((size, limits.size))
    measure = MEASURES[find_event_name(UnitCreated if facts.units > last.units else UnitRemoved)]
    where = concentration.among(measure)
    return [
        _alert(figure, level, facts, last, where)
        for figure, level in found
        if _is_off(figure, level)
    ]


def _is_off(figure: _Compared, level: Level) -> bool:
    """An empty register is off, however small it was."""
    if figure.saw == 0 and figure.last > 0:
        return True
    return abs(figure.saw - figure.last) > max(level.least, level.share * figure.last)


def _alert(
    figure: _Compared, level: Level, facts: RunFacts, last: RunFacts, where: str | None
) -> Alert:
    off = max(level.least, level.share * figure.last)
    low, high = max(0, round(figure.last - off)), round(figure.last + off)
    expected = (
        f"{low:,} to {high:,}, by the {figure.last:,} {figure.unit} of {last.day}, "
        "the last accepted run"
    )
    what = "the register has" if figure.name == "units" else "the file has"
    parts = (f"{what} {figure.saw:,} {figure.unit}", f"expected {expected}", where)
    return Alert(
        code=f"level.{figure.name}",
        severity="warning" if facts.kind == "rebaseline" else "critical",
        subject=None,
        message="; ".join(part for part in parts if part),
        saw=figure.saw,
        limit=low if figure.saw < figure.last else high,
        expected=expected,
        concentration=where,
    )
