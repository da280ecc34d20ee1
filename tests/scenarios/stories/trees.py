"""Lifelike units and trees for the stories.

Units are named by the sequence number of their SOR id, location numbers by theirs; a story takes numbers of its own
choice. `since` is the day on which a unit or number began; what changes later goes through `changed`.
"""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.making.plain import (
    PlainAddress,
    PlainContact,
    PlainNumber,
    PlainUnit,
    twin,
    valid_gln,
    valid_sor_id,
)

from . import lists

SINCE = "2010-01-05"
MAIN_SPECIALITY = "51000095001"
# Post code to district, municipality code and region code.
PLACES = {
    "2200": ("København N", "0101", "1084"),
    "2300": ("København S", "0101", "1084"),
    "2630": ("Taastrup", "0169", "1084"),
    "3400": ("Hillerød", "0219", "1084"),
    "3700": ("Rønne", "0400", "1084"),
    "4000": ("Roskilde", "0265", "1085"),
    "4200": ("Slagelse", "0330", "1085"),
    "4300": ("Holbæk", "0316", "1085"),
    "4600": ("Køge", "0259", "1085"),
    "4700": ("Næstved", "0370", "1085"),
    "4800": ("Nykøbing F", "0376", "1085"),
    "5000": ("Odense C", "0461", "1083"),
    "5700": ("Svendborg", "0479", "1083"),
    "5970": ("Ærøskøbing", "0492", "1083"),
    "6100": ("Haderslev", "0510", "1083"),
    "6400": ("Sønderborg", "0540", "1083"),
    "6700": ("Esbjerg", "0561", "1083"),
    "7100": ("Vejle", "0630", "1083"),
    "7400": ("Herning", "0657", "1082"),
    "7500": ("Holstebro", "0661", "1082"),
    "7700": ("Thisted", "0787", "1081"),
    "8000": ("Aarhus C", "0751", "1082"),
    "8600": ("Silkeborg", "0740", "1082"),
    "8700": ("Horsens", "0615", "1082"),
    "8800": ("Viborg", "0791", "1082"),
    "8900": ("Randers C", "0730", "1082"),
    "9000": ("Aalborg", "0851", "1081"),
    "9500": ("Hobro", "0846", "1081"),
    "9700": ("Brønderslev", "0810", "1081"),
    "9800": ("Hjørring", "0860", "1081"),
}
_Dated = TypeVar("_Dated", PlainUnit, PlainNumber)


