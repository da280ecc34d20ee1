"""How a register comes to be: units grown one by one into a tree, and the code lists beside it."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

from .dice import FAR, NAMES, UNKNOWN, chance, near, shift
from .number_touches import NUMBER_TOUCHES
from .numbers import valid_gln, valid_sor_id
from .plain import (
    KINDS,
    Kind,
    PlainEntry,
    PlainList,
    PlainNumber,
    PlainRegister,
    PlainUnit,
    below,
    parents,
    walk,
)
from .touches import FIELD_TOUCHES, SPECIALITIES, TYPES, UNKNOWN_TOUCHES

if TYPE_CHECKING:
    import random

DAY = "2024-09-02"
DEEPEST = 9
_NEVER_ON: dict[Kind, list[str]] = {
    "owner": [
        "local_code",
        "pharmacy_number",
        "shak",
        "provider_number",
        "location_number_inherited",
        "geographical_parent_relation",
        "geographical_parent_id",
        "visiting",
        "activity",
        "specialities",
        "replaces",
        "replaced_by",
        "ambulant_activity",
        "patients_admitted",
        "reporting_level",
        "local_attributes",
    ],
    "institution": [
        "local_code",
        "provider_number",
        "activity",
        "specialities",
        "ambulant_activity",
        "patients_admitted",
        "reporting_level",
        "local_attributes",
        "cvr",
    ],
    "organizational_unit": ["cvr"],
}
_BLANK = {
    f.name: f.default if f.default_factory is MISSING else f.default_factory
    for f in fields(PlainUnit)
}


def lists() -> list[PlainList]:
    """Code lists that know the codes in use."""
    types = [PlainEntry(code=code, text=f"type {code}") for kind in KINDS for code in TYPES[kind]]
    specialities = [PlainEntry(code=code, text=f"speciale {code}") for code in SPECIALITIES]
    systems = [PlainEntry(code=code, text=text, fields={"Version": "1"}) for code, text in _SYSTEMS]
    return [
        PlainList(name="EntityType", entries=types),
        PlainList(name="Speciality", entries=specialities),
        PlainList(name="SystemType", entries=systems),
    ]


_SYSTEMS = (("92001", "Æskulap"), ("92002", "Klinik & Co"))


def created_at(day: str, minute: int = 0) -> str:
    """The instant of the extract of this day: seven fractional digits and the offset of the season."""
    offset = "+02:00" if "04" <= day[5:7] <= "09" else "+01:00"
    return f"{day}T{1 + minute // 60:02d}:{minute % 60:02d}:29.6269718{offset}"


def fit(unit: PlainUnit, parent: PlainUnit | None) -> None:
    """Make the unit and all below it what their place makes them, and drop what such a kind never has."""
    unit.kind = (
        "owner"
        if parent is None
        else "institution"
        if parent.kind == "owner"
        else "organizational_unit"
    )
    for name in _NEVER_ON[unit.kind]:
        blank = _BLANK[name]
        setattr(unit, name, blank() if callable(blank) else blank)
    for child in unit.children:
        fit(child, unit)


def depth(unit: PlainUnit, above: dict[str, PlainUnit | None]) -> int:
    """The level of the unit, 1 for owners; above: see plain.parents."""
    levels = 1
    parent = above[unit.sor_id]
    while parent is not None:
        levels, parent = levels + 1, above[parent.sor_id]
    return levels


def height(unit: PlainUnit) -> int:
    """How many levels the unit and what is below it take."""
    return 1 + max((height(child) for child in unit.children), default=0)


def fresh_number(used: set[str]) -> str:
    """The lowest location number that none of these is."""
    sequence = 1
    while valid_gln(sequence) in used:
        sequence += 1
    return valid_gln(sequence)


def used_numbers(register: PlainRegister) -> set[str]:
    """The numbers that some unit of the register owns."""
    owned = (unit.location_number for unit in walk(register))
    return {number.number for number in owned if number is not None and number.number is not None}


def new_number(rng: random.Random, number: str, day: str) -> PlainNumber:
    """A location number block; most are in use and have few details."""
    block = PlainNumber(number=number, from_=shift(day, -900), first_from=shift(day, -900))
    for _ in range(rng.choice((0, 0, 1, 3))):
        NUMBER_TOUCHES[rng.choice(tuple(NUMBER_TOUCHES))](rng, block, day)
    return block


class Garden:
    """A register that units are grown into; it knows the ids, numbers and levels in use, so that growing is fast."""

    def __init__(self, register: PlainRegister) -> None:
        self.register = register
        above = parents(register)
        self.units = list(walk(register))
        self.levels = {unit.sor_id: depth(unit, above) for unit in self.units}
        self.ids = set(above) | {unit.sor_id for unit in register.graveyard}
        self.numbers = used_numbers(register)
        self.next_free: dict[int, int] = {}

    def grow(self, rng: random.Random) -> PlainUnit:
        """Put one more unit somewhere into the tree."""
        day, parent = self.register.snapshot_date, self._parent(rng)
        unit = PlainUnit(sor_id=self._id(rng), kind="owner", name=rng.choice(NAMES))
        fit(unit, parent)
        (self.register.units if parent is None else parent.children).append(unit)
        self.units.append(unit)
        self.levels[unit.sor_id] = 1 if parent is None else self.levels[parent.sor_id] + 1
        unit.unit_type = rng.choice(
            (*TYPES[unit.kind], None) if unit.kind == "organizational_unit" else TYPES[unit.kind]
        )
        set_dates(rng, unit, day)
        self._number(rng, unit, day)
        fitting = [touch for kinds, touch in FIELD_TOUCHES.values() if unit.kind in kinds]
        for _ in range(rng.choice((0, 1, 2, 3, 6))):
            rng.choice(fitting)(rng, unit, day)
        if chance(rng, 0.15):
            rng.choice(tuple(UNKNOWN_TOUCHES.values()))[1](rng, unit, day)
        return unit

    def _parent(self, rng: random.Random) -> PlainUnit | None:
        """None for an owner; else any unit or, to get deep trees, the latest."""
        way = (
            rng.choice(("any", "any", "any", "latest", "latest", "owner"))
            if self.units
            else "owner"
        )
        if way == "owner":
            return None
        parent = self.units[-1] if way == "latest" else rng.choice(self.units)
        return parent if self.levels[parent.sor_id] < DEEPEST else None

    def _id(self, rng: random.Random) -> str:
        """An id that is new here and no removed unit's; of differing lengths, for ids are ordered as text."""
        start = rng.choice((1, 1, 8, 95, 995))
        sequence = self.next_free.get(start, start)
        while (sor_id := valid_sor_id(sequence)) in self.ids:
            sequence += 1
        self.next_free[start] = sequence
        self.ids.add(sor_id)
        return sor_id

    def _number(self, rng: random.Random, unit: PlainUnit, day: str) -> None:
        """A number of its own, another unit's number, an inherited one, none, and both in rare cases."""
        way = rng.choice(
            ("none", "own", "own", "inherited", "inherited", "inherited", "shared", "both")
        )
        if way == "both" and chance(rng, 0.7):
            way = "own"
        if way in ("own", "both") or (way == "shared" and not self.numbers):
            number = fresh_number(self.numbers)
            self.numbers.add(number)
            unit.location_number = new_number(rng, number, day)
        elif way == "shared" and chance(rng, 0.5):
            unit.location_number = new_number(rng, rng.choice(sorted(self.numbers)), day)
        if way in ("inherited", "both") and unit.kind != "owner":
            unit.location_number_inherited = True


