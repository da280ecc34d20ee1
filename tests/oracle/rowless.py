"""Units of SOR2's tables that stand above others and have no row: what the rows below say of them, and what stays.

A guess is written as a row, with what the rows below say. Of a unit that the night before had, the guess only says what
is new; and what stands below it is held against what it then is.
"""

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


def repeat(
    sor_id: str, as_read: Unit, before: dict[str, Unit], said: Unit, units: dict[str, Unit]
) -> None:
    """Put into the unit, which is as it was, what is new in the rows below.

    `said`: the number, postal address and contact that reach it by them; `units`: those above it are settled.
    """
    unit = units[sor_id]
    for field in ("name", "cvr"):
        unit[field] = as_read[field] or unit[field]
    below = [each for each in before.values() if each["parent_id"] == sor_id]
    for name, value in said.items():
        from_above = reach(sor_id, units, name)
        own = [own_of(each, name) for each in below]
        is_new = value not in (None, own_of(unit, name) or from_above)
        if is_new and own.count(None) > own.count(value):
            _give(unit, name, None if value == from_above else value)


def _give(unit: Unit, name: str, own: Any) -> None:
    if name == "number":
        unit |= {"location_number": own, "location_number_inherited": own is None}
    elif name == "contact":
        unit["contact"] = own
    else:
        blocks = unit["address"] or dict.fromkeys(("postal", "visiting", "activity"))
        blocks = blocks | {"postal": own}
        unit["address"] = blocks if any(blocks.values()) else None


def own_of(unit: Unit, name: str) -> Any:
    """What the unit has of its own: its number, its postal address or its contact."""
    if name == "postal":
        return unit["address"] and unit["address"]["postal"]
    return unit["location_number" if name == "number" else name]


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
