"""The invented register as CSV files: two nights of SorEntity_daily.csv, and years in SOREntity.csv."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from tests.making.numbers import valid_cvr

from .invented_register import NEW_DATE, OLD_DATE, Address, TreeBuilder, Unit, plan_trees
from .night_changes import NightChanges
from .snapshot_text import gln, sor_id

FIRST_YEAR, LAST_YEAR = 2010, 2024
_BLOCK = (
    "StreetName",
    "StreetBuildingId",
    "FloorId",
    "SuiteId",
    "PostCodeId",
    "DistrictName",
    "MunicipalityCode",
    "RegionCode",
    "CoordETRS89z32EMeasure",
    "CoordETRS89z32NMeasure",
)
_PLACES = (0, 1, 2, 3, 4, 5, 6, 7, 10, 9)
_HEADER = (
    "SorId",
    "SorType",
    "EntityName",
    "EntityTypeId",
    "EntityTypeName",
    "ShakId",
    "ParentSorId",
    "HealthInstitutionSorId",
    "HealthInstitutionEntityName",
    "InstitutionOwnerSorId",
    "InstitutionOwnerEntityName",
    "InstitutionOwnerCVRNumberId",
    *(f"{block}Address{name}" for block in ("Postal", "Visiting", "Activity") for name in _BLOCK),
    "VirtualAddressTelephoneNumber",
    "VirtualAddressWebsite",
    "VirtualAddressEmailAddress",
    "EanLocationCode",
    "EanLocationCodeRegionName",
    *(f"PrioritizedEntitySpeciality{n}{part}" for n in range(1, 5) for part in ("Id", "Name")),
    "OrganisationalLevelCode",
    "OrganisationalLevelName",
    "FirstFromDate",
    "FromDate",
    "ToDate",
)
_KINDS = {"owner": "IE", "institution": "SI", "organizational_unit": "OE"}
_EMPTY = [""] * len(_BLOCK)


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What reaches a unit."""

    postal: list[str]
    contact: list[str]
    number: str
    institution: list[str]
    owner: list[str]


def make_dailies(old: Path, new: Path, *, scale: float, changes: int, seed: int = 1) -> int:
    """Write two nights of SorEntity_daily.csv; return the number of rows of the later one."""
    plan = plan_trees(scale, seed)
    total = sum(size for _, size in plan)
    night = NightChanges(random.Random(f"{seed} night {changes}"), total)
    begun = serial = rows = 0
    with open_table(old) as before, open_table(new) as after:
        for place, (shape, size) in enumerate(plan):
            owner = TreeBuilder(f"{seed} {place}", serial).build_tree(shape, size)
            serial += size
            before.writelines(_write_tree(owner, OLD_DATE))
            night.is_last = place == len(plan) - 1
            wanted = changes * serial // total - begun
            begun += wanted - night.change(owner, wanted)
            for row in _write_tree(owner, NEW_DATE):
                after.write(row)
                rows += 1
    return rows


def make_history(path: Path, *, scale: float, states: int = 4, seed: int = 1) -> int:
    """Write SOREntity.csv with so many states of each unit; return the number of rows."""
    dice = random.Random(seed)
    first = date(FIRST_YEAR, 1, 1)
    days = (date(LAST_YEAR, 1, 1) - first).days
    serial = rows = 0
    with open_table(path) as out:
        for place, (shape, size) in enumerate(plan_trees(scale, seed)):
            owner = TreeBuilder(f"{seed} {place}", serial).build_tree(shape, size)
            serial += size
            for cells in _list_rows(owner):
                to, name = cells[-1], cells[2]
                begins = [first + timedelta(days=dice.randrange(days)) for _ in range(states)]
                begins = sorted(set(begins) | {first})[-states:]
                for number, begin in enumerate(begins):
                    last = number == len(begins) - 1
                    ends = to if last else str(begins[number + 1] - timedelta(days=1))
                    cells[2] = name if last else f"{name} ({number + 1})"
                    cells[-2:] = [str(begin), "" if ends and ends < str(begin) else ends]
                    out.write(";".join(cells) + "\r\n")
                    rows += 1
    return rows


def open_table(path: Path) -> Table:
    """A file with the header of the table."""
    return Table(path)


class Table:
    """A file that is being written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self.write(";".join(_HEADER) + "\r\n")

    def write(self, text: str) -> object:
        """Write the text of rows."""
        return self._file.write(text)

    def writelines(self, texts: Iterable[str]) -> None:
        """Write the text of several rows."""
        self._file.writelines(texts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _write_tree(owner: Unit, day: str) -> Iterator[str]:
    """The rows of a daily file: without the closed units."""
    for cells in _list_rows(owner):
        if not cells[-1] or cells[-1] >= day:
            yield ";".join(cells) + "\r\n"


def _list_rows(owner: Unit) -> Iterator[list[str]]:
    nothing = Resolved(postal=_EMPTY, contact=["", "", ""], number="", institution=[], owner=[])
    waiting = [(owner, nothing)]
    while waiting:
        unit, above = waiting.pop()
        cells, me = _write_row(unit, above)
        yield cells
        waiting.extend((child, me) for child in reversed(unit.children))


def _write_row(unit: Unit, above: Resolved) -> tuple[list[str], Resolved]:
    me = _resolve(unit, above)
    visiting = _write_block(unit.visiting) if unit.visiting else me.postal
    activity = _write_block(unit.activity) if unit.activity else visiting
    specialities = [*unit.specialities, "", "", "", ""][:4]
    parent = unit.parent
    return [
        guard(sor_id(unit.serial)),
        _KINDS[unit.kind],
        unit.name,
        unit.unit_type,
        f"Type {unit.unit_type}",
        unit.shak or "",
        guard(sor_id(parent.serial)) if parent else "",
        *(me.institution or ["", ""]),
        *me.owner,
        *me.postal,
        *visiting,
        *activity,
        *me.contact,
        me.number,
        "Region" if me.number else "",
        *(text for code in specialities for text in (code, f"Speciale {code}" if code else "")),
        "1",
        "Niveau 1",
        unit.status.first_from,
        unit.status.from_,
        unit.status.to or "",
    ], me


def _resolve(unit: Unit, above: Resolved) -> Resolved:
    itself = [guard(sor_id(unit.serial)), unit.name]
    number = gln(unit.number.serial) if unit.number else above.number if unit.inherited else ""
    return Resolved(
        postal=_write_block(unit.postal) if unit.postal else above.postal,
        contact=_write_contact(unit) or above.contact,
        number=number,
        institution=itself if unit.kind == "institution" else above.institution,
        owner=[*itself, guard(valid_cvr(unit.serial))] if unit.kind == "owner" else above.owner,
    )


def _write_contact(unit: Unit) -> list[str] | None:
    if unit.contact is None:
        return None
    email, website, phone = unit.contact
    return [phone, website or "", email or ""]


def _write_block(address: Address) -> list[str]:
    cells = [address[place] or "" for place in _PLACES]
    return [*cells[:-2], *(cell.replace(".", ",") for cell in cells[-2:])]


def guard(text: str) -> str:
    """The text as Excel leaves it a text."""
    return f'"=""{text}"""'
