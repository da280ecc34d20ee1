"""Measures: what is counted under one name, be it one event type or several together."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from sordiff.events import CATALOGUE, EVENT_TYPES, Event, EventType, MeasureName, UnitRemoved

_REMOVED_WHILE_OPEN: Final = MeasureName.REMOVED_WHILE_OPEN.value


class Measure(Struct, frozen=True, kw_only=True):
    """One thing that has a limit; `parts` are the counts it is the sum of, `words` name it."""

    name: str
    parts: tuple[str, ...]
    words: str

    def count(self, counts: Mapping[str, int]) -> int:
        """How often, by the counts of a run."""
        if self.name in counts:
            return counts[self.name]
        return sum([counts[part] for part in self.parts if part in counts])

    def has(self, event: Event) -> bool:
        """Whether the event is one of those that are counted here."""
        if event.name in self.parts:
            return True
        if _REMOVED_WHILE_OPEN not in self.parts:
            return False
        return isinstance(event.data, UnitRemoved) and event.data.was_open


# What stands before "are under Region X", of the measures that are no event type.
_PLURALS: Final = {
    MeasureName.CEASED: "closings",
    MeasureName.LOST: "location numbers that their units lost",
    MeasureName.REMOVED_WHILE_OPEN: "units removed while they were open",
}


def _joint_measure(name: MeasureName) -> Measure:
    """The measure of all types that are counted in it."""
    parts = [row.name for row in CATALOGUE if row.measure is name]
    if name is MeasureName.CEASED:
        parts.append(_REMOVED_WHILE_OPEN)
    return Measure(name=name.value, parts=tuple(parts or [name.value]), words=_PLURALS[name])


def _own_measure(row: EventType) -> Measure:
    """The measure of one type; where nothing better is known, it is called by the type's name."""
    return Measure(name=row.name, parts=(row.name,), words=row.plural or f"{row.name} events")


def _measures() -> dict[str, Measure]:
    """In the order in which they are told: what does most harm first."""
    joint = (_joint_measure(name) for name in MeasureName)
    own = (_own_measure(row) for row in CATALOGUE if row.measure is None)
    return {measure.name: measure for measure in (*joint, *own)}


MEASURES: Final[Mapping[str, Measure]] = _measures()


_BY_PART: Final = {
    part: tuple(m.name for m in MEASURES.values() if part in (m.name, *m.parts))
    for part in (*MEASURES, *EVENT_TYPES)
}


def list_happened(counts: Mapping[str, int]) -> list[Measure]:
    """The measures that are not zero by the counts of a run, in their order."""
    names = {name for part in counts if counts[part] for name in _BY_PART.get(part, ())}
    return [measure for measure in MEASURES.values() if measure.name in names]


# All events together, which have no hard limit.
TOTAL: Final = Measure(name="total", parts=tuple(EVENT_TYPES), words="changes in all")
