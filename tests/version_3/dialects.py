"""Three invented dialects of version 3, each made from what the generators write, and how each is brought in.

`write` changes the records of an extract, `lists` names and writes the files of lists. `proposed` are the fields whose
lines the held night proposes; `fields` and `placed` those that a person finds with `check --coverage`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from tests.making.xml import write_data_types

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.making.plain import PlainList

_RECORDS = ("InstitutionOwner", "HealthInstitution", "OrganizationalUnit")
V3 = "urn:oio:nsi:3.0.0"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way in which version 3 might be written."""

    name: str
    write: Callable[[etree._Element], None]
    lists: Callable[[Sequence[PlainList]], dict[str, bytes]]
    proposed: frozenset[str]
    fields: tuple[str, ...] = ()
    placed: Callable[[Sequence[PlainList]], str] = lambda _: ""
    ending: tuple[str, ...] = ()


def translate(content: bytes, dialect: Dialect) -> bytes:
    """An extract of version 3 as this dialect has it."""
    root = etree.fromstring(content)
    for record in list(root.iter(*(f"{{{V3}}}{name}" for name in _RECORDS))):
        dialect.write(record)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _find(record: etree._Element, name: str) -> list[etree._Element]:
    return [e for e in record.iter() if etree.QName(e).localname == name]


def _rename(record: etree._Element, names: dict[str, str]) -> None:
    for old, new in names.items():
        for element in _find(record, old):
            element.tag = f"{{{V3}}}{new}"


def _move(record: etree._Element, wrapper: str, *names: str) -> None:
    """Put these elements into a new wrapper at the end of the record."""
    found = [element for name in names for element in _find(record, name)]
    if found:
        etree.SubElement(record, f"{{{V3}}}{wrapper}").extend(found)


def _lists_as_usual(lists: Sequence[PlainList]) -> dict[str, bytes]:
    return {"SorDataTypes.xml": write_data_types(list(lists))}


RENAMED = {
    "EntityName": "UnitName",
    "EntityTypeIdentifier": "UnitTypeCode",
    "ProviderIdentifier": "ProviderNumber",
    "ShakIdentifier": "HospitalClassificationCode",
    "EanLocationCode": "GlobalLocationNumber",
    "SpecialityIdentifier": "SpecialtyCode",
    "SpecialityType": "SpecialtyRank",
    "ToDate": "ValidTo",
    "FirstFromDate": "OpeningDate",
    "StreetName": "RoadName",
    "TelephoneNumberIdentifier": "Telephone",
    "EntityInheritanceIndicator": "InheritsNumber",
    "CVRnumberIdentifier": "CompanyNumber",
}


def _write_moved(record: etree._Element) -> None:
    _move(record, "Codes", "ShakIdentifier", "ProviderIdentifier", "LocalCode")
    _move(record, "Endpoint", "EanLocationCodeEntity")
    _move(record, "Electronic", "VirtualAddressInformation")
    _rename(record, {"VirtualAddressInformation": "Channels"})
    for address in _find(record, "AddressPostal"):
        parent = address.getparent()
        assert parent is not None
        parent.extend(list(address))
        parent.remove(address)
    for status in _find(record, "SorStatus"):
        status.tag = f"{{{V3}}}Validity"


def _write_emptied(record: etree._Element) -> None:
    for element in _find(record, "ShakIdentifier"):
        element.text = None
    for element in _find(record, "OrganisationalLevelCode"):
        level = etree.SubElement(record, f"{{{V3}}}OrganisationalLevel")
        etree.SubElement(level, f"{{{V3}}}Code").text = element.text
        etree.SubElement(level, f"{{{V3}}}Name").text = f"Niveau {element.text}"
        record.remove(element)


def _lists_in_rows(lists: Sequence[PlainList]) -> dict[str, bytes]:
    """A second file, in which every entry is a row that says of which list it is, by a number."""
    root = etree.Element(f"{{{V3}}}SorDataTypeCodes")
    for number, each in enumerate(lists, start=1):
        for entry in each.entries:
            row = etree.SubElement(root, f"{{{V3}}}Row", list=str(number))
            etree.SubElement(row, f"{{{V3}}}Key").text = entry.code
            etree.SubElement(row, f"{{{V3}}}Meaning").text = entry.text
    return {"SorDataTypeCodes.xml": etree.tostring(root, encoding="utf-8")}


def _lists_by_places(lists: Sequence[PlainList]) -> str:
    return "".join(
        f'[lists.{each.name}]\npath = "Row[@list=\'{number}\']"\ncode = "Key"\ntext = "Meaning"\n'
        for number, each in enumerate(lists, start=1)
    )


DIALECTS = (
    Dialect(
        name="renamed",
        write=lambda record: _rename(record, RENAMED),
        lists=_lists_as_usual,
        proposed=frozenset(
            {
                "name",
                "unit_type",
                "provider_number",
                "shak",
                '"location_number/number"',
                "specialities",
                '"specialities/type"',
                "to",
                "first_from",
                '"address/postal/street_name"',
                '"contact/phone"',
                "cvr",
            }
        ),
        fields=('location_number_inherited = ["InheritsNumber"]',),
    ),
    Dialect(
        name="moved",
        write=_write_moved,
        lists=_lists_as_usual,
        proposed=frozenset(
            {
                "shak",
                "provider_number",
                "local_code",
                "location_number",
                "contact",
                "from",
                "to",
                "first_from",
                '"address/postal/street_name"',
                '"address/postal/post_code"',
                '"address/postal/district_name"',
            }
        ),
    ),
    Dialect(
        name="emptied",
        write=_write_emptied,
        lists=_lists_in_rows,
        proposed=frozenset(),
        fields=('organisational_level = ["OrganisationalLevel/Code"]',),
        placed=_lists_by_places,
        ending=("shak",),
    ),
)
