"""Compare two registers, unit by unit and path by path. What a difference means is not said here.

Only this module uses DeepDiff. With it the plain road finds the paths that differ, as a second
opinion on the comparison value by value. It gets only unequal fields of unequal units: one
comparison with DeepDiff takes as long as two thousand with `==`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sordiff.fields import ATTRIBUTES, Flat, build_shared_pair, flatten_fields
from sordiff.model import Day, Entry, SorId, Unit, count_nights_between
from sordiff.register import Register
from sordiff.several_entries import is_read_anew


class ValueChange(Struct, frozen=True):
    """The value at one path, before and after; None is absent."""

    before: Any
    after: Any


_FindDifferences = Callable[[Flat, Flat], dict[str, ValueChange]]


class UnitDifference(Struct, frozen=True, kw_only=True):
    """A unit in both registers, and what differs: path -> change.

    `changes` is empty if only a day has passed that changes the state of the unit or its number.
    """

    old: Unit
    new: Unit
    changes: Mapping[str, ValueChange]

    @property
    def fields(self) -> frozenset[str]:
        """The top-level fields in which something differs."""
        return frozenset(path.split("/", 1)[0] for path in self.changes)


class EntryDifference(Struct, frozen=True, kw_only=True):
    """A code of a list that both nights have; an entry is None if that night lacks the code.

    `is_read_anew`: see the function of that name.
    """

    list: str
    code: str
    serves: str | None
    old: Entry | None
    new: Entry | None
    is_read_anew: bool = False


class Changeset(Struct, frozen=True, kw_only=True):
    """Everything that differs between two registers.

    `new` has the classifications after the run: tonight's, and the last known ones of lists that
    are missing tonight. `touched`: ids of unequal records, also if the difference is not compared
    (across versions some fields are not).
    """

    old: Register
    new: Register
    created: tuple[SorId, ...]
    removed: tuple[SorId, ...]
    units: tuple[UnitDifference, ...]
    touched: frozenset[SorId]
    entries: tuple[EntryDifference, ...]
    first_lists: tuple[str, ...]
    missing_lists: tuple[str, ...]

    @property
    def across_versions(self) -> bool:
        """Whether the two snapshots have different versions of the format."""
        return self.old.version != self.new.version

    @property
    def nights(self) -> int:
        """How many nights lie between the two; 0 for a reissue and for days that go back."""
        return count_nights_between(self.old.day, self.new.day)


class Presence(Struct, frozen=True, kw_only=True):
    """The ids to compare: in both registers, in the new one only, in the old one only."""

    both: Iterable[SorId]
    created: Iterable[SorId]
    removed: Iterable[SorId]


def compare(
    old: Register,
    tonight: Register,
    presence: Presence | None = None,
    *,
    deeply: bool = False,
    order_known: bool = True,
) -> Changeset:
    """Compare two registers; `tonight.lists` are the lists delivered with the snapshot.

    `presence`: the units to compare, if it is known that no others differ. `deeply`: use DeepDiff.
    `order_known`: whether the order of specialities in `old` is that of the file.
    """
    find = find_deep_differences if deeply else find_plain_differences
    new = tonight.with_lists({**old.lists, **tonight.lists})
    presence = presence or _compare_ids(old, new)
    units, touched = _compare_units(old, new, presence.both, find, order_known=order_known)
    created, removed = sorted(presence.created), sorted(presence.removed)
    return Changeset(
        old=old,
        new=new,
        created=tuple(created),
        removed=tuple(removed),
        units=tuple(units),
        touched=frozenset(touched.union(created, removed)),
        entries=tuple(_entry_differences(old, tonight)),
        first_lists=tuple(
            name
            for name, listed in sorted(tonight.lists.items())
            if listed.comes_first(old.lists.get(name))
        ),
        missing_lists=tuple(sorted(old.lists.keys() - tonight.lists.keys())),
    )


def _compare_units(
    old: Register,
    new: Register,
    ids: Iterable[SorId],
    find: _FindDifferences,
    *,
    order_known: bool,
) -> tuple[list[UnitDifference], set[SorId]]:
    """What differs in the units that both have, and whose records are not equal."""
    across = old.version != new.version
    units: list[UnitDifference] = []
    touched: set[SorId] = set()
    for sor_id in ids:
        before, after = old.units[sor_id], new.units[sor_id]
        if before == after:
            if day_changes_state(after, old.day, new.day):
                units.append(UnitDifference(old=before, new=after, changes={}))
            continue
        touched.add(sor_id)
        pair = build_shared_pair(before, after) if across else (before, after)
        if not order_known and set(before.specialities) == set(after.specialities):
            pair = pair[0], replace(pair[1], specialities=pair[0].specialities)
        changes = find_differences(*pair, find)
        if changes or day_changes_state(after, old.day, new.day):
            units.append(UnitDifference(old=before, new=after, changes=changes))
    return units, touched


def _compare_ids(old: Register, new: Register) -> Presence:
    return Presence(
        both=[sor_id for sor_id in new.units if sor_id in old.units],
        created=new.units.keys() - old.units.keys(),
        removed=old.units.keys() - new.units.keys(),
    )


def day_changes_state(unit: Unit, before: Day, after: Day) -> bool:
    """Whether the passing of days alone changes the state of the unit or of its number."""
    first_from, to, number = unit.first_from, unit.to, unit.location_number
    # Asked of every unit: where no limit lies between the days, the state need not be found.
    passed = (to is not None and (to < before) != (to < after)) or (
        first_from is not None and (first_from > before) != (first_from > after)
    )
    return (passed and unit.state(before) is not unit.state(after)) or (
        number is not None and number.is_closed(before) != number.is_closed(after)
    )


def find_differences(old: Unit, new: Unit, find: _FindDifferences) -> dict[str, ValueChange]:
    """Find the paths at which two unequal units differ, in order of the paths."""
    names = [
        name
        for name, attribute in ATTRIBUTES.items()
        if getattr(old, attribute) != getattr(new, attribute)
    ]
    if not names:
        return {}
    return find(flatten_fields(old, names), flatten_fields(new, names))


def find_deep_differences(before: Flat, after: Flat) -> dict[str, ValueChange]:
    """Find the paths at which two flat maps differ, in order; a list is one value."""
    from deepdiff import DeepDiff  # imported late: it takes 0.13 s

    # Threshold 0: even maps with hardly a path in common are compared path by path.
    tree = DeepDiff(
        before,
        after,
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,
    )
    paths = {level.path(output_format="list")[0] for levels in tree.values() for level in levels}
    return {path: ValueChange(before.get(path), after.get(path)) for path in sorted(paths)}


def find_plain_differences(before: Flat, after: Flat) -> dict[str, ValueChange]:
    """The same result value by value, in a hundredth of the time."""
    return {
        path: ValueChange(before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def _entry_differences(old: Register, tonight: Register) -> list[EntryDifference]:
    found: list[EntryDifference] = []
    for name in sorted(old.lists.keys() & tonight.lists.keys()):
        before, after = old.lists[name], tonight.lists[name]
        if after.comes_first(before):
            continue
        found.extend(
            EntryDifference(
                list=name,
                code=code,
                serves=after.serves,
                old=before.entries.get(code),
                new=after.entries.get(code),
                is_read_anew=is_read_anew(before, after, code),
            )
            for code in sorted(before.entries.keys() | after.entries.keys())
            if before.entries.get(code) != after.entries.get(code)
        )
    return found
