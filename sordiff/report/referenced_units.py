"""Which units a report speaks of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sordiff.events import (
    CATALOGUE,
    UnitAddressChanged,
    UnitClosureScheduled,
    UnitContactChanged,
    UnitRenamed,
    find_event_name,
)
from sordiff.model import SorId
from sordiff.report.change import Change, UnitEntry
from sordiff.report.model import Calendar, Group, Quality

# The types of changes whose sides are ids of units.
_NAME_UNITS: Final = frozenset(row.name for row in CATALOGUE if row.sides_name_units)
# The most frequent types of those that name nothing beside their unit.
_NAME_NO_OTHERS: Final = frozenset(
    find_event_name(data)
    for data in (UnitRenamed, UnitContactChanged, UnitAddressChanged, UnitClosureScheduled)
)
_ID_FIELDS: Final = frozenset({"replaces", "replaced_by", "geographical_parent_id"})


def list_named_units(change: Change) -> Iterator[SorId]:
    """The units that a change names, without those above them."""
    if change.unit is not None:
        yield change.unit
    yield from _list_named_beside(change)


def _list_named_beside(change: Change) -> Iterator[SorId]:
    if change.type in _NAME_UNITS:
        for side in (change.before, change.after):
            if isinstance(side, str):
                yield SorId(side)
            elif isinstance(side, tuple):
                yield from map(SorId, side)
    yield from (origin for origin in change.origins or () if origin is not None)
    for found in change.differences:
        if found.path in _ID_FIELDS:
            yield from _ids(found.before)
            yield from _ids(found.after)
    yield from change.replaces
    yield from change.replaced_by
    if change.previously is not None:
        yield change.previously[0]


def _ids(side: Any) -> Iterator[SorId]:
    if side is not None:
        yield from map(SorId, side if isinstance(side, list | tuple) else [side])


def collect_named_units(changes: Sequence[Change]) -> set[SorId]:
    """The units that these changes name."""
    found = {change.unit for change in changes if change.unit is not None}
    for change in changes:
        if change.type not in _NAME_NO_OTHERS and _may_name_others(change):
            found.update(_list_named_beside(change))
    return found


def _may_name_others(change: Change) -> bool:
    """Many changes name nothing beside their unit, and are looked into no further."""
    return bool(
        change.type in _NAME_UNITS
        or change.origins
        or change.replaces
        or change.replaced_by
        or change.previously
        or (change.differences and any(one.path in _ID_FIELDS for one in change.differences))
    )


def collect_other_units(
    calendar: Calendar, quality: Quality, groups: Iterable[Group]
) -> set[SorId]:
    """The units that the rest of a report names."""
    found = {sor_id for day in calendar.days for sor_id in day.units}
    for kind in quality.kinds:
        for line in (*kind.new, *kind.resolved, *kind.standing):
            found |= {SorId(line.subject), *line.units, *line.reached}
    for group in groups:
        found |= {SorId(found_id) for found_id in group.parameters.values()}
    return found


def add_units_above(
    table: Mapping[SorId, UnitEntry], wanted: Iterable[SorId]
) -> dict[SorId, UnitEntry]:
    """The part of the table that tells of these units and of all above them, by id.

    Owner and institution of a unit are above it. A table is read in runs of ids that are sorted,
    which costs less to sort than the ids that are wanted would.
    """
    chosen: set[SorId] = set()
    for sor_id in wanted:
        above: SorId | None = sor_id
        while above is not None and above not in chosen:
            entry = table.get(above)
            if entry is None:
                break
            chosen.add(above)
            above = entry.parent
    return {sor_id: table[sor_id] for sor_id in sorted(filter(chosen.__contains__, table))}
