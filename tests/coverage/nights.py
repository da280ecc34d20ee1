"""Two nights of forty units that carry everything, and what may happen to one element of every unit in the second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from tests.making.numbers import valid_cvr
from tests.making.plain import (
    Kind,
    PlainAddress,
    PlainContact,
    PlainNumber,
    PlainRegister,
    PlainUnit,
    valid_gln,
    valid_sor_id,
)
from tests.making.xml import write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.elements import Version

Way = Literal["gone", "renamed", "emptied"]
CLOSED = "2020-12-31"


@dataclass(frozen=True)
class Element:
    """A field and the elements that say it in versions 1 and 2; `line`: how a renamed one is mapped."""

    field: str
    v1: tuple[str, ...]
    v2: tuple[str, ...]
    lines: tuple[str, ...]

    def names(self, version: Version) -> tuple[str, ...]:
        return self.v1 if version == 1 else self.v2


def _same(field: str, name: str, *lines: str) -> Element:
    return Element(field, (name,), (name,), lines)


# What was published as thousands of changes, or not at all, each by the name of its test.
ELEMENTS = {
    "shak": _same("shak", "ShakIdentifier", 'shak = ["NewShakIdentifier"]'),
    "provider_number": _same(
        "provider_number", "ProviderIdentifier", 'provider_number = ["NewProviderIdentifier"]'
    ),
    "unit_type": Element(
        "unit_type",
        ("OwnerType", "InstitutionType", "UnitType"),
        ("EntityTypeIdentifier",),
        ('unit_type = ["NewEntityTypeIdentifier"]',),
    ),
    "to": _same("to", "ToDate", 'to = ["NewToDate"]'),
    "contact": _same(
        "contact", "VirtualAddressInformation", 'contact = ["NewVirtualAddressInformation"]'
    ),
    "email": _same(
        "contact/email", "EmailAddressIdentifier", '"contact/email" = ["NewEmailAddressIdentifier"]'
    ),
    "specialities": Element(
        "specialities",
        ("SpecialityCode",),
        ("SpecialityIdentifier",),
        ('specialities = ["NewSpecialityIdentifier"]',),
    ),
    "p_number": _same(
        "p_number", "ProductionUnitIdentifier", 'p_number = ["NewProductionUnitIdentifier"]'
    ),
    "postal": _same(
        "address/postal",
        "PostalAddressInformation",
        '"address/postal" = ["NewPostalAddressInformation"]',
    ),
    "street_name": _same(
        "address/postal/street_name",
        "StreetName",
        '"address/postal/street_name" = ["NewStreetName"]',
    ),
    "location_number": _same(
        "location_number",
        "EanLocationCodeEntity",
        'location_number = ["NewEanLocationCodeEntity"]',
    ),
    "gln": _same(
        "location_number",
        "EanLocationCode",
        '"location_number/number" = ["NewEanLocationCode"]',
    ),
}


def full_unit(index: int, kind: Kind, *below: PlainUnit) -> PlainUnit:
    """A unit that has everything; every second one is closed."""
    is_closed = index % 2 == 0
    return PlainUnit(
        sor_id=valid_sor_id(1_000 + index),
        kind=kind,
        name=f"Enhed {index}",
        unit_type=f"{500 + index}",
        local_code=f"L{index}",
        shak=f"{1000 + index}",
        provider_number=f"{20_000 + index}",
        location_number=PlainNumber(number=valid_gln(index), system=f"{index}", region="1084"),
        postal=PlainAddress(street_name=f"Vej {index}", post_code="8000", district_name="Aarhus"),
        contact=PlainContact(email=f"{index}@example.dk", phone=f"{86_000_000 + index}"),
        specialities=[(f"{700 + index}", "A"), (f"{800 + index}", "B")],
        from_="2019-01-01",
        first_from="2019-01-01",
        to=CLOSED if is_closed else None,
        cvr=valid_cvr(index),
        p_number=f"{1_000_000_000 + index}",
        children=list(below),
    )


def register(day: str = "2024-05-02", institutions: int = 58) -> PlainRegister:
    """An owner with so many institutions that have everything."""
    below = [full_unit(index, "institution") for index in range(1, institutions + 1)]
    return PlainRegister(
        created_at=f"{day}T01:00:00.0000000+02:00",
        snapshot_date=day,
        units=[full_unit(0, "owner", *below)],
        lists=None,
    )


@cache
def written(day: str, version: Version) -> bytes:
    """The extract of the register on this day, as it is before anything happens to an element."""
    return write_snapshot(register(day), version=version)


def done_to(content: bytes, names: tuple[str, ...], way: Way) -> bytes:
    """The file with the elements of these names gone, renamed or emptied, in every unit."""
    text = content.decode("utf-8")
    for name in names:
        whole = re.compile(rf"<((?:[\w-]+:)?){name}>.*?</\1{name}>\s*", re.DOTALL)
        tag = re.compile(rf"<(/?(?:[\w-]+:)?){name}>")
        match way:
            case "gone":
                text = whole.sub("", text)
            case "emptied":
                text = whole.sub(rf"<\g<1>{name}></\g<1>{name}>", text)
            case "renamed":
                text = tag.sub(rf"<\g<1>New{name}>", text)
    return text.encode("utf-8")


def nights(
    folder: Path, element: Element, way: Way, before: Version = 2, after: Version = 2
) -> tuple[Path, Path]:
    """An ordinary night, and the next one with the element gone, renamed or emptied in every unit."""
    old, new = folder / "1.xml", folder / "2.xml"
    old.write_bytes(written("2024-05-02", before))
    tonight = written("2024-05-03", after)
    new.write_bytes(done_to(tonight, element.names(after), way))
    assert new.read_bytes() != tonight
    return old, new