def set_dates(rng: random.Random, unit: PlainUnit, day: str) -> None:
    """The four dates of a unit that is open, closed, about to change, or knows no first day."""
    start = shift(day, -900)
    unit.from_ = unit.updated = unit.first_from = start
    way = rng.choice(
        ("open", "open", "open", "open", "to", "to", "first_from", "closed", "far", "absent")
    )
    if way == "to":
        unit.to = near(rng, day)
    elif way == "first_from":
        unit.first_from = near(rng, day)
    elif way == "closed":
        unit.to = shift(day, -300)
    elif way == "far":
        unit.to = rng.choice(FAR)
    elif way == "absent":
        unit.first_from = None


def empty_register(rng: random.Random) -> PlainRegister:
    """A register without units, which is none yet; with code lists or without."""
    register = PlainRegister(created_at=created_at(DAY), snapshot_date=DAY)
    if chance(rng, 0.8):
        register.lists = lists()
    if chance(rng, 0.1):
        register.unknown = [rng.choice(UNKNOWN)]
    return register


def random_register(rng: random.Random, *, units: int) -> PlainRegister:
    """A lifelike register of so many units (at least one)."""
    register = empty_register(rng)
    garden = Garden(register)
    for _ in range(max(units, 1)):
        garden.grow(rng)
    return register


def every_number(register: PlainRegister) -> list[tuple[PlainUnit, PlainNumber]]:
    """Every location number with the unit that owns it, in pre-order."""
    return [
        (unit, unit.location_number) for unit in walk(register) if unit.location_number is not None
    ]


def subtree_ids(unit: PlainUnit) -> set[str]:
    """The ids of the unit and of all below it."""
    return {one.sor_id for one in below(unit)}
