"""Write two nights of a register of real size, for the benchmark of publishing."""

from __future__ import annotations

from pathlib import Path

from tests.making.growing import created_at
from tests.making.numbers import valid_gln, valid_sor_id
from tests.making.plain import PlainAddress, PlainContact, PlainNumber, PlainRegister, PlainUnit
from tests.making.xml import write_snapshot

BELOW = 24  # organizational units of each institution
DAYS = ("2024-09-02", "2024-09-03")
_SINCE = "2015-01-01"


def write_nights(folder: Path, *, units: int, events: int) -> list[Path]:
    """The baseline, and a night with so many events: names, contacts and addresses."""
    register = _register(units)
    paths = [folder / f"{day}.xml" for day in DAYS]
    paths[0].write_bytes(write_snapshot(register))
    _change(register, events)
    register.snapshot_date, register.created_at = DAYS[1], created_at(DAYS[1])
    paths[1].write_bytes(write_snapshot(register))
    return paths


def _register(units: int) -> PlainRegister:
    register = PlainRegister(created_at=created_at(DAYS[0]), snapshot_date=DAYS[0])
    for first in range(1, units + 1, BELOW + 2):
        register.units.append(_owner(first, min(BELOW, units - first - 1)))
    return register


def _owner(first: int, below: int) -> PlainUnit:
    owner, institution = _unit(first, "owner"), _unit(first + 1, "institution")
    owner.location_number = _number(first)
    institution.postal = _address(first)
    institution.children = [_unit(first + 2 + n, "organizational_unit") for n in range(below)]
    for unit in institution.children[::3]:
        unit.location_number, unit.location_number_inherited = (
            _number(int(unit.sor_id[:-10])),
            False,
        )
    owner.children = [institution]
    return owner


def _unit(sequence: int, kind: str) -> PlainUnit:
    unit = PlainUnit(sor_id=valid_sor_id(sequence), kind=kind)  # type: ignore[arg-type]
    unit.name = f"Afdeling for sygdomme nr. {sequence}, Ærø"
    unit.from_ = unit.first_from = unit.updated = _SINCE
    unit.contact = PlainContact(phone=f"{30_000_000 + sequence}", email=f"a{sequence}@example.dk")
    if kind != "owner":
        unit.location_number_inherited = True
    return unit


def _number(sequence: int) -> PlainNumber:
    return PlainNumber(number=valid_gln(sequence), from_=_SINCE, first_from=_SINCE, updated=_SINCE)


def _address(sequence: int) -> PlainAddress:
    return PlainAddress(
        street_name=f"Møllevej {sequence}",
        street_building=str(1 + sequence % 99),
        post_code="8070",
        district_name="Åhavn",
    )


def _change(register: PlainRegister, events: int) -> None:
    """Of four units two get another name, one of these and a third another telephone, a fourth an address."""
    units = [unit for owner in register.units for unit in owner.children[0].children]
    done = 0
    for place, unit in enumerate(units):
        if done >= events:
            return
        assert unit.contact is not None
        if place % 4 in {0, 1}:
            unit.name, done = f"{unit.name} og B", done + 1
        if place % 4 in {1, 2} and done < events:
            unit.contact.phone, done = f"{70_000_000 + place}", done + 1
        if place % 4 == 3 and done < events:
            unit.postal, done = _address(place), done + 1
