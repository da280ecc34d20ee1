"""The columns of each kind of table: which column says what of a unit.

A place is a path of the unit (`address/postal/street_name`), the text of a code
(`unit_type/text`), or what a row repeats of the units above it (`institution/…`, `owner/…`).
Source: the columns that public readers of these files name. What is not here is kept under its own
name, unless [columns.KIND] of sordiff.toml says its place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from sordiff.snapshot.source.refusals import ADVICE
from sordiff.table_kinds import TableKind

_BLOCK: Final = {
    "StreetName": "street_name",
    "StreetBuildingId": "street_building",
    "FloorId": "floor",
    "SuiteId": "suite",
    "AdditionalAddressInfo": "other/AdditionalAddressInfo",
    "PostCodeId": "post_code",
    "DistrictName": "district_name",
    "MunicipalityCode": "municipality_code",
    "RegionCode": "region_code",
    "CoordETRS89z32EMeasure": "coordinate_east",
    "CoordETRS89z32NMeasure": "coordinate_north",
}
_SOR2: Final = {
    "SorId": "sor_id",
    "SorType": "kind",
    "EntityName": "name",
    "EntityTypeId": "unit_type",
    "EntityTypeName": "unit_type/text",
    "ShakId": "shak",
    "ParentSorId": "parent_id",
    "HealthInstitutionSorId": "institution/sor_id",
    "HealthInstitutionEntityName": "institution/name",
    "HealthInstitutionEntityTypeName": "institution/type",
    "InstitutionOwnerSorId": "owner/sor_id",
    "InstitutionOwnerEntityName": "owner/name",
    "InstitutionOwnerEntityTypeName": "owner/type",
    "InstitutionOwnerCVRNumberId": "owner/cvr",
    **{
        f"{block}Address{column}": f"address/{block.lower()}/{field}"
        for block in ("Postal", "Visiting", "Activity")
        for column, field in _BLOCK.items()
    },
    "VirtualAddressTelephoneNumber": "contact/phone",
    "VirtualAddressWebsite": "contact/website",
    "VirtualAddressEmailAddress": "contact/email",
    "EanLocationCode": "location_number/number",
    "EanLocationCodeRegionName": "location_number/other/EanLocationCodeRegionName",
    **{
        f"PrioritizedEntitySpeciality{n}{column}": f"specialities/{n}{part}"
        for n in range(1, 9)
        for column, part in (("Id", ""), ("Name", "/text"))
    },
    "OrganisationalLevelCode": "organisational_level",
    "OrganisationalLevelName": "organisational_level/text",
    "FirstFromDate": "first_from",
    "FromDate": "from",
    "ToDate": "to",
}
_OLD_BLOCK: Final = {
    "By": "district_name",
    "Postnummer": "post_code",
    "KK": "municipality_code",
    "VK": "street_code",
    "Region": "region_code",
    "X": "other/X",
    "Y": "other/Y",
}
_SOR_CSV: Final = {
    "Enhedsnavn": "name",
    "Enhedstype": "unit_type",
    "SOR-type": "kind",
    "Gaeldende_fra_dato": "from",
    "Ophoert_dato": "to",
    "Sidst_aendret_dato": "updated",
    "SOR-kode": "sor_id",
    "Parent-SOR-kode": "parent_id",
    "SghAfd-kode": "shak",
    "Institutionsejer": "owner/name",
    "Sundhedsinstitution": "institution/name",
    "CVR": "owner/cvr",
    "Ydernummer": "provider_number",
    "Lokalkode": "local_code",
    "Apoteksnummer": "pharmacy_number",
    "Telefon": "contact/phone",
    "Fax": "contact/fax",
    "Email": "contact/email",
    "Hjemmeside": "contact/website",
    "Lokationsnummer": "location_number/number",
    "Lokationsnummerstatus": "location_number/other/Lokationsnummerstatus",
    "Nedarvningsstatus": "location_number_inherited",
    "EDB-system": "location_number/system",
    "Systemleverandør": "location_number/system_supplier",
    "Netoperatør": "location_number/network",
    "Region": "other/Region",
    "Hovedspeciale": "specialities/1",
    "Postadresse": "address/postal/street_name",
    "Besoegsadresse": "address/visiting/street_name",
    "Aktivitetsadresse": "address/activity/street_name",
    **{
        f"{letter}_{column}": f"address/{block}/{field}"
        for letter, block in (("P", "postal"), ("B", "visiting"), ("A", "activity"))
        for column, field in _OLD_BLOCK.items()
    },
}
KNOWN_COLUMNS: Final[Mapping[TableKind, Mapping[str, str]]] = {
    TableKind.SOR_CSV: _SOR_CSV,
    TableKind.DAILY: _SOR2,
    TableKind.COMPLETE: _SOR2,
}
# What tells the table of one kind from others, and without which no unit can be read.
REQUIRED: Final = ("sor_id", "kind", "parent_id", "name")
DAYS: Final = ("from", "to", "updated", "first_from")
# Columns that only repeat what the rows of other units say.
_REPEATED: Final = {
    "healthinstitution": "institution/other",
    "institutionowner": "owner/other",
}


_SPECIALITY: Final = re.compile(r"specialities/\d")
# Places whose field has another name.
_FIELDS: Final = {"owner/cvr": "cvr"}


class Columns(Struct, frozen=True, kw_only=True):
    """The header of a file, understood: place -> index of the cell; `width` is that of each row.

    `names`: the columns as the header has them.
    """

    kind: TableKind
    names: tuple[str, ...]
    places: dict[str, int]

    @property
    def width(self) -> int:
        """The number of cells of every row."""
        return len(self.names)

    def group_by_field(self) -> dict[str, tuple[str, ...]]:
        """The columns of each field, as `check --coverage` shows them."""
        found: dict[str, tuple[str, ...]] = {}
        for place, index in self.places.items():
            field = _FIELDS.get(place, "specialities" if _SPECIALITY.fullmatch(place) else place)
            found[field] = (*found.get(field, ()), self.names[index])
        return found

    def name_of(self, place: str) -> str:
        """The column that says this."""
        return self.names[self.places[place]]


class ColumnProblem(Exception):  # errors of sordiff are named for what happened
    """A header by which no unit can be read, and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def fold_name(name: str) -> str:
    """A column's name without case and without the space around it."""
    return name.strip().casefold()


