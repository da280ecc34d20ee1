"""Units of SOR2's tables that stand above others and have no row: what the rows below say of them, and what stays.

A guess is written as a row, with what the rows below say. Of a unit that the night before had, the guess only says what
is new; and what stands below it is held against what it then is.
"""

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

Unit = dict[str, Any]
Row = dict[str, Any]
INSTITUTION, OWNER = "HealthInstitutionSorId", "InstitutionOwnerSorId"
BLOCKS = ("PostalAddress", "VirtualAddress")


def guess_rowless(rows: dict[str, Row]) -> dict[str, Row]:
    """A row for each unit that others name as theirs, and for those above it."""
    below: dict[str, list[Row]] = {}
    for row in rows.values():
        parent = parent_of(row)
        if parent and parent not in rows:
            below.setdefault(parent, []).append(row)
    found = {sor_id: _guess(sor_id, several) for sor_id, several in sorted(below.items())}
    for row in [*found.values()]:
        here = row
        while (parent := parent_of(here)) and parent not in rows and parent not in found:
            here = found[parent] = _guess(parent, [here])
    return found


def parent_of(row: Row) -> str | None:
    parent: str | None = row["ParentSorId"]
    return None if row["SorType"] == "IE" else parent


def _guess(sor_id: str, below: list[Row]) -> Row:
    first = min(below, key=lambda row: str(row["SorId"]))
    kind = {"OE": "OE", "SI": "IE", "IE": "IE"}[first["SorType"]]
    if sor_id == first[INSTITUTION]:
        kind = "SI"
    if sor_id == first[OWNER]:
        kind = "IE"
    parent = {"IE": None, "SI": first[OWNER], "OE": first[INSTITUTION]}[kind]
    alike = len(below) > 1
    row: Row = {
        column: first[column]
        if alike and all(other[column] == first[column] for other in below)
        else None
        for column in first
    }
    for block in BLOCKS:  # a part of an address is none
        columns = [column for column in first if column.startswith(block)]
        if any(other[column] != first[column] for other in below for column in columns):
            row |= dict.fromkeys(columns)
    for column in first:
        if not column.startswith(("EanLocationCode", *BLOCKS)):
            row[column] = first[column] if column.startswith(("Health", "InstitutionO")) else None
    named = {"IE": "InstitutionOwnerEntityName", "SI": "HealthInstitutionEntityName"}.get(kind)
    return row | {
        "SorId": sor_id,
        "SorType": kind,
        "ParentSorId": None if parent == sor_id else parent,
        "EntityName": _most_frequent(below, named) if named else None,
        "InstitutionOwnerCVRNumberId": _most_frequent(below, "InstitutionOwnerCVRNumberId")
        if kind == "IE"
        else first["InstitutionOwnerCVRNumberId"],
    }


def _most_frequent(below: list[Row], column: str) -> str | None:
    counts = Counter(row[column] for row in below if row[column])
    return min(counts, key=lambda text: (-counts[text], text), default=None)


def repeat(guess: Row, as_read: Unit, before: dict[str, Unit], said: Unit) -> Unit:
    """The unit as it was the night before, with what is new in the rows below.

    `as_read`: what would be its own by the rows alone; `said`: what reaches it by them, its number, postal address and
    contact.
    """
    was = before[guess["SorId"]]
    unit = copy.deepcopy(was)
    for field in ("name", "cvr"):
        unit[field] = as_read[field] or unit[field]
    below = [each for each in before.values() if each["parent_id"] == guess["SorId"]]
    if _is_new("number", said, was, below):
        if as_read["location_number"]:
            unit |= {
                "location_number": as_read["location_number"],
                "location_number_inherited": False,
            }
        elif was["location_number"]:
            unit |= {"location_number": None, "location_number_inherited": True}
    if _is_new("postal", said, was, below):
        address = unit["address"] or dict.fromkeys(("postal", "visiting", "activity"))
        address = address | {"postal": own_of(as_read, "postal")}
        unit["address"] = address if any(address.values()) else None
    if _is_new("contact", said, was, below):
        unit["contact"] = as_read["contact"]
    return unit


def _is_new(name: str, said: Unit, was: Unit, below: list[Unit]) -> bool:
    own = [own_of(unit, name) for unit in below]
    has_nothing, has_this = own.count(None), own.count(said[name])
    return said[name] not in (None, own_of(was, name)) and has_nothing > has_this


def own_of(unit: Unit, name: str) -> Any:
    """What the unit has of its own: its number alone, its postal address or its contact."""
    if name == "number":
        return unit["location_number"] and unit["location_number"]["number"]
    return unit["contact"] if name == "contact" else unit["address"] and unit["address"]["postal"]


def above(sor_id: str, units: dict[str, Unit]) -> Iterator[str]:
    """The ids above a unit, the nearest first; it ends where they come round."""
    seen = {sor_id}
    here = units[sor_id]["parent_id"]
    while here is not None and here not in seen:
        yield here
        seen.add(here)
        here = units[here]["parent_id"]


def is_round(sor_id: str, units: dict[str, Unit]) -> bool:
    """Whether what stands above the unit has no top."""
    *_, last = [sor_id, *above(sor_id, units)]
    return units[last]["parent_id"] is not None


def reach(sor_id: str, units: dict[str, Unit], name: str) -> Any:
    """What the nearest unit above has of its own."""
    return next(filter(None, (own_of(units[each], name) for each in above(sor_id, units))), None)
