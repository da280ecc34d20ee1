"""The order of events in a run, which is a promise: same input, same bytes out."""

from collections.abc import Iterable
from typing import Final, get_args

from sordiff.events import AnyEventData, Event
from sordiff.interpret.nights import Nights
from sordiff.model import SorId

# The union lists the types in the order of their groups. Created and restored are one group, and
# so are the four of the classifications, whose order is by list and code.
_RANK: Final = {event_type.NAME: rank for rank, event_type in enumerate(get_args(AnyEventData))}
_REVERSED: Final = ("unit.closed", "unit.removed")


def in_order(events: Iterable[Event], nights: Nights) -> tuple[Event, ...]:
    """Groups as the contract lists them; within a group the tree, siblings by id.

    Closed and removed run from the leaves up, so that nothing stands below what is already gone.
    """
    groups: dict[int, list[tuple[tuple[str, ...], Event]]] = {}
    for event in events:
        group, place = _place(event, nights)
        groups.setdefault(group, []).append((place, event))
    ordered: list[Event] = []
    for group in sorted(groups):
        placed = groups[group]
        backwards = placed[0][1].name in _REVERSED
        placed.sort(key=lambda item: item[0], reverse=backwards)
        ordered.extend(event for _, event in placed)
    return tuple(ordered)


def _place(event: Event, nights: Nights) -> tuple[int, tuple[str, ...]]:
    name, rank = event.name, _RANK[event.name]
    if name.startswith("classification."):
        listed, _, code = event.subject.partition("/")
        return 0, (listed, code, str(rank))
    if name.startswith("location_number."):
        return rank, (event.subject, event.number_owner or "")
    if name == "unit.restored":
        rank = _RANK["unit.created"]
    register = nights.old if name == "unit.removed" else nights.new
    return rank, register.path(register.units[SorId(event.subject)])
