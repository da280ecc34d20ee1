"""Which units a report speaks of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sordiff.model import SorId
from sordiff.report.change import Change, UnitEntry
from sordiff.report.model import Calendar, Group, Quality

_ID_FIELDS = frozenset({"replaces", "replaced_by", "geographical_parent_id"})


def list_named_units(change: Change) -> Iterator[SorId]:
    """The units that a change names, without those above them."""
    if change.unit is not None:
        yield change.unit
    yield from _list_named_beside(change)


def _list_named_beside(change: Change) -> Iterator[SorId]:
    if change.event_type.sides_name_units:
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


def collect_named_units(changes: Iterable[Change]) -> set[SorId]:
    """The units that these changes name."""
    found: set[SorId] = set()
    for change in changes:
        if change.unit is not None:
            found.add(change.unit)
        if _may_name_others(change):
            found.update(_list_named_beside(change))
    return found


def _may_name_others(change: Change) -> bool:
    """Most changes name nothing beside their unit, and are looked into no further."""
    return bool(
        change.differences
        or change.origins
        or change.replaces
        or change.replaced_by
        or change.previously
        or change.event_type.sides_name_units
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
    """The part of the table that tells of these units and of all above them."""
    chosen: dict[SorId, UnitEntry] = {}
    waiting: Iterable[SorId | None] = wanted
    while waiting:
        for sor_id in waiting:
            above = sor_id
            while above is not None and above not in chosen and above in table:
                chosen[above] = table[above]
                above = chosen[above].parent
        named = {unit for entry in chosen.values() for unit in (entry.institution, entry.owner)}
        waiting = {unit for unit in named - chosen.keys() if unit in table}
    return {sor_id: chosen[sor_id] for sor_id in sorted(chosen)}
