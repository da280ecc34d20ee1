"""read_daily() and read_states(): a table as one plain nested dict, and what the night before answers.

Every question is asked of the rows of the whole file.
"""

import csv
import datetime
import functools
import io
from collections.abc import Callable
from typing import Any

from . import rowless

Unit = dict[str, Any]
Reach = Callable[[str], Any]
ADDRESS = {
    "StreetName": "street_name",
    "StreetBuildingId": "street_building",
    "FloorId": "floor",
    "SuiteId": "suite",
    "PostCodeId": "post_code",
    "DistrictName": "district_name",
    "MunicipalityCode": "municipality_code",
    "RegionCode": "region_code",
    "CoordETRS89z32NMeasure": "coordinate_north",
    "CoordETRS89z32EMeasure": "coordinate_east",
}
NOT_IN_TABLES = ("district_subdivision", "post_office_box", "country_code", "country_scheme")
NOT_IN_TABLES_EITHER = ("stairway", "street_code")
KINDS = {"IE": "owner", "SI": "institution", "OE": "organizational_unit"}


def read_daily(content: bytes, day: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """`before`: the register of the night before, as it was given here."""
    rows = {row["SorId"] or "": row for row in rows_of(content)}
    register = register_of(rows, day, before, "sor2-daily")
    if before is not None:
        for sor_id, unit in before["units"].items():
            if closed_stays(sor_id, before["units"], register["units"], day):
                register["units"][sor_id] = unit
    return register


def read_states(content: bytes, day: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The same of the rows that hold on the day: of each unit the newest that has begun."""
    states: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows_of(content):
        states.setdefault(row["SorId"] or "", {})[row["FromDate"] or ""] = row
    rows = {}
    for sor_id, several in states.items():
        begun = [begins for begins in several if begins <= day]
        if not begun:
            continue
        rows[sor_id] = dict(several[max(begun)])
        end, later = rows[sor_id]["ToDate"], [begins for begins in several if begins > max(begun)]
        if later and (end is None or end >= day_before(min(later))):
            rows[sor_id]["ToDate"] = None  # the end of the state, and not of the unit
    return register_of(rows, day, before, "sor2-complete")


def day_before(day: str) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


def rows_of(content: bytes) -> list[dict[str, str | None]]:
    text = content.decode("utf-8-sig")
    return [
        {column: clean(cell) for column, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    ]


def register_of(
    rows: dict[str, dict[str, Any]], day: str, before: dict[str, Any] | None, version: str
) -> dict[str, Any]:
    units, lists = place_units(rows, before["units"] if before else {}), lists_of(rows)
    if before is not None:
        for sor_id, unit in units.items():
            reach = functools.partial(rowless.reach, sor_id, units)
            keep_own(unit, before["units"].get(sor_id), rows.get(sor_id), reach)
        for name, entries in lists.items():
            known = before["lists"].get(name, {})
            # A blank text says nothing.
            said = {c: e for c, e in entries.items() if e["text"] or c not in known}
            lists[name] = known | said
    return {
        "created_at": f"{day}T00:00:00",
        "date": day,
        "version": version,
        "units": units,
        "lists": lists,
        "root_other": {},
    }


def place_units(rows: dict[str, dict[str, Any]], before: dict[str, Unit]) -> dict[str, Unit]:
    """The units with rows, those that are only named as parents, and those that stand above these."""
    guesses = rowless.guess_rowless(rows)
    stated = {**rows, **guesses}
    as_read = {sor_id: unit_of(sor_id, stated) for sor_id in stated}
    known = [sor_id for sor_id in sorted(guesses) if sor_id in before]
    units = as_read | {sor_id: dict(before[sor_id]) for sor_id in known}
    waiting = [unit["parent_id"] for unit in units.values()]
    while waiting:
        sor_id = waiting.pop()
        if sor_id is not None and sor_id not in units:
            units[sor_id] = before[sor_id]
            waiting.append(units[sor_id]["parent_id"])
    for sor_id in known:
        if rowless.is_round(sor_id, units):
            units[sor_id]["parent_id"] = as_read[sor_id]["parent_id"]
    # Each after those above it.
    for sor_id in sorted(stated, key=lambda each: len([*rowless.above(each, units)])):
        if sor_id in known:
            row = guesses[sor_id]
            said = {"number": row["EanLocationCode"] and number_block(row["EanLocationCode"])}
            said |= {"postal": block_of(row, "Postal"), "contact": contact_of(row)}
            rowless.repeat(sor_id, as_read[sor_id], before, said, units)
        else:
            is_below_known = units[sor_id]["parent_id"] in known
            hold_against_above(units, sor_id, stated[sor_id], is_below_known=is_below_known)
    return units


def hold_against_above(
    units: dict[str, Unit], sor_id: str, row: dict[str, Any], *, is_below_known: bool
) -> None:
    """What the unit has of its own, by what now stands above it."""
    unit, number = units[sor_id], row["EanLocationCode"]
    if number and unit["kind"] != "owner":
        inherited = rowless.reach(sor_id, units, "number") == number_block(number)
        unit["location_number_inherited"] = inherited
        unit["location_number"] = None if inherited else number_block(number)
    if is_below_known:
        postal, contact = block_of(row, "Postal"), contact_of(row)
        address = unit["address"] or dict.fromkeys(("postal", "visiting", "activity"))
        is_above = rowless.reach(sor_id, units, "postal") == postal
        address["postal"] = None if is_above else postal
        unit["address"] = address if any(address.values()) else None
        unit["contact"] = None if rowless.reach(sor_id, units, "contact") == contact else contact


def clean(cell: str) -> str | None:
    """Without guard, and with XML white space folded."""
    if cell.startswith('="'):
        cell = cell[2:-1]
    for space in "\t\r\n":
        cell = cell.replace(space, " ")
    return " ".join(part for part in cell.split(" ") if part) or None


def closed_stays(sor_id: str, before: dict[str, Unit], now: dict[str, Unit], day: str) -> bool:
    """Gone, its last day past, and every unit above it is there or stays likewise."""
    if sor_id in now:
        return False
    unit = before[sor_id]
    if unit["to"] is None or unit["to"] >= day:
        return False
    above = unit["parent_id"]
    return above is None or above in now or closed_stays(above, before, now, day)


def unit_of(sor_id: str, rows: dict[str, dict[str, Any]]) -> Unit:
    row = rows[sor_id]
    kind = KINDS[row["SorType"]]
    parent = rows.get(row["ParentSorId"] or "", {}) if kind != "owner" else {}
    number, inherited = number_of(row, rows)
    postal, visiting, activity = (
        block_of(row, name) for name in ("Postal", "Visiting", "Activity")
    )
    address = {
        "postal": None if parent and postal == block_of(parent, "Postal") else postal,
        "visiting": None if visiting == postal else visiting,
        "activity": None if activity == (visiting or postal) else activity,
    }
    contact = contact_of(row)
    return {
        "sor_id": sor_id,
        "kind": kind,
        "parent_id": row["ParentSorId"] if kind != "owner" else None,
        "name": row["EntityName"],
        "unit_type": row["EntityTypeId"],
        "shak": row["ShakId"],
        "location_number": number,
        "location_number_inherited": inherited,
        "address": address if any(address.values()) else None,
        "contact": None if parent and contact == contact_of(parent) else contact,
        "specialities": specialities_of(row),
        "from": row["FromDate"],
        "to": row["ToDate"],
        "first_from": row["FirstFromDate"],
        "cvr": row["InstitutionOwnerCVRNumberId"] if kind == "owner" else None,
        **dict.fromkeys(
            (
                "local_code",
                "pharmacy_number",
                "provider_number",
                "geographical_parent_relation",
                "geographical_parent_id",
                "updated",
                "ambulant_activity",
                "patients_admitted",
                "reporting_level",
                "p_number",
                *(f"local_attribute_{n}" for n in range(1, 6)),
            )
        ),
        "replaces": [],
        "replaced_by": [],
        "other": {},
    }


def block_of(row: dict[str, Any], name: str) -> dict[str, Any] | None:
    block: dict[str, Any] = {
        field: row[f"{name}Address{column}"] for column, field in ADDRESS.items()
    }
    if not any(block.values()):
        return None
    for measure in ("coordinate_north", "coordinate_east"):
        block[measure] = block[measure] and block[measure].replace(",", ".")
    return block | dict.fromkeys((*NOT_IN_TABLES, *NOT_IN_TABLES_EITHER)) | {"other": {}}


def contact_of(row: dict[str, Any]) -> dict[str, Any] | None:
    contact = {
        "email": row["VirtualAddressEmailAddress"],
        "website": row["VirtualAddressWebsite"],
        "phone": row["VirtualAddressTelephoneNumber"],
    }
    return contact | {"fax": None, "other": {}} if any(contact.values()) else None


def number_of(row: dict[str, Any], rows: dict[str, dict[str, Any]]) -> tuple[Unit | None, bool]:
    """Inherited where the nearest unit above that carries any carries the same."""
    number = row["EanLocationCode"]
    if number is None:
        return None, False
    above = rows.get(row["ParentSorId"] or "")
    while above is not None and above["EanLocationCode"] is None:
        above = rows.get(above["ParentSorId"] or "")
    if row["SorType"] != "IE" and above is not None and above["EanLocationCode"] == number:
        return None, True
    return number_block(number), False


def number_block(number: str) -> Unit:
    names = "internal_only inactive system_supplier system network administrator region note from to updated first_from"
    return {"number": number, **dict.fromkeys(names.split()), "other": {}}


def specialities_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    codes = [row[f"PrioritizedEntitySpeciality{n}Id"] for n in range(1, 9)]
    once = list(dict.fromkeys(code for code in codes if code))
    return [{"code": code, "type": None} for code in [*once[:1], *sorted(once[1:])]]


def lists_of(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    columns = {"EntityType": [("EntityTypeId", "EntityTypeName")]}
    columns["PrioritizedEntitySpeciality"] = [
        (f"PrioritizedEntitySpeciality{n}Id", f"PrioritizedEntitySpeciality{n}Name")
        for n in range(1, 9)
    ]
    lists: dict[str, dict[str, Any]] = {}
    for name, pairs in columns.items():
        for row in rows.values():
            for code, text in pairs:
                if row[code]:
                    entry = {"code": row[code], "text": row[text], "attributes": {}}
                    lists.setdefault(name, {})[row[code]] = entry
    return lists


def keep_own(unit: Unit, before: Unit | None, row: dict[str, Any] | None, reach: Reach) -> None:
    """A block that was the unit's own, and is what its row says now, is still its own.

    A blank cell says nothing: it is then what reaches the unit.
    """
    if before is None or row is None:
        return
    said = reach("postal")
    for name in ("postal", "visiting", "activity"):
        said = block_of(row, name.capitalize()) or said
        was = before["address"] and before["address"][name]
        if was and was == said:
            unit["address"] = unit["address"] or {
                "postal": None,
                "visiting": None,
                "activity": None,
            }
            unit["address"][name] = was
    if before["contact"] and before["contact"] == (contact_of(row) or reach("contact")):
        unit["contact"] = before["contact"]
