"""What differs between two registers, unit by unit and path by path; not yet what it means.

The only module that knows DeepDiff, by which the plain road finds the paths: the second opinion on
what the fast one finds by comparing value by value. It is given unequal units alone, and of those
the unequal fields alone: one comparison with it costs as much as two thousand with `==`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from sordiff.fields import ATTRIBUTES, Flat, flat_fields, shared_pair
from sordiff.model import Day, Entry, SorId, Unit
from sordiff.register import Register


class Change(Struct, frozen=True):
    """The value at one path, before and after; None is absent."""

    before: Any
    after: Any


class UnitDifference(Struct, frozen=True, kw_only=True):
    """A unit present in both registers, with what differs by path.

    `changes` is empty where nothing differs but a day has passed that changes a state.
    """

    old: Unit
    new: Unit
    changes: Mapping[str, Change]

    @property
    def fields(self) -> frozenset[str]:
        """The top-level fields in which something differs."""
        return frozenset(path.split("/", 1)[0] for path in self.changes)


class EntryDifference(Struct, frozen=True, kw_only=True):
    """A code of a list that both nights have; None where the code is not there."""

    list: str
    code: str
    serves: str | None
    old: Entry | None
    new: Entry | None


class Changeset(Struct, frozen=True, kw_only=True):
    """Everything that differs between two registers.

    `new` carries the classifications that hold after the run: tonight's, and of a list that is
    missing tonight the last known. `touched` are the ids whose records are not equal, whether or
    not the difference is compared (across versions not all is).
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
        """Whether the two snapshots are of different versions of the format."""
        return self.old.version != self.new.version


class Presence(Struct, frozen=True, kw_only=True):
    """Which units are to be looked at: those that both registers have, and those that one has."""

    both: Iterable[SorId]
    created: Iterable[SorId]
    removed: Iterable[SorId]


def compare(
    old: Register, tonight: Register, presence: Presence | None = None, *, deeply: bool = False
) -> Changeset:
    """Compare two registers; `tonight.lists` are those delivered with the snapshot.

    `presence` names the units to look at where it is known that no other can differ; `deeply` has
    DeepDiff find what differs in each.
    """
    tell = deep_differences if deeply else plain_differences
    new = tonight.with_lists({**old.lists, **tonight.lists})
    across = old.version != new.version
    units: list[UnitDifference] = []
    touched: set[SorId] = set()
    presence = presence or _presence(old, new)
    for sor_id in presence.both:
        before, after = old.units[sor_id], new.units[sor_id]
        if before == after:
            if day_tells(after, old.day, new.day):
                units.append(UnitDifference(old=before, new=after, changes={}))
            continue
        touched.add(sor_id)
        pair = shared_pair(before, after) if across else (before, after)
        changes = differences(*pair, tell)
        if changes or day_tells(after, old.day, new.day):
            units.append(UnitDifference(old=before, new=after, changes=changes))
    created, removed = sorted(presence.created), sorted(presence.removed)
    return Changeset(
        old=old,
        new=new,
        created=tuple(created),
        removed=tuple(removed),
        units=tuple(units),
        touched=frozenset(touched.union(created, removed)),
        entries=tuple(_entry_differences(old, tonight)),
        first_lists=tuple(sorted(tonight.lists.keys() - old.lists.keys())),
        missing_lists=tuple(sorted(old.lists.keys() - tonight.lists.keys())),
    )


def _presence(old: Register, new: Register) -> Presence:
    return Presence(
        both=[sor_id for sor_id in new.units if sor_id in old.units],
        created=new.units.keys() - old.units.keys(),
        removed=old.units.keys() - new.units.keys(),
    )


def day_tells(unit: Unit, before: Day, after: Day) -> bool:
    """Whether the passing of the days alone changes the state of the unit or of its number."""
    number = unit.location_number
    return unit.state(before) is not unit.state(after) or (
        number is not None and number.is_closed(before) != number.is_closed(after)
    )


def differences(
    old: Unit, new: Unit, tell: Callable[[Flat, Flat], dict[str, Change]]
) -> dict[str, Change]:
    """The paths at which two unequal units differ, in order of the paths."""
    names = [
        name
        for name, attribute in ATTRIBUTES.items()
        if getattr(old, attribute) != getattr(new, attribute)
    ]
    if not names:
        return {}
    return tell(flat_fields(old, names), flat_fields(new, names))


def deep_differences(before: Flat, after: Flat) -> dict[str, Change]:
    """The paths at which two flat maps differ, in order; a list is one value."""
    from deepdiff import DeepDiff  # 0.13 s: only when it is asked for

    # Threshold 0: two maps with hardly a path in common are still told path by path.
    tree = DeepDiff(
        before,
        after,
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,
    )
    paths = {level.path(output_format="list")[0] for levels in tree.values() for level in levels}
    return {path: Change(before.get(path), after.get(path)) for path in sorted(paths)}


def plain_differences(before: Flat, after: Flat) -> dict[str, Change]:
    """The same by the plainest comparison, in a hundredth of the time."""
    return {
        path: Change(before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def _entry_differences(old: Register, tonight: Register) -> list[EntryDifference]:
    found: list[EntryDifference] = []
    for name in sorted(old.lists.keys() & tonight.lists.keys()):
        before, after = old.lists[name].entries, tonight.lists[name].entries
        found.extend(
            EntryDifference(
                list=name,
                code=code,
                serves=tonight.lists[name].serves,
                old=before.get(code),
                new=after.get(code),
            )
            for code in sorted(before.keys() | after.keys())
            if before.get(code) != after.get(code)
        )
    return found
