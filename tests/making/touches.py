"""One change to one unit or one location number: each touch alters the record that it is given.

A touch that makes a value blank instead of absent, or adds white space, changes the file and not what it says; such
touches are among them on purpose.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import fields

from .dice import FAR, NAMES, chance, near, other, touch_attributes, touch_unknown
from .numbers import valid_cvr, valid_sor_id
from .plain import KINDS, Kind, PlainAddress, PlainContact, PlainUnit

Touch = Callable[[random.Random, PlainUnit, str], None]

TYPES: dict[Kind, tuple[str, ...]] = {
    "owner": ("71001", "71002", "71003"),
    "institution": ("72001", "72002", "72003"),
    "organizational_unit": ("73001", "73002", "73003"),
}
SPECIALITIES = ("81001", "81002", "81003", "81004")
_UNITS = tuple(valid_sor_id(sequence) for sequence in (1, 2, 3, 11, 99))
_TEXTS: dict[str, tuple[str, ...]] = {
    "name": NAMES,
    "local_code": ("A1", "a1", "Ø 2"),
    "pharmacy_number": ("362", "362,1"),
    "shak": ("2529", "252901", "3800D0E", "0123"),
    "provider_number": ("019062", "19062", "99019062"),
    "geographical_parent_relation": ("1", "2"),
    "geographical_parent_id": _UNITS,
    "cvr": tuple(valid_cvr(n) for n in range(3)),
    "p_number": ("1000000001", "1000000002"),
    "organisational_level": ("1", "4"),
}
_ADDRESS_POOLS: dict[str, tuple[str, ...]] = {
    "post_code": ("4000", "0800"),
    "country_code": ("DK", "SE"),
    "country_scheme": ("iso3166-alpha2", "imk"),
    "municipality_code": ("0810", "0265"),
    "coordinate_north": ("6347032.450", "6347032.45"),
}
_ADDRESS_TEXTS = ("Testgade", "Åvej 1", "2")
ADDRESS_PARTS = tuple(f.name for f in fields(PlainAddress) if f.name != "unknown")
_CONTACTS: dict[str, tuple[str, ...]] = {
    "phone": ("46000001", "+45 46000001"),
    "email": ("a@example.dk", "A@example.dk"),
    "website": ("www.example.dk",),
    "fax": ("46000002",),
}
_SI_OE: tuple[Kind, ...] = ("institution", "organizational_unit")
_OE: tuple[Kind, ...] = ("organizational_unit",)


def _options(pool: Sequence[str]) -> tuple[str | None, ...]:
    """Absent, every value, then what means the same as absent and as the first value."""
    return (*pool, None, " ", f" {pool[0]}\n")


def _text(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, _day: str) -> None:
        setattr(unit, attribute, other(rng, _options(_TEXTS[attribute]), getattr(unit, attribute)))

    return touch


def _flag(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, _day: str) -> None:
        setattr(unit, attribute, other(rng, (True, False, None), getattr(unit, attribute)))

    return touch


def _unit_type(rng: random.Random, unit: PlainUnit, _day: str) -> None:
    unit.unit_type = other(rng, (*TYPES[unit.kind], None), unit.unit_type)


def _inherited(_rng: random.Random, unit: PlainUnit, _day: str) -> None:
    unit.location_number_inherited = not unit.location_number_inherited


def _address(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, _day: str) -> None:
        address: PlainAddress | None = getattr(unit, attribute)
        way = "set" if address is None else rng.choice(("part", "unset", "unknown", "blank"))
        if address is None or way == "blank":
            setattr(unit, attribute, address := PlainAddress())
        if way == "unset":
            setattr(unit, attribute, None)
        elif way == "unknown":
            touch_unknown(rng, address.unknown)
        elif way in ("set", "part"):
            part = rng.choice(ADDRESS_PARTS)
            pool = _options(_ADDRESS_POOLS.get(part, _ADDRESS_TEXTS))
            setattr(address, part, other(rng, pool, getattr(address, part)))
        if address.country_code is None or not address.country_code.strip():
            address.country_scheme = None

    return touch


def _contact(rng: random.Random, unit: PlainUnit, _day: str) -> None:
    way = "part" if unit.contact is None else rng.choice(("part", "unset", "unknown", "blank"))
    if way == "unset":
        unit.contact = None
        return
    if unit.contact is None or way == "blank":
        unit.contact = PlainContact()
    if way == "unknown":
        touch_unknown(rng, unit.contact.unknown)
    elif way == "part":
        part = rng.choice(tuple(_CONTACTS))
        setattr(
            unit.contact, part, other(rng, _options(_CONTACTS[part]), getattr(unit.contact, part))
        )


def _specialities(rng: random.Random, unit: PlainUnit, _day: str) -> None:
    pair = (rng.choice(SPECIALITIES), rng.choice(("1", "2", None)))
    if pair in unit.specialities:
        unit.specialities.remove(pair)
    elif unit.specialities and chance(rng, 0.3):
        unit.specialities[0] = pair
    elif chance(rng, 0.3):
        unit.specialities.reverse()
    else:
        unit.specialities.append(pair)


def _ids(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, _day: str) -> None:
        ids: list[str] = getattr(unit, attribute)
        sor_id = rng.choice(_UNITS)
        if sor_id in ids:
            ids.remove(sor_id)
        elif ids and chance(rng, 0.5):
            ids[0] = sor_id
        else:
            ids.append(sor_id)

    return touch


def _local_attribute(rng: random.Random, unit: PlainUnit, _day: str) -> None:
    place = rng.randint(1, 5)
    text = other(rng, ("x", "y", None, " "), unit.local_attributes.get(place))
    if text is None:
        del unit.local_attributes[place]
    else:
        unit.local_attributes[place] = text


def _date(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, day: str) -> None:
        setattr(unit, attribute, _other_date(rng, getattr(unit, attribute), day))

    return touch


def _other_date(rng: random.Random, present: str | None, day: str) -> str | None:
    ways = ("near", "near", "far", "none") if present is not None else ("near", "far")
    way = rng.choice(ways)
    if way == "none":
        return None
    return near(rng, day, present) if way == "near" else other(rng, FAR, present)


def _open_future(_rng: random.Random, unit: PlainUnit, day: str) -> None:
    """A unit that was to open later opens now, or one long open is put off."""
    unit.first_from = day if unit.first_from is not None and unit.first_from > day else FAR[0]


def _unknown(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, _day: str) -> None:
        touch_unknown(rng, getattr(unit, attribute))

    return touch


def _attributes(attribute: str) -> Touch:
    def touch(rng: random.Random, unit: PlainUnit, _day: str) -> None:
        touch_attributes(rng, getattr(unit, attribute))

    return touch


FIELD_TOUCHES: dict[str, tuple[tuple[Kind, ...], Touch]] = {
    "name": (KINDS, _text("name")),
    "unit_type": (KINDS, _unit_type),
    **{name: (_SI_OE, _text(name)) for name in ("pharmacy_number", "shak")},
    **{name: (_OE, _text(name)) for name in ("local_code", "provider_number")},
    **{
        name: (_SI_OE, _text(name))
        for name in ("geographical_parent_relation", "geographical_parent_id")
    },
    "cvr": (("owner",), _text("cvr")),
    "p_number": (KINDS, _text("p_number")),
    "organisational_level": (KINDS, _text("organisational_level")),
    "postal": (KINDS, _address("postal")),
    "visiting": (_SI_OE, _address("visiting")),
    "activity": (_OE, _address("activity")),
    "contact": (KINDS, _contact),
    "specialities": (_OE, _specialities),
    "replaces": (_SI_OE, _ids("replaces")),
    "replaced_by": (_SI_OE, _ids("replaced_by")),
    **{
        name: (_OE, _flag(name))
        for name in ("ambulant_activity", "patients_admitted", "reporting_level")
    },
    "local_attribute": (_OE, _local_attribute),
    "location_number_inherited": (_SI_OE, _inherited),
}
DATE_TOUCHES: dict[str, tuple[tuple[Kind, ...], Touch]] = {
    **{name: (KINDS, _date(name)) for name in ("to", "first_from", "from_", "updated")},
    "open_or_put_off": (KINDS, _open_future),
}
UNKNOWN_TOUCHES: dict[str, tuple[tuple[Kind, ...], Touch]] = {
    **{
        name: (KINDS, _unknown(name))
        for name in ("unknown", "unknown_in_wrapper", "unknown_in_status")
    },
    **{name: (KINDS, _attributes(name)) for name in ("attributes", "wrapper_attributes")},
}
