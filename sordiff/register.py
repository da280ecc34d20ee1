"""The register of one night as a tree of units: parents, owners of numbers, heirs of numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import UnsetType

from sordiff.model import Classification, Day, Gln, Kind, LocationNumber, SorId, State, Unit

# What a unit hands down: any value.
Handed = TypeVar("Handed")


class Register:
    """All units of one snapshot by id, and what events need to know of the tree.

    `day` is the SnapshotDate; a unit's state is its state on that day. `lists`: the classifications
    of that night, by name. Siblings are in order of their ids, as text.
    """

    def __init__(
        self,
        *,
        day: Day,
        created_at: str,
        version: str,
        units: Mapping[SorId, Unit],
        lists: Mapping[str, Classification],
    ) -> None:
        """Each index is built when it is first needed."""
        self.day = day
        self.created_at = created_at
        self.version = version
        self.units = units
        self.lists = lists

    def with_lists(self, lists: Mapping[str, Classification]) -> "Register":
        """The same units under other classifications."""
        other = copy(self)
        other.lists = lists
        return other

    def look_ahead_below(self, ids: Iterable[SorId]) -> None:
        """All units below these will be asked for, so that they may be read together."""

    def look_ahead_numbers(self, numbers: Iterable[Gln]) -> None:
        """The owners of all these numbers will be asked for, so that they may be found together."""

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids of the units directly below a unit, in order; for None, of the owners."""
        return self._children.get(sor_id, ())

    @cached_property
    def _children(self) -> Mapping[SorId | None, list[SorId]]:
        below: dict[SorId | None, list[SorId]] = {}
        for sor_id in sorted(self.units):
            below.setdefault(self.units[sor_id].parent_id, []).append(sor_id)
        return below

    @cached_property
    def _owners(self) -> Mapping[Gln, list[SorId]]:
        owners: dict[Gln, list[SorId]] = {}
        for unit in self.units.values():
            if unit.location_number is not None:
                owners.setdefault(unit.location_number.number, []).append(unit.sor_id)
        return owners

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number; more than one is an error in the register."""
        return frozenset(self._owners.get(number, ()))

    def numbers(self) -> Iterable[Gln]:
        """All location numbers that a unit owns."""
        return self._owners

    @cached_property
    def _with_provider_number(self) -> Mapping[str, list[SorId]]:
        carrying: dict[str, list[SorId]] = {}
        for unit in self.units.values():
            if unit.provider_number is not None:
                carrying.setdefault(unit.provider_number, []).append(unit.sor_id)
        return carrying

    def take_indexes(
        self,
        owners: Mapping[Gln, list[SorId]],
        with_provider_number: Mapping[str, list[SorId]],
    ) -> None:
        """Know by these who has which number: all units were looked at to make them."""
        self._owners = owners
        self._with_provider_number = with_provider_number

    def with_provider_number(self, number: str) -> Iterable[SorId]:
        """The units with a provider number, closed ones too."""
        return self._with_provider_number.get(number, ())

    def ancestors(self, unit: Unit) -> Iterator[Unit]:
        """The units above, nearest first."""
        parent_id = unit.parent_id
        while parent_id is not None:
            parent = self.units[parent_id]
            yield parent
            parent_id = parent.parent_id

    def is_below(self, lower: SorId, upper: SorId) -> bool:
        """Whether `upper` is an ancestor of `lower`."""
        return any(above.sor_id == upper for above in self.ancestors(self.units[lower]))

    def nearest(self, unit: Unit, kind: Kind) -> Unit | None:
        """The nearest unit of that kind, upwards from the unit itself."""
        if unit.kind is kind:
            return unit
        return next((above for above in self.ancestors(unit) if above.kind is kind), None)

    def descendants(self, sor_id: SorId) -> Iterator[Unit]:
        """All units below, at all levels, in pre-order."""
        waiting = list(reversed(self.children_of(sor_id)))
        while waiting:
            below = waiting.pop()
            yield self.units[below]
            waiting.extend(reversed(self.children_of(below)))

    def effective(self, unit: Unit) -> tuple[LocationNumber, Unit] | None:
        """The effective location number and the unit that owns it; the number may be closed."""
        if unit.location_number is not None:
            return unit.location_number, unit
        if unit.location_number_inherited:
            for above in self.ancestors(unit):
                if above.location_number is not None:
                    return above.location_number, above
        return None

    def effective_number(self, unit: Unit) -> Gln | None:
        """The effective location number alone."""
        found = self.effective(unit)
        return found[0].number if found else None

    def heirs(self, number: Gln) -> int:
        """How many open units have this effective number, its owners included."""
        return sum(
            unit.state(self.day) is State.OPEN and self.effective_number(unit) == number
            for unit in self._units_at_or_below(self.owners_of(number))
        )

    def _units_at_or_below(self, owners: Iterable[SorId]) -> Iterator[Unit]:
        seen: set[SorId] = set()
        for owner in owners:
            for unit in (self.units[owner], *self.descendants(owner)):
                if unit.sor_id not in seen:
                    seen.add(unit.sor_id)
                    yield unit

    def count_open(self) -> int:
        """How many units are open on the register's day."""
        return self.count_open_on(self.day)

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        return sum(unit.state(day) is State.OPEN for unit in self.units.values())

    def text(self, serves: str, code: str) -> str | None:
        """The text of a code in this field, from the first list by name that has one."""
        texts = (
            self.lists[name].entries[code].text
            for name in sorted(self.lists)
            if self.lists[name].serves == serves and code in self.lists[name].entries
        )
        return next((text for text in texts if text is not None), None)

    def carriers(self, serves: str | None, code: str) -> int | None:
        """How many open units have the code in the field `serves`; None if there is no field."""
        return None if serves is None else self.carriers_on(serves, code, self.day)

    def carriers_on(self, serves: str, code: str, day: Day) -> int:
        """How many units that are open on a day have the code in a field."""
        if (serves, day) not in self._carried:
            self._carried[serves, day] = Counter(
                code
                for unit in self.units.values()
                if unit.state(day) is State.OPEN
                for code in list_codes(unit, serves)
            )
        return self._carried[serves, day][code]

    def carrying(self, field: str, codes: AbstractSet[str]) -> Iterator[SorId]:
        """The units with one of these codes in that field, in any state."""
        if codes:
            for unit in self.units.values():
                if not codes.isdisjoint(list_codes(unit, field)):
                    yield unit.sor_id

    @cached_property
    def _carried(self) -> dict[tuple[str, Day], Counter[str]]:
        return {}


