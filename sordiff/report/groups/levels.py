"""Grouping by what changes have in common, from the most specific to the most general."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

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
# What a change has in common with others, or None where the level says nothing of it.
# The number is how many groups it may find before only the large ones count.
GroupLevel: TypeAlias = tuple[str, Callable[[Change, Table], Parameters | None], int]


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
    for number, (rule, common, many) in enumerate(levels):
        buckets: dict[Parameters, list[int]] = defaultdict(list)
        for place in rest:
            parameters = common(changes[place], table)
            if parameters is not None:
                buckets[parameters].append(place)
        large = {key: members for key, members in buckets.items() if len(members) >= LEAST}
        if len(large) > many and number + 1 < len(levels):
            large = {k: m for k, m in large.items() if len(m) * many >= len(rest)}
        elif len(large) > _MOST:
            largest = sorted(large, key=lambda key: -len(large[key]))[:_MOST]
            large = {key: large[key] for key in largest}
        found += [
            _narrowed(rule, parameters, members, changes, table)
            for parameters, members in large.items()
        ]
        taken = {place for members in large.values() for place in members}
        rest = [place for place in rest if place not in taken]
    return found, rest


def _narrowed(
    rule: str,
    common: Parameters,
    members: Sequence[int],
    changes: Sequence[Change],
    table: Table,
) -> FoundGroup:
    """Add the unit type to the rule if all units have the same one."""
    told = [changes[place] for place in members]
    types = {type_of(table, change.unit) for change in told}
    if rule in _NARROWED and types != {None} and len(types) == 1 and _are_of_units(told):
        common = (("unit_type", str(types.pop())), *common)
        rule = f"type_{rule}"
    return FoundGroup(rule=rule, parameters=common, members=tuple(members))


def _are_of_units(changes: Sequence[Change]) -> bool:
    return changes[0].event_type.subject is Subject.UNIT


def parameters(**named: str | None) -> Parameters | None:
    """What was found, by name; None where a part of it is not known."""
    if None in named.values():
        return None
    return tuple((name, str(value)) for name, value in named.items())


def entry(table: Table, sor_id: str | None) -> UnitEntry:
    """A unit of the table, or one of which nothing is known."""
    return table.get(SorId(sor_id or ""), _UNKNOWN)


def owner_of(change: Change, table: Table) -> SorId | None:
    """The owner of the unit that a change concerns; None where the unit is the owner itself."""
    owner = entry(table, change.unit).owner
    return None if owner == change.unit else owner


def type_of(table: Table, sor_id: str | None) -> str | None:
    """The code of a unit's type."""
    return entry(table, sor_id).unit_type


_UNKNOWN: Final = UnitEntry(missing=True)
