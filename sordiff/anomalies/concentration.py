"""Where the changes of a run concentrate: under one owner, or in one list."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from sordiff.anomalies.measures import Measure
from sordiff.events import (
    ClassificationEventData,
    Event,
    LocationNumberReassigned,
    LocationNumberReleased,
)
from sordiff.model import SorId

_MAJORITY: Final = 0.5
# A share that is not all of them must not read as if it were.
_NEARLY_ALL: Final = 0.99


class _List(NamedTuple):
    """A list of codes, by its name."""

    name: str


_Place: TypeAlias = SorId | _List


class Concentration:
    """The events of one run, asked by measure where they concentrate."""

    def __init__(
        self,
        events: Sequence[Event],
        name_of: Callable[[SorId], str | None],
        owner_of: Callable[[SorId], SorId | None],
    ) -> None:
        """`owner_of` is asked for units that no event of the run tells the owner of."""
        self._events = events
        self._name_of = name_of
        self._owner_of = owner_of
        self._owners = {
            event.data.unit.id: event.data.unit.owner_id
            for event in events
            if event.data.unit is not None
        }

    def among(self, measure: Measure) -> str | None:
        """Where at least half of what a measure counts is, as a sentence; None where nowhere."""
        events = [event for event in self._events if measure.has(event)]
        counts: Counter[_Place] = Counter(filter(None, map(self._place, events)))
        count = max(counts.values(), default=0)
        if not count or (share := count / len(events)) < _MAJORITY:
            return None
        # Of two that have half each, the same one whatever the order of the events.
        place = min(self._tell(each) for each in counts if counts[each] == count)
        percent = 100 if count == len(events) else round(100 * min(share, _NEARLY_ALL))
        return f"{percent} % of the {measure.words} are {place}"

    def _place(self, event: Event) -> _Place | None:
        """A list by its name, or an owner by its id."""
        unit = event.data.unit
        if unit is not None:
            return unit.owner_id
        if isinstance(event.data, ClassificationEventData):
            return _List(event.data.list)
        return self._owner(event)

    def _tell(self, place: _Place) -> str:
        if isinstance(place, _List):
            return f"in the list {place.name}"
        name = self._name_of(place)
        return f"under {name} ({place})" if name else f"under {place}"

    def _owner(self, event: Event) -> SorId | None:
        """The owner of the unit that a number concerns; of one that it left, of that one."""
        match event.data:
            case LocationNumberReleased(before=block) | LocationNumberReassigned(before=block):
                unit = block.unit_id
            case _:
                assert event.number_owner is not None, "all others are about a number"  # noqa: S101
                unit = event.number_owner
        return self._owners.get(unit) or self._owner_of(unit)
