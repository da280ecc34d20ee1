"""What is counted: each event type, or what of it belongs together, under one name."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from sordiff.anomalies.facts import CEASED, REMOVED_WHILE_OPEN
from sordiff.events import EVENT_TYPES, Event, UnitRemoved


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
        if REMOVED_WHILE_OPEN not in self.parts:
            return False
        return isinstance(event.data, UnitRemoved) and event.data.was_open


_TOGETHER: Final = (
    Measure(name=CEASED, parts=("unit.closed", REMOVED_WHILE_OPEN), words="closings"),
    Measure(
        name="location_number.lost",
        parts=("location_number.released", "location_number.reassigned"),
        words="location numbers that their units lost",
    ),
)
# What stands before "are under Region X"; where nothing better is known, the name of the event.
_WORDS: Final = {
    REMOVED_WHILE_OPEN: "units removed while they were open",
    "unit.created": "new units",
    "unit.restored": "units that came back",
    "unit.opened": "openings",
    "unit.reopened": "reopenings",
    "unit.removed": "removed units",
    "unit.moved": "moves",
    "unit.renamed": "new names",
    "unit.type_changed": "changes of type",
    "unit.address_changed": "changes of address",
    "unit.contact_changed": "changes of contact",
    "unit.details_changed": "changes of details",
    "unit.closure_scheduled": "scheduled closings",
    "unit.effective_location_number_changed": "changes of effective location numbers",
    "classification.text_changed": "new texts of codes",
    "classification.code_added": "new codes",
    "classification.code_removed": "removed codes",
}


def _measures() -> dict[str, Measure]:
    """In the order in which they are told: what does most harm first."""
    covered = {part for measure in _TOGETHER for part in measure.parts} - {REMOVED_WHILE_OPEN}
    single = [REMOVED_WHILE_OPEN, *(name for name in EVENT_TYPES if name not in covered)]
    alone = [Measure(name=n, parts=(n,), words=_WORDS.get(n, f"{n} events")) for n in single]
    return {measure.name: measure for measure in (*_TOGETHER, *alone)}


MEASURES: Final[Mapping[str, Measure]] = _measures()


_BY_PART: Final = {
    part: tuple(m.name for m in MEASURES.values() if part in (m.name, *m.parts))
    for part in (*MEASURES, *EVENT_TYPES)
}


def happened(counts: Mapping[str, int]) -> list[Measure]:
    """The measures that are not zero by the counts of a run, in their order."""
    names = {name for part in counts if counts[part] for name in _BY_PART.get(part, ())}
    return [measure for measure in MEASURES.values() if measure.name in names]


# All events together, which have no hard limit.
TOTAL: Final = Measure(name="total", parts=tuple(EVENT_TYPES), words="changes in all")
