"""Selecting the changes that were asked for: by type, subtree, unit or location number."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sordiff.events import (
    CodedText,
    Subject,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    find_event_name,
)
from sordiff.model import SorId
from sordiff.reconcile.kept_list import ListMembers
from sordiff.report.change import Change, UnitEntry
from sordiff.report.referenced_units import list_named_units
from sordiff.report.request import Asked

_MOVED: Final = find_event_name(UnitMoved)
_REGION: Final = "/region_code"
_EFFECTIVE: Final = find_event_name(UnitEffectiveLocationNumberChanged)


def select_changes(
    changes: Iterable[Change],
    asked: Asked,
    table: Mapping[SorId, UnitEntry],
    members: ListMembers | None = None,
) -> list[Change]:
    """The changes that were asked for; `members`: those of the list that was asked for."""
    return [
        change
        for change in changes
        if _is_asked_for(change, asked, table)
        and (members is None or _is_of(change, members, table))
    ]


def is_under(sor_id: str, top: SorId, table: Mapping[SorId, UnitEntry]) -> bool:
    """Whether a unit stands below the top of a subtree, or is it."""
    return any(above == top for above in walk_up(SorId(sor_id), table))


def walk_up(sor_id: SorId, table: Mapping[SorId, UnitEntry]) -> Iterator[SorId]:
    """The unit and all above it, nearest first."""
    seen: set[SorId] = set()
    current: SorId | None = sor_id
    while current is not None and current not in seen:
        yield current
        seen.add(current)
        entry = table.get(current)
        current = entry.parent if entry else None


def _is_asked_for(change: Change, asked: Asked, table: Mapping[SorId, UnitEntry]) -> bool:
    if asked.type is not None and change.type != asked.type:
        return False
    if asked.unit is not None and asked.unit not in {change.unit, *_owners_of_number(change)}:
        return False
    if asked.number is not None and asked.number not in _numbers(change):
        return False
    if asked.under is None:
        return True
    concerned = list_named_units(change) if change.type == _MOVED else _units_concerned(change)
    return any(is_under(sor_id, asked.under, table) for sor_id in concerned)


def _is_of(change: Change, members: ListMembers, table: Mapping[SorId, UnitEntry]) -> bool:
    return (
        not members.units.isdisjoint(_units_concerned(change))
        or not members.numbers.isdisjoint(_numbers_told(change))
        or _has_left(change, members, table)
    )


def _has_left(change: Change, members: ListMembers, table: Mapping[SorId, UnitEntry]) -> bool:
    """Whether a unit that the rule of a list meant is none of its units any more."""
    entry = table.get(change.unit) if change.unit is not None else None
    unit_type = entry.unit_type if entry is not None else None
    if change.type == _MOVED and isinstance(change.before, tuple):
        return members.has_moved_out(change.before[-1] if change.before else None, unit_type)
    if isinstance(change.before, CodedText):
        return members.had_type(change.unit, change.before.code)
    regions = [one.before for one in change.differences if one.path.endswith(_REGION)]
    return bool(regions) and members.was_in_region(regions, unit_type)


def _numbers_told(change: Change) -> set[object]:
    """The numbers that a change is about; that a unit has one makes its other changes not so."""
    if change.event_type.subject is Subject.LOCATION_NUMBER or change.type == _EFFECTIVE:
        return _numbers(change)
    return set()


def _units_concerned(change: Change) -> set[str]:
    own = {change.unit} if change.unit else set()
    return {*own, *_owners_of_number(change)}


def _owners_of_number(change: Change) -> set[str]:
    """The owners of a number, before and after."""
    if change.event_type.subject is not Subject.LOCATION_NUMBER:
        return set()
    return {side for side in (change.before, change.after) if isinstance(side, str)}


def _numbers(change: Change) -> set[object]:
    if change.event_type.subject is Subject.LOCATION_NUMBER:
        return {change.subject}
    if change.type == _EFFECTIVE:
        return {change.before, change.after}
    return {change.number}
