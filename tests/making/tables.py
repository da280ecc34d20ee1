"""A plain register as the CSV files that people have in hand: every row repeats what reaches its unit."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .plain import (
    ADDRESSES,
    PlainAddress,
    PlainContact,
    PlainNumber,
    PlainRegister,
    PlainUnit,
    copy_register,
    fold,
    parents,
    walk,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

BOM = b"\xef\xbb\xbf"
KINDS = {"owner": "IE", "institution": "SI", "organizational_unit": "OE"}
# Column of SOR2 behind `PostalAddress` … -> part of the block.
SOR2_BLOCK = {
    "StreetName": "street_name",
    "StreetBuildingId": "street_building",
    "FloorId": "floor",
    "SuiteId": "suite",
    "PostCodeId": "post_code",
    "DistrictName": "district_name",
    "MunicipalityCode": "municipality_code",
    "RegionCode": "region_code",
    "CoordETRS89z32EMeasure": "coordinate_east",
    "CoordETRS89z32NMeasure": "coordinate_north",
}
OLD_BLOCK = {
    "By": "district_name",
    "Postnummer": "post_code",
    "KK": "municipality_code",
    "VK": "street_code",
    "Region": "region_code",
}
OLD_STREETS = {
    "postal": "Postadresse",
    "visiting": "Besoegsadresse",
    "activity": "Aktivitetsadresse",
}
Block = dict[str, Any]
Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Reaching:
    """What a unit has or inherits; a block of nothing is empty."""

    number: str | None
    is_own: bool
    postal: Block
    visiting: Block
    activity: Block
    contact: Block


_NOTHING = Reaching(number=None, is_own=False, postal={}, visiting={}, activity={}, contact={})


def reaching(register: PlainRegister) -> dict[str, Reaching]:
    """What reaches each unit, by its id."""
    found: dict[str, Reaching] = {}
    for sor_id, parent in parents(register).items():
        unit = next(each for each in walk(register) if each.sor_id == sor_id)
        above = found[parent.sor_id] if parent else _NOTHING
        own = fold(unit.location_number.number) if unit.location_number else None
        number = own or (
            _number_above(unit, register, found) if unit.location_number_inherited else None
        )
        postal = _block(unit.postal) or above.postal
        visiting = _block(unit.visiting) or (postal if parent else {})
        is_organizational = unit.kind == "organizational_unit"
        activity = _block(unit.activity) or (visiting if is_organizational else {})
        contact = _block(unit.contact) or above.contact
        found[sor_id] = Reaching(
            number=number,
            is_own=own is not None,
            postal=postal,
            visiting=visiting,
            activity=activity,
            contact=contact,
        )
    return found


def _number_above(
    unit: PlainUnit, register: PlainRegister, found: dict[str, Reaching]
) -> str | None:
    above = parents(register)
    parent = above[unit.sor_id]
    while parent is not None:
        if found[parent.sor_id].is_own:
            return found[parent.sor_id].number
        parent = above[parent.sor_id]
    return None


def _block(block: PlainAddress | PlainContact | None) -> Block:
    if block is None:
        return {}
    said = {name: fold(text) for name, text in vars(block).items() if isinstance(text, str)}
    return {name: text for name, text in said.items() if text is not None}


def plainest(register: PlainRegister, *, old: bool = False) -> PlainRegister:
    """The register with only what a table can tell, and what equals that of the units above inherited.

    old: as sor.csv can tell it, else as SOR2.
    """
    new = copy_register(register)
    new.unknown = []
    parts = {*OLD_BLOCK.values(), "street_name"} if old else {*SOR2_BLOCK.values()}
    contact = ("phone", "fax", "email", "website") if old else ("phone", "website", "email")
    for unit in walk(new):
        for name in ADDRESSES:
            setattr(unit, name, _only(PlainAddress, getattr(unit, name), parts))
        unit.contact = _only(PlainContact, unit.contact, contact)
    reached = reaching(new)
    above = parents(new)
    new.units = [
        _plainest_unit(unit, reached, above, new.snapshot_date, old=old) for unit in new.units
    ]
    return new


def _only(kind: type, block: object | None, parts: Sequence[str] | set[str]) -> Any:
    said = {name: fold(getattr(block, name)) for name in parts} if block else {}
    return kind(**said) if any(said.values()) else None


def _plainest_unit(
    unit: PlainUnit,
    reached: dict[str, Reaching],
    above: dict[str, PlainUnit | None],
    day: str,
    *,
    old: bool,
) -> PlainUnit:
    me = reached[unit.sor_id]
    parent = above[unit.sor_id]
    over = reached[parent.sor_id] if parent else _NOTHING
    carrier = parent
    while carrier is not None and reached[carrier.sor_id].number is None:
        carrier = above[carrier.sor_id]
    told_inherited = (
        carrier is not None
        and me.number is not None
        and (reached[carrier.sor_id].number == me.number)
    )
    inherited = (not me.is_own if old else told_inherited) and me.number is not None
    begins = fold(unit.from_)
    kept = PlainUnit(
        sor_id=unit.sor_id,
        kind=unit.kind,
        name=fold(unit.name),
        unit_type=fold(unit.unit_type),
        shak=fold(unit.shak),
        from_=begins if old or (begins is not None and begins <= day) else None,
        to=fold(unit.to),
        cvr=fold(unit.cvr) if unit.kind == "owner" else None,
        location_number_inherited=inherited,
        location_number=PlainNumber(number=me.number, internal_only=None, inactive=None)
        if me.number is not None and not inherited
        else None,
        postal=PlainAddress(**me.postal) if me.postal != over.postal else None,
        visiting=PlainAddress(**me.visiting) if me.visiting and me.visiting != me.postal else None,
        activity=PlainAddress(**me.activity)
        if me.activity and me.activity != (me.visiting or me.postal)
        else None,
        contact=PlainContact(**me.contact) if me.contact != over.contact else None,
    )
    if old:
        kept.updated = fold(unit.updated)
        kept.local_code, kept.pharmacy_number = fold(unit.local_code), fold(unit.pharmacy_number)
        kept.provider_number = fold(unit.provider_number)
        mains = [code for code, _ in unit.specialities if fold(code)][:1]
        kept.specialities += [(code, None) for code in mains]
    else:
        kept.first_from = fold(unit.first_from)
        kept.specialities += [(code, None) for code in _codes(unit)]
    kept.children = [_plainest_unit(child, reached, above, day, old=old) for child in unit.children]
    return kept


def _codes(unit: PlainUnit) -> list[str]:
    """The specialities, each once, in their order."""
    codes = dict.fromkeys(fold(code) or "" for code, _ in unit.specialities)
    return [code for code in codes if code]


def sor2_rows(register: PlainRegister) -> list[Row]:
    """One row for each unit, in pre-order."""
    reached, above = reaching(register), parents(register)
    texts = {
        entry.code: entry.text or ""
        for listed in register.lists or ()
        if listed.name in ("EntityType", "Speciality")
        for entry in listed.entries
    }
    return [_sor2_row(unit, above, reached[unit.sor_id], texts) for unit in walk(register)]


def _nearest(unit: PlainUnit, kind: str, above: dict[str, PlainUnit | None]) -> PlainUnit | None:
    here: PlainUnit | None = unit
    while here is not None and here.kind != kind:
        here = above[here.sor_id]
    return here


def _sor2_row(
    unit: PlainUnit, above: dict[str, PlainUnit | None], me: Reaching, texts: dict[str, str]
) -> Row:
    parent = above[unit.sor_id]
    institution = _nearest(unit, "institution", above)
    owner = _nearest(unit, "owner", above)
    row = {
        "SorId": guarded(unit.sor_id),
        "SorType": KINDS[unit.kind],
        "EntityName": unit.name or "",
        "EntityTypeId": unit.unit_type or "",
        "EntityTypeName": texts.get(unit.unit_type or "", ""),
        "ParentSorId": guarded(parent.sor_id) if parent else "",
        "HealthInstitutionSorId": guarded(institution.sor_id) if institution else "",
        "HealthInstitutionEntityName": (institution.name or "") if institution else "",
        "InstitutionOwnerSorId": guarded(owner.sor_id) if owner else "",
        "InstitutionOwnerEntityName": (owner.name or "") if owner else "",
        "InstitutionOwnerCVRNumberId": guarded(fold(owner.cvr) or "") if owner else "",
        "ShakId": unit.shak or "",
        "EanLocationCode": me.number or "",
    }
    for name in ADDRESSES:
        block = getattr(me, name)
        for column, part in SOR2_BLOCK.items():
            text = block.get(part, "")
            is_measure = part.startswith("coordinate")
            row[f"{name.capitalize()}Address{column}"] = (
                text.replace(".", ",") if is_measure else text
            )
    row["VirtualAddressTelephoneNumber"] = me.contact.get("phone", "")
    row["VirtualAddressWebsite"] = me.contact.get("website", "")
    row["VirtualAddressEmailAddress"] = me.contact.get("email", "")
    codes = _codes(unit)
    for n in range(1, 9):
        code = codes[n - 1] if n <= len(codes) else ""
        row[f"PrioritizedEntitySpeciality{n}Id"] = code
        row[f"PrioritizedEntitySpeciality{n}Name"] = texts.get(code, "")
    row["FirstFromDate"] = unit.first_from or ""
    row["FromDate"] = unit.from_ or ""
    row["ToDate"] = unit.to or ""
    return row


def old_rows(register: PlainRegister) -> list[Row]:
    """The rows of sor.csv; types, specialities and systems stand there as texts."""
    reached, above = reaching(register), parents(register)
    return [_old_row(unit, above, reached[unit.sor_id]) for unit in walk(register)]


def _old_row(unit: PlainUnit, above: dict[str, PlainUnit | None], me: Reaching) -> Row:
    parent = above[unit.sor_id]
    institution, owner = _nearest(unit, "institution", above), _nearest(unit, "owner", above)
    inheritance = "" if me.number is None else "egen" if me.is_own else "nedarvet"
    row = {
        "Enhedsnavn": unit.name or "",
        "Enhedstype": unit.unit_type or "",
        "SOR-type": KINDS[unit.kind],
        "Gaeldende_fra_dato": unit.from_ or "",
        "Ophoert_dato": unit.to or "",
        "Sidst_aendret_dato": unit.updated or "",
        "SOR-kode": unit.sor_id,
        "Parent-SOR-kode": parent.sor_id if parent else "",
        "SghAfd-kode": unit.shak or "",
        "Institutionsejer": (owner.name or "") if owner else "",
        "Sundhedsinstitution": (institution.name or "") if institution else "",
        "CVR": (owner.cvr or "") if owner else "",
        "Ydernummer": unit.provider_number or "",
        "Lokalkode": unit.local_code or "",
        "Apoteksnummer": unit.pharmacy_number or "",
        "Telefon": me.contact.get("phone", ""),
        "Fax": me.contact.get("fax", ""),
        "Email": me.contact.get("email", ""),
        "Hjemmeside": me.contact.get("website", ""),
        "Lokationsnummer": me.number or "",
        "Nedarvningsstatus": inheritance,
        "Hovedspeciale": (unit.specialities[0][0] or "") if unit.specialities else "",
    }
    for letter, name in (("A", "activity"), ("B", "visiting"), ("P", "postal")):
        block = getattr(me, name)
        row |= {f"{letter}_{column}": block.get(part, "") for column, part in OLD_BLOCK.items()}
    for name, column in OLD_STREETS.items():
        row[column] = getattr(me, name).get("street_name", "")
    return row


def guarded(sor_id: str) -> str:
    """An id as Excel is told to leave it alone."""
    return f'="{sor_id}"' if sor_id else ""


def write_sor2(rows: Sequence[Row], *, end: str = "\r\n") -> bytes:
    """A table of SOR2: UTF-8 with its mark, quotes doubled."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator=end)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return BOM + out.getvalue().encode()


