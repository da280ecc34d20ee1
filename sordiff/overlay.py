"""Tonight's register laid over the last one: changed units from above, all others from below.

Of a night that was read by its touched subtrees, only the changed units are in memory. The last
accepted register is the base; its units are read when asked for.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sordiff.model import Classification, Day, Gln, Header, SorId, State, Unit
from sordiff.register import Register, list_codes


class LazyUnits(Mapping[SorId, Unit]):
    """Units by id that are read when they are asked for; a subclass defines `get`."""

    def __getitem__(self, sor_id: SorId) -> Unit:
        unit: Unit | None = self.get(sor_id)
        if unit is None:
            raise KeyError(sor_id)
        return unit

    def __contains__(self, sor_id: object) -> bool:
        return self.get(SorId(str(sor_id))) is not None

    def look_ahead(self, ids: Iterable[SorId]) -> None:
        """All these will be asked for, so that who reads them one by one may read them together."""

    def look_ahead_above(self, units: Iterable[Unit]) -> None:
        """All units above these will be asked for."""

    def units_except(self, skipped: AbstractSet[SorId]) -> Iterator[Unit]:
        """The units but for these, each read and let go when the next is asked for."""
        return (self[sor_id] for sor_id in self if sor_id not in skipped)


class LazyRegister(Register):
    """A register whose units are read when they are asked for."""

    def look_ahead(self, units: Iterable[Unit]) -> None:
        """Who has the numbers of these units, and all units above them, will be asked for."""

    @abstractmethod
    def state_changes_by(self, day: Day) -> Iterable[SorId]:
        """The units that may be in another state on that other day, or whose number may be."""


class OverlaidUnits(LazyUnits):
    """The units of the base, replaced by those that tonight has changed or removed."""

    def __init__(
        self,
        base: Mapping[SorId, Unit],
        changed: Mapping[SorId, Unit],
        removed: AbstractSet[SorId],
        count: int,
    ) -> None:
        """`removed`: ids of the base that tonight does not have; `count`: the number of units."""
        self._base = base
        self.changed = changed
        self.removed = removed
        self._count = count

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self.changed.get(sor_id)
        if unit is not None:
            return unit
        return default if sor_id in self.removed else self._base.get(sor_id, default)

    def __getitem__(self, sor_id: SorId) -> Unit:
        # Most that are asked for were changed, and a great import asks half a million times.
        unit = self.changed.get(sor_id)
        return super().__getitem__(sor_id) if unit is None else unit

    def __iter__(self) -> Iterator[SorId]:
        yield from (i for i in self._base if i not in self.changed and i not in self.removed)
        yield from self.changed

    def __len__(self) -> int:
        return self._count


class OverlaidRegister(Register):
    """Tonight's register, of which only the changed units were read."""

    units: OverlaidUnits

    def __init__(
        self,
        base: Register,
        units: OverlaidUnits,
        header: Header,
        lists: Mapping[str, Classification],
    ) -> None:
        """`base` is the last accepted register; `header` and `lists` are tonight's."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=units,
            lists=lists,
        )
        self._base = base
        self._open_on: dict[Day, int] = {}
        self._new_children: dict[SorId | None, list[SorId]] = {}
        self._new_owners: dict[Gln, list[SorId]] = {}
        self._new_carriers: dict[str, list[SorId]] = {}
        for unit in units.changed.values():
            self._new_children.setdefault(unit.parent_id, []).append(unit.sor_id)
            if unit.number is not None:
                self._new_owners.setdefault(unit.number, []).append(unit.sor_id)
            if unit.provider_number is not None:
                self._new_carriers.setdefault(unit.provider_number, []).append(unit.sor_id)

    def look_ahead_below(self, ids: Iterable[SorId]) -> None:
        """All units below these will be asked for."""
        self._base.look_ahead_below(ids)

    def look_ahead_numbers(self, numbers: Iterable[Gln]) -> None:
        """The owners of all these numbers will be asked for."""
        self._base.look_ahead_numbers(numbers)

    def _without_touched(self, ids: Iterable[SorId]) -> list[SorId]:
        changed, removed = self.units.changed, self.units.removed
        return [sor_id for sor_id in ids if sor_id not in changed and sor_id not in removed]

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        added = self._new_children.get(sor_id, ())
        if sor_id is not None and self._base.units.get(sor_id) is None:
            return sorted(added)
        return sorted([*self._without_touched(self._base.children_of(sor_id)), *added])

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        stayed = self._without_touched(self._base.owners_of(number))
        return frozenset([*stayed, *self._new_owners.get(number, ())])

    def with_provider_number(self, number: str) -> Iterable[SorId]:
        """The units that carry a provider number."""
        added = self._new_carriers.get(number, ())
        return [*self._without_touched(self._base.with_provider_number(number)), *added]

    def carrying(self, field: str, codes: AbstractSet[str]) -> Iterator[SorId]:
        """The units that carry one of these codes in that field."""
        if not codes:
            return
        yield from self._without_touched(self._base.carrying(field, codes))
        for unit in self.units.changed.values():
            if not codes.isdisjoint(list_codes(unit, field)):
                yield unit.sor_id

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        if day not in self._open_on:
            in_base = self._base.count_open_on(day)
            self._open_on[day] = in_base + self._count_change(day, lambda _: True)
        return self._open_on[day]

    def carriers_on(self, serves: str, code: str, day: Day) -> int:
        """How many units that are open on a day carry the code in a field."""
        in_base = self._base.carriers_on(serves, code, day)
        return in_base + self._count_change(day, lambda unit: code in list_codes(unit, serves))

    def _count_change(self, day: Day, counts: Any) -> int:
        """How many more open units there are than in the base, of those that `counts` accepts."""

        def open_ones(units: Iterable[Unit | None]) -> int:
            return sum(
                unit is not None and unit.state(day) is State.OPEN and counts(unit)
                for unit in units
            )

        changed, base = self.units.changed, self._base.units
        before = (base.get(sor_id) for sor_id in (*changed, *self.units.removed))
        return open_ones(changed.values()) - open_ones(before)
