"""The order of events in a run, which is a promise: same input, same bytes out."""

from collections.abc import Iterable
from typing import Final

from sordiff.events import CATALOGUE, Event, Subject, UnitRemoved
from sordiff.interpret.nights import Nights
from sordiff.model import SorId

# The catalogue lists the types in the order of their groups. A variant stands in the group of its
# type, and the classifications are one group, whose order is by list and code.
_RANK: Final = {row.data: rank for rank, row in enumerate(CATALOGUE)}
# Bound once, as in nights.py.
_CLASSIFICATION: Final = Subject.CLASSIFICATION
_LOCATION_NUMBER: Final = Subject.LOCATION_NUMBER


def sort_events(events: Iterable[Event], nights: Nights) -> tuple[Event, ...]:
    """Sort by the groups of the contract; within a group by the tree, siblings by id.

    Closed and removed run from the leaves up, so that nothing stands below what is already gone.
    """
    groups: dict[int, list[tuple[tuple[str, ...], Event]]] = {}
    for event in events:
        group, place = _place(event, nights)
        groups.setdefault(group, []).append((place, event))
    ordered: list[Event] = []
    for group in sorted(groups):
        placed = groups[group]
        leaves_first = placed[0][1].type.leaves_first
        placed.sort(key=lambda item: item[0], reverse=leaves_first)
        ordered.extend(event for _, event in placed)
    return tuple(ordered)


def _place(event: Event, nights: Nights) -> tuple[int, tuple[str, ...]]:
    row = event.type
    rank = _RANK[row.variant_of or row.data]
    if row.subject is _CLASSIFICATION:
        listed, _, code = event.subject.partition("/")
        return 0, (listed, code, str(rank))
    if row.subject is _LOCATION_NUMBER:
        return rank, (event.subject, event.number_owner or "")
    units = nights.placed_before if isinstance(event.data, UnitRemoved) else nights.placed
    return rank, units.find_path(SorId(event.subject))