def write_old(rows: Sequence[Row], encoding: str = "iso-8859-1") -> bytes:
    """sor.csv: quotes as they come."""
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def still_open(register: PlainRegister, rows: Sequence[Row]) -> list[Row]:
    """What a daily file holds of these rows."""
    return [row for row in rows if not row["ToDate"] or row["ToDate"] >= register.snapshot_date]


def without_some_parents(rng: random.Random, rows: Sequence[Row]) -> list[Row]:
    """The rows, or those of them that are left when units above others have none any more."""
    share = rng.choice([0, 0, 0.3, 0.7])
    above = sorted({row["ParentSorId"] for row in rows if row["ParentSorId"]})
    gone = {sor_id for sor_id in above if rng.random() < share}
    return [row for row in rows if row["SorId"] not in gone]


def write_complete(rows: Sequence[Row], **beside: bytes) -> bytes:
    """Sor_complete.zip: SOREntity.csv and what lies beside it, each by its name without `.csv`."""
    tables = {"SORReplacedEntities": _NO_REPLACED, **beside}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("SOREntity.csv", write_sor2(rows))
        for name, content in tables.items():
            archive.writestr(f"{name}.csv", content)
    return out.getvalue()


_NO_REPLACED = BOM + b"SorId;ReplacedBySorId;FromDate\r\n"


def latin_only(register: PlainRegister) -> PlainRegister:
    """A copy whose texts sor.csv can hold: no `;` and no quote, and only Latin-1."""
    new = copy_register(register)
    for record in _records(new):
        for name, text in vars(record).items():
            if isinstance(text, str):
                kept = text.replace(";", ",").replace('"', "'")
                setattr(record, name, kept.encode("iso-8859-1", "replace").decode("iso-8859-1"))
    return new


def _records(register: PlainRegister) -> Iterator[object]:
    for unit in walk(register):
        yield unit
        yield from (
            each
            for each in (
                unit.postal,
                unit.visiting,
                unit.activity,
                unit.contact,
                unit.location_number,
            )
            if each is not None
        )


def without_closed(register: PlainRegister) -> PlainRegister:
    """A copy without closed units and what stands below them."""

    def kept(units: list[PlainUnit]) -> list[PlainUnit]:
        return [
            replace(unit, children=kept(unit.children))
            for unit in units
            if not fold(unit.to) or (fold(unit.to) or "") >= register.snapshot_date
        ]

    new = copy_register(register)
    new.units = kept(new.units)
    return new