class HandedDown(Generic[Handed]):
    """What each unit of a register hands down to those below it, worked out once for all of these.

    Level by level, for a table may have a tree of any depth.
    """

    def __init__(
        self, register: Register, extend: Callable[[Unit, Handed], Handed], to_owners: Handed
    ) -> None:
        """`extend`: what a unit hands down, by what is handed to it; `to_owners`: nothing yet."""
        self._register = register
        self._extend = extend
        self._to_owners = to_owners
        self._known: dict[SorId, Handed] = {}

    def find_of(self, unit: Unit) -> Handed:
        """What the units below this one get."""
        if unit.sor_id not in self._known:
            self._known[unit.sor_id] = self._extend(unit, self.find_above(unit))
        return self._known[unit.sor_id]

    def find_above(self, unit: Unit) -> Handed:
        """What the unit itself gets from above."""
        chain: list[Unit] = []
        parent_id = unit.parent_id
        while parent_id is not None and parent_id not in self._known:
            parent = self._register.units[parent_id]
            chain.append(parent)
            parent_id = parent.parent_id
        handed = self._to_owners if parent_id is None else self._known[parent_id]
        for above in reversed(chain):
            handed = self._known[above.sor_id] = self._extend(above, handed)
        return handed


def list_codes(unit: Unit, field: str) -> set[str]:
    """The codes of a unit in a field that a classification may serve."""
    number, address = unit.location_number, unit.address
    match field:
        case "unit_type":
            found: set[str | None] = {unit.unit_type}
        case "organisational_level":
            level = unit.organisational_level
            found = set() if isinstance(level, UnsetType) else {level}
        case "specialities":
            found = {speciality.code for speciality in unit.specialities}
        case "address/municipality_code":
            blocks = (address.postal, address.visiting, address.activity) if address else ()
            found = {block.municipality_code for block in blocks if block}
        case _:
            name = field.removeprefix("location_number/")
            found = {getattr(number, name)} if number else set()
    return {code for code in found if code is not None}