def recognise_header(names: Iterable[str]) -> TableKind | None:
    """The kind of table by the columns that only it has; COMPLETE has those of DAILY."""
    found = {fold_name(name) for name in names}
    if {"sor-kode", "sor-type"} <= found:
        return TableKind.SOR_CSV
    if {"sorid", "sortype"} <= found:
        return TableKind.DAILY
    return None


def understand_header(
    kind: TableKind, names: Iterable[str], mapped: Mapping[str, Iterable[str]]
) -> Columns:
    """Find the place of each column; ColumnProblem if one is missing or stands twice.

    `mapped`: place -> further names of its column, which come before the known ones.
    """
    given = tuple(names)
    known = {fold_name(name): place for name, place in KNOWN_COLUMNS[kind].items()}
    known |= {fold_name(name): place for place, listed in mapped.items() for name in listed}
    places: dict[str, int] = {}
    for index, name in enumerate(given):
        place = known.get(fold_name(name)) or _place_unknown(name, index)
        if place in places:
            other = given[places[place]]
            message = f"the columns {other!r} and {name!r} say the same ({place})"
            if fold_name(other) == fold_name(name):
                raise ColumnProblem(message, ADVICE)
            advice = (
                f"Take one of them out of [columns.{kind}] of sordiff.toml; nothing was changed."
            )
            raise ColumnProblem(message, advice)
        places[place] = index
    missing = [place for place in REQUIRED if place not in places]
    if missing:
        columns = ", ".join(_usual_names(kind, missing))
        advice = f"Name them in [columns.{kind}] of sordiff.toml; nothing was changed."
        raise ColumnProblem(f"columns are missing: {columns}", advice)
    return Columns(kind=kind, names=given, places=places)


def _place_unknown(name: str, index: int) -> str:
    folded = fold_name(name) or f"column {index + 1}"
    for prefix, place in _REPEATED.items():
        if folded.startswith(prefix):
            return f"{place}/{folded}"
    return f"other/{folded}"


def _usual_names(kind: TableKind, places: Iterable[str]) -> Iterator[str]:
    names = {place: name for name, place in KNOWN_COLUMNS[kind].items()}
    return (names[place] for place in places)
