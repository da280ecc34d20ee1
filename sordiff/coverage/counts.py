"""How many units of a register carry each path, and what a night adds to it and takes away."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from msgspec import Struct

from sordiff.coverage.carried import count_carriers, list_carried_paths
from sordiff.diff import Changeset
from sordiff.model import Kind, SorId, Unit
from sordiff.overlay import LazyUnits

# Every unit carries it, so that it counts the units.
EVERY_UNIT = "sor_id"

Carriers = Counter[tuple[str, Kind]]


class Coverage(Struct, frozen=True):
    """The units that carry each canonical field, block and unknown path, by path and kind."""

    carriers: Carriers

    def units(self, path: str) -> int:
        """How many units carry a path, of whatever kind."""
        return sum(self.carriers[path, kind] for kind in Kind)

    def paths(self) -> set[str]:
        """The paths that some unit carries."""
        return {path for path, _ in self.carriers}


def count_coverage(units: Iterable[Unit]) -> Coverage:
    """The coverage of all these units."""
    return Coverage(count_carriers(units))


def update_coverage(before: Coverage, changes: Changeset) -> Coverage:
    """The coverage of the new register: only what the night touched is looked at."""
    carriers = before.carriers.copy()
    old, new = changes.old.units, changes.new.units
    carriers.subtract(count_carriers(old[i] for i in _kept(changes, changes.removed)))
    carriers.update(count_carriers(new[i] for i in _kept(changes, changes.created)))
    return Coverage(+carriers)


def _kept(changes: Changeset, beside: Iterable[SorId]) -> Iterator[SorId]:
    """The touched units that both registers have, and those beside them."""
    yield from list_touched_in_both(changes)
    yield from beside


def list_touched_in_both(changes: Changeset) -> list[SorId]:
    """The units that both registers have and whose records are not equal, in order."""
    return sorted(changes.touched.difference(changes.created, changes.removed))


class CoverageTurns(Struct, frozen=True, kw_only=True):
    """What the touched units that both registers have carry, by path and kind as they were.

    `lost`: carried before and no more; `gained`: the reverse; `kept`: before and now.
    """

    lost: Carriers
    gained: Carriers
    kept: Carriers


def count_turns(changes: Changeset) -> CoverageTurns:
    """Look at the units that both registers have and that differ."""
    pairs = Counter(
        (
            changes.old.units[i].kind,
            list_carried_paths(changes.old.units[i]),
            list_carried_paths(changes.new.units[i]),
        )
        for i in list_touched_in_both(changes)
    )
    found = CoverageTurns(lost=Counter(), gained=Counter(), kept=Counter())
    for (kind, before, after), count in pairs.items():
        for carriers, paths in (
            (found.lost, before - after),
            (found.gained, after - before),
            (found.kept, before & after),
        ):
            for path in paths:
                carriers[path, kind] += count
    return found


def count_turns_between(before: Coverage, after: Coverage) -> CoverageTurns:
    """The least that units of both registers can have lost and gained, by the figures alone.

    As many as there are fewer units may have gone with what they carried, as many as there are more
    may have come with it.
    """
    found = CoverageTurns(lost=Counter(), gained=Counter(), kept=Counter())
    for key in before.carriers.keys() | after.carriers.keys():
        every = EVERY_UNIT, key[1]
        more = after.carriers[every] - before.carriers[every]
        turn = after.carriers[key] - before.carriers[key]
        found.lost[key] = max(0, -turn - max(0, -more))
        found.gained[key] = max(0, turn - max(0, more))
        found.kept[key] = min(before.carriers[key], after.carriers[key])
    return found


class Untouched:
    """How many units that the night did not touch carry a path."""

    def __init__(self, counted: Carriers, left: Iterable[Unit] = ()) -> None:
        """`counted` are the carriers known already, `left` the units not looked at yet."""
        self._counted = counted
        self._left = iter(left)

    def count(self, path: str, kinds: Iterable[Kind], enough: int) -> int:
        """How many of these kinds carry the path; once it is `enough`, there may be more."""
        keys = [(path, kind) for kind in kinds]
        while (found := sum(self._counted[key] for key in keys)) < enough:
            unit = next(self._left, None)
            if unit is None:
                break
            self._counted.update((name, unit.kind) for name in list_carried_paths(unit))
        return found


def prepare_untouched(changes: Changeset, reference: Coverage | None) -> Untouched:
    """By the coverage of the old register where that is known, else unit by unit.

    Then at no more of them is looked than the answers need.
    """
    if reference is None:
        return Untouched(Counter(), iterate_units_except(changes.old.units, changes.touched))
    taken = changes.touched.difference(changes.created)
    return Untouched(reference.carriers - count_carriers(changes.old.units[i] for i in taken))


def iterate_units_except(
    units: Mapping[SorId, Unit], skipped: AbstractSet[SorId]
) -> Iterator[Unit]:
    """The units but for the skipped ones, one after the other, none of them kept."""
    if isinstance(units, LazyUnits):
        return units.units_except(skipped)
    return (unit for sor_id, unit in units.items() if sor_id not in skipped)
