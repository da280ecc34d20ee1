"""Tonight's register over the last one: units that changed, and for all others the one below."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sordiff.model import Classification, Day, Gln, Header, SorId, State, Unit
from sordiff.register import Register, codes_in


class LazyUnits(Mapping[SorId, Unit]):
    """Units by id that are read when they are asked for; what is said of one is `get`."""

    def __getitem__(self, sor_id: SorId) -> Unit:
        unit: Unit | None = self.get(sor_id)
        if unit is None:
            raise KeyError(sor_id)
        return unit

    def __contains__(self, sor_id: object) -> bool:
        return self.get(SorId(str(sor_id))) is not None

    def passing(self, skipped: AbstractSet[SorId]) -> Iterator[Unit]:
        """The units but for these, each read and let go when the next is asked for."""
        return (self[sor_id] for sor_id in self if sor_id not in skipped)


class LazyRegister(Register):
    """A register whose units are read when they are asked for."""

    @abstractmethod
    def told_by_day(self, day: Day) -> Iterable[SorId]:
        """The units whose state, or whose number's, may be another on that later day."""


class OverlaidUnits(LazyUnits):
    """The units below, under those that tonight has otherwise."""

    def __init__(
        self,
        below: Mapping[SorId, Unit],
        changed: Mapping[SorId, Unit],
        gone: AbstractSet[SorId],
        count: int,
    ) -> None:
        """`changed` and `gone` go before what is below; `count` is how many there are in all."""
        self._below = below
        self.changed = changed
        self.gone = gone
        self._count = count

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self.changed.get(sor_id)
        if unit is not None:
            return unit
        return default if sor_id in self.gone else self._below.get(sor_id, default)

    def __iter__(self) -> Iterator[SorId]:
        yield from (i for i in self._below if i not in self.changed and i not in self.gone)
        yield from self.changed

    def __len__(self) -> int:
        return self._count


class OverlaidRegister(Register):
    """Tonight's register, of which only what changed was read."""

    units: OverlaidUnits

    def __init__(
        self,
        below: Register,
        units: OverlaidUnits,
        header: Header,
        lists: Mapping[str, Classification],
    ) -> None:
        """Put the changed units over the register below."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=units,
            lists=lists,
        )
        self._below = below
        self._come: dict[SorId | None, list[SorId]] = {}
        self._owning: dict[Gln, list[SorId]] = {}
        self._provider_numbers: dict[str, list[SorId]] = {}
        for unit in units.changed.values():
            self._come.setdefault(unit.parent_id, []).append(unit.sor_id)
            if unit.number is not None:
                self._owning.setdefault(unit.number, []).append(unit.sor_id)
            if unit.provider_number is not None:
                self._provider_numbers.setdefault(unit.provider_number, []).append(unit.sor_id)

    def _stayed(self, ids: Iterable[SorId]) -> list[SorId]:
        changed, gone = self.units.changed, self.units.gone
        return [sor_id for sor_id in ids if sor_id not in changed and sor_id not in gone]

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        come = self._come.get(sor_id, ())
        if sor_id is not None and self._below.units.get(sor_id) is None:
            return sorted(come)
        return sorted([*self._stayed(self._below.children_of(sor_id)), *come])

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        stayed = self._stayed(self._below.owners_of(number))
        return frozenset([*stayed, *self._owning.get(number, ())])

    def with_provider_number(self, number: str) -> Iterable[SorId]:
        """The units that carry a provider number."""
        come = self._provider_numbers.get(number, ())
        return [*self._stayed(self._below.with_provider_number(number)), *come]

    def carrying(self, field: str, codes: AbstractSet[str]) -> Iterator[SorId]:
        """The units that carry one of these codes in that field."""
        yield from self._stayed(self._below.carrying(field, codes))
        for unit in self.units.changed.values():
            if not codes.isdisjoint(codes_in(unit, field)):
                yield unit.sor_id

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        return self._below.count_open_on(day) + self._gained(day, lambda _: True)

    def carriers_on(self, serves: str, code: str, day: Day) -> int:
        """How many units that are open on a day carry the code in a field."""
        below = self._below.carriers_on(serves, code, day)
        return below + self._gained(day, lambda unit: code in codes_in(unit, serves))

    def _gained(self, day: Day, counts: Any) -> int:
        """How many more open units there are than below, of those that count."""

        def open_ones(units: Iterable[Unit | None]) -> int:
            return sum(
                unit is not None and unit.state(day) is State.OPEN and counts(unit)
                for unit in units
            )

        changed, below = self.units.changed, self._below.units
        before = (below.get(sor_id) for sor_id in (*changed, *self.units.gone))
        return open_ones(changed.values()) - open_ones(before)
