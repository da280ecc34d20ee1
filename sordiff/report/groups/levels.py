"""Grouping by what changes have in common, from the most specific to the most general."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct

from sordiff.events import Subject
from sordiff.model import SorId
from sordiff.report.change import Change, UnitEntry

# Fewer are told one by one.
LEAST: Final = 3
# So many groups of one kind say more than the changes themselves; beyond, only the large ones do,
# and a more general rule tells of the rest.
MANY: Final = 8
# The most groups of one kind that are told.
_MOST: Final = 20

_NARROWED: Final = frozenset({"under_owner", "under_owner_type"})

Table: TypeAlias = Mapping[SorId, UnitEntry]
Parameters: TypeAlias = tuple[tuple[str, str], ...]
# What a change has in common with others; a part that is not known says nothing of the change.
Common: TypeAlias = tuple[str | None, ...]


class GroupLevel(NamedTuple):
    """One way of grouping: `find` tells what a change has in common, by the `names` of its parts.

    A part that is empty is left out. `many` is how many groups it may find before only the large
    ones count.
    """

    rule: str
    names: tuple[str, ...]
    find: Callable[[Change, Table], Common]
    many: int = MANY


class FoundGroup(Struct, frozen=True, kw_only=True):
    """A group as a rule finds it: its name, what it found, and the places of its changes."""

    rule: str
    parameters: Parameters
    members: tuple[int, ...]


def group_by_levels(
    changes: Sequence[Change], places: Sequence[int], levels: Sequence[GroupLevel], table: Table
) -> tuple[list[FoundGroup], list[int]]:
    """The groups that the levels find among these places, and the places in no group."""
    found: list[FoundGroup] = []
    rest = list(places)
    for number, level in enumerate(levels):
        find, many = level.find, level.many
        buckets: dict[Common, list[int]] = defaultdict(list)
        for place in rest:
            common = find(changes[place], table)
            if None not in common:
                buckets[common].append(place)
        large = {key: members for key, members in buckets.items() if len(members) >= LEAST}
        if len(large) > many and number + 1 < len(levels):
            large = {k: m for k, m in large.items() if len(m) * many >= len(rest)}
        elif len(large) > _MOST:
            largest = sorted(large, key=lambda key: -len(large[key]))[:_MOST]
            large = {key: large[key] for key in largest}
        found += [
            _narrowed(level, common, members, changes, table) for common, members in large.items()
        ]
        taken = {place for members in large.values() for place in members}
        rest = [place for place in rest if place not in taken]
    return found, rest


def _narrowed(
    level: GroupLevel,
    common: Common,
    members: Sequence[int],
    changes: Sequence[Change],
    table: Table,
) -> FoundGroup:
    """Add the unit type to the rule if all units have the same one."""
    rule = level.rule
    told = [changes[place] for place in members]
    found = tuple((name, str(v)) for name, v in zip(level.names, common, strict=True) if v)
    if rule in _NARROWED and _are_of_units(told):
        types = {type_of(table, change.unit) for change in told}
        if types != {None} and len(types) == 1:
            found = (("unit_type", str(types.pop())), *found)
            rule = f"type_{rule}"
    return FoundGroup(rule=rule, parameters=found, members=tuple(members))


def _are_of_units(changes: Sequence[Change]) -> bool:
    return changes[0].event_type.subject is Subject.UNIT


def entry(table: Table, sor_id: SorId | None) -> UnitEntry:
    """A unit of the table, or one of which nothing is known."""
    return table.get(sor_id, _UNKNOWN)  # type: ignore[arg-type]  # None is nobody


def owner_of(change: Change, table: Table) -> SorId | None:
    """The owner of the unit that a change concerns; None where the unit is the owner itself."""
    owner = entry(table, change.unit).owner
    return None if owner == change.unit else owner


def type_of(table: Table, sor_id: SorId | None) -> str | None:
    """The code of a unit's type."""
    return entry(table, sor_id).unit_type


_UNKNOWN: Final = UnitEntry(missing=True)
