"""From a register to its resolved records; what a unit passes on is worked out once."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from msgspec.structs import asdict

from sordiff.events import CodedText, Named, OpenEffectiveNumber
from sordiff.model import Gln, Kind, PostalAddress, Speciality, State, Unit
from sordiff.register import HandedDown, Register
from sordiff.resolved.records import (
    AddressOf,
    AddressState,
    CodedSpeciality,
    ContactOf,
    LocationNumberState,
    NumberOwner,
    UnitState,
)


class Inheritance(NamedTuple):
    """What the units below a unit inherit from it."""

    path: tuple[Named, ...] = ()
    institution: Named | None = None
    owner: Named | None = None
    number: OpenEffectiveNumber | None = None
    postal: AddressOf | None = None
    contact: ContactOf | None = None


_NOTHING: Final = Inheritance()
_NO_ADDRESS: Final = AddressState()


class Resolver:
    """The resolved records of one register; made for many questions about the same night."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._inheritances = HandedDown(register, self._extend, _NOTHING)
        self._types: dict[str, CodedText] = {}
        self._specialities: dict[tuple[str, str | None], CodedSpeciality] = {}
        self._heirs: Counter[Gln] | None = None

    def unit_state(self, unit: Unit) -> UnitState:
        """The whole state of a unit."""
        inheritance = self.inheritance_of(unit)
        return UnitState(
            unit=unit,
            state=unit.state(self.register.day),
            unit_type=self._unit_type(unit),
            specialities=tuple(map(self._speciality, unit.specialities)),
            path=inheritance.path,
            institution=inheritance.institution,
            owner=inheritance.owner,
            effective_location_number=_effective(unit, inheritance),
            address=_addresses(unit, inheritance.postal),
            contact=inheritance.contact,
        )

    def location_number_state(self, number: Gln) -> LocationNumberState:
        """The whole state of a number that some unit owns."""
        heirs = self.register.heirs(number) if self._heirs is None else self._heirs[number]
        return LocationNumberState(number=number, owners=self.owners_of(number), heirs=heirs)

    def owners_of(self, number: Gln) -> tuple[NumberOwner, ...]:
        """The owners of a number, by id."""
        return tuple(self._owners(number))

    def effective_of(self, unit: Unit) -> OpenEffectiveNumber | None:
        """The effective location number of a unit."""
        return _effective(unit, self.inheritance_of(unit))

    def count_heirs(self) -> None:
        """Count the heirs of all numbers in one pass, for whoever asks for many."""
        day = self.register.day
        self._heirs = Counter(
            effective.number
            for unit in self.register.units.values()
            if unit.state(day) is State.OPEN
            if (effective := self.effective_of(unit)) is not None
        )

    def inheritance_of(self, unit: Unit) -> Inheritance:
        """What the units below this one inherit from it."""
        return self._inheritances.find_of(unit)

    def _extend(self, unit: Unit, above: Inheritance) -> Inheritance:
        """What stands in the unit itself, and for what does not, what is handed to it."""
        named = Named(id=unit.sor_id, name=unit.name)
        number, address, contact = unit.location_number, unit.address, unit.contact
        postal = address.postal if address else None
        return Inheritance(
            (*above.path, named),
            named if unit.kind is Kind.INSTITUTION else above.institution,
            named if unit.kind is Kind.OWNER else above.owner,
            above.number
            if number is None
            else OpenEffectiveNumber(
                number=number.number,
                from_unit=unit.sor_id,
                open=not number.is_closed(self.register.day),
            ),
            above.postal if postal is None else _address(unit, "postal", postal),
            above.contact
            if contact is None
            else ContactOf(**asdict(contact), from_unit=unit.sor_id),
        )

    def _owners(self, number: Gln) -> Iterator[NumberOwner]:
        day = self.register.day
        for sor_id in sorted(self.register.owners_of(number)):
            unit = self.register.units[sor_id]
            block = unit.location_number
            assert block is not None, "only owners of a number are asked for its block"  # noqa: S101
            yield NumberOwner(
                id=sor_id,
                name=unit.name,
                state=unit.state(day),
                owner=self.inheritance_of(unit).owner,
                open=not block.is_closed(day),
                block=block,
            )

    def _unit_type(self, unit: Unit) -> CodedText | None:
        code = unit.unit_type
        if code is None:
            return None
        if code not in self._types:
            self._types[code] = CodedText(code=code, text=self.register.text("unit_type", code))
        return self._types[code]

    def _speciality(self, carried: Speciality) -> CodedSpeciality:
        key = carried.code, carried.type
        if key not in self._specialities:
            text = self.register.text("specialities", carried.code)
            self._specialities[key] = CodedSpeciality(
                code=carried.code, text=text, type=carried.type
            )
        return self._specialities[key]


def unit_state(register: Register, unit: Unit) -> UnitState:
    """The whole state of one unit; for many of one register keep a Resolver."""
    return Resolver(register).unit_state(unit)


def location_number_state(register: Register, number: Gln) -> LocationNumberState:
    """The whole state of one number; for many of one register keep a Resolver."""
    return Resolver(register).location_number_state(number)


def _effective(unit: Unit, inheritance: Inheritance) -> OpenEffectiveNumber | None:
    """Its own number, or, where it is marked so, the nearest above."""
    owns_or_inherits = unit.location_number is not None or unit.location_number_inherited
    return inheritance.number if owns_or_inherits else None


def _addresses(unit: Unit, postal: AddressOf | None) -> AddressState:
    """The three addresses; each kind of unit inherits only those that such a unit can have."""
    own = unit.address
    if own is None and postal is None:
        return _NO_ADDRESS
    visiting = _own(unit, "visiting", own.visiting if own else None)
    activity = _own(unit, "activity", own.activity if own else None)
    if visiting is None and unit.kind is not Kind.OWNER:
        visiting = postal
    if activity is None and unit.kind is Kind.ORGANIZATIONAL_UNIT:
        activity = visiting
    return AddressState(postal=postal, visiting=visiting, activity=activity)


def _own(
    unit: Unit, name: Literal["visiting", "activity"], block: PostalAddress | None
) -> AddressOf | None:
    return None if block is None else _address(unit, name, block)


def _address(
    unit: Unit, name: Literal["postal", "visiting", "activity"], block: PostalAddress
) -> AddressOf:
    return AddressOf(**asdict(block), from_unit=unit.sor_id, from_block=name)