def day_after(day: str, days: int = 1) -> str:
    """The date so many days later; earlier when negative."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def changed(record: _Dated, day: str) -> _Dated:
    """The bookkeeping of a change that holds from this day: it was registered on the day before."""
    record.from_, record.updated = day, day_after(day, -1)
    return record


def registered(record: _Dated, day: str) -> _Dated:
    """The bookkeeping of a change that is only announced (a last day set ahead): registered on this day."""
    record.updated = day
    return record


def unit(
    kind: Any,
    sequence: int,
    name: str,
    unit_type: lists.Code | None,
    *children: PlainUnit,
    since: str = SINCE,
    **said: Any,
) -> PlainUnit:
    """A unit of any kind, in force since that day and registered the day before; said: any field of PlainUnit."""
    return PlainUnit(
        sor_id=valid_sor_id(sequence),
        kind=kind,
        name=name,
        unit_type=unit_type and unit_type.code,
        children=list(children),
        **{"from_": since, "first_from": since, "updated": day_after(since, -1), **said},
    )


def owner(
    sequence: int, name: str, unit_type: lists.Code, *children: PlainUnit, **said: Any
) -> PlainUnit:
    """An owner (IE)."""
    return unit("owner", sequence, name, unit_type, *children, **said)


def institution(
    sequence: int, name: str, unit_type: lists.Code, *children: PlainUnit, **said: Any
) -> PlainUnit:
    """An institution (SI)."""
    return unit("institution", sequence, name, unit_type, *children, **said)


def organizational_unit(
    sequence: int, name: str, unit_type: lists.Code | None, *children: PlainUnit, **said: Any
) -> PlainUnit:
    """An organizational unit (OE); its type is optional in version 1."""
    return unit("organizational_unit", sequence, name, unit_type, *children, **said)


def number(sequence: int, region: str, *, since: str = SINCE, **said: Any) -> PlainNumber:
    """A location number in use since that day, with the usual system, network and administrator."""
    usual: dict[str, Any] = {
        "number": valid_gln(sequence),
        "system_supplier": "162",
        "system": "225",
        "network": "41000035001",
        "administrator": "639",
        "region": region,
        "from_": since,
        "first_from": since,
        "updated": day_after(since, -1),
    }
    return PlainNumber(**{**usual, **said})


def address(street: str, house: str, post_code: str, **said: str) -> PlainAddress:
    """An address in one of PLACES. What only version 2 holds is left out by the writer of version 1."""
    district, municipality, region = PLACES[post_code]
    usual: dict[str, Any] = {
        "street_name": street,
        "street_building": house,
        "post_code": post_code,
        "district_name": district,
        "country_code": "DK",
        "country_scheme": "iso3166-alpha2",
        "municipality_code": municipality,
        "street_code": f"{1 + zlib.crc32(street.encode()) % 9899:04d}",
        "region_code": region,
    }
    return PlainAddress(**{**usual, **said})


def phone(number_: str, email: str | None = None, website: str | None = None) -> PlainContact:
    """A contact block with a phone number."""
    return PlainContact(phone=number_, email=email, website=website)


def clinic(
    sequence: int,
    owner_name: str,
    clinic_name: str,
    unit_type: lists.Code,
    where: PlainAddress,
    *people: str,
    location_number: PlainNumber | None = None,
    on_institution: bool = False,
    provider_number: str | None = None,
    speciality: lists.Code | None = None,
    person_type: lists.Code | None = None,
    owner_type: lists.Code = lists.PRIVAT,
    cvr: str | None = None,
    contact: PlainContact | None = None,
    since: str = SINCE,
) -> PlainUnit:
    """A private practice: owner `sequence`, its one institution sequence + 1, the people from sequence + 2 on.

    The location number stands on the owner, or on_institution; all below inherit it. The address stands on owner and
    institution, the contact on the institution, the ydernummer and the speciality on the first of the people.
    """
    inherits = location_number is not None
    below = [
        organizational_unit(
            sequence + 2 + place,
            name,
            person_type,
            since=since,
            location_number_inherited=inherits,
            provider_number=provider_number if place == 0 else None,
            specialities=[(speciality.code, MAIN_SPECIALITY)] if speciality and place == 0 else [],
        )
        for place, name in enumerate(people)
    ]
    practice = institution(
        sequence + 1,
        clinic_name,
        unit_type,
        *below,
        since=since,
        postal=where,
        contact=contact,
        location_number=location_number if on_institution else None,
        location_number_inherited=inherits and not on_institution,
    )
    return owner(
        sequence,
        owner_name,
        owner_type,
        practice,
        since=since,
        postal=twin(where),
        cvr=cvr,
        location_number=None if on_institution else location_number,
    )


def pharmacy(
    sequence: int,
    owner_name: str,
    pharmacy_name: str,
    pharmacy_number: str,
    where: PlainAddress,
    *,
    location_number: PlainNumber | None = None,
    on_institution: bool = False,
    unit_type: lists.Code = lists.APOTEK,
    since: str = SINCE,
) -> PlainUnit:
    """A pharmacy: owner `sequence` (the pharmacist), institution sequence + 1, its dispensary sequence + 2."""
    tree = clinic(
        sequence,
        owner_name,
        pharmacy_name,
        unit_type,
        where,
        "Ekspedition",
        location_number=location_number,
        on_institution=on_institution,
        person_type=lists.SUPPLERENDE,
        since=since,
    )
    tree.children[0].pharmacy_number = pharmacy_number
    return tree


def municipality(
    sequence: int,
    name: str,
    where: PlainAddress,
    *institutions: PlainUnit,
    location_number: PlainNumber | None = None,
    since: str = SINCE,
) -> PlainUnit:
    """A municipality as owner `sequence`, with these institutions below it."""
    return owner(
        sequence,
        name,
        lists.KOMMUNE,
        *institutions,
        since=since,
        postal=where,
        location_number=location_number,
        contact=PlainContact(website=f"www.{_domain(name)}"),
    )


def region(
    sequence: int,
    name: str,
    where: PlainAddress,
    *institutions: PlainUnit,
    since: str = SINCE,
) -> PlainUnit:
    """A region as owner `sequence`, with these institutions below it."""
    return owner(
        sequence,
        name,
        lists.REGION,
        *institutions,
        since=since,
        postal=where,
        contact=PlainContact(website=f"www.{_domain(name)}"),
    )


def hospital(
    sequence: int, name: str, shak: str, where: PlainAddress, *departments: str, since: str = SINCE
) -> PlainUnit:
    """A hospital: institution `sequence` with SHAK code, and a clinical department from sequence + 1 on for each."""
    below = [
        organizational_unit(
            sequence + 1 + place,
            department,
            lists.KLINISK_ENHED,
            since=since,
            shak=f"{shak}{place + 1:02d}",
        )
        for place, department in enumerate(departments)
    ]
    return institution(sequence, name, lists.HOSPITAL, *below, since=since, shak=shak, postal=where)


def _domain(name: str) -> str:
    plain = name.lower().replace("kommune", "").replace("region", "").replace(" ", "")
    for letter, spelt in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        plain = plain.replace(letter, spelt)
    return plain + ".example.dk"
