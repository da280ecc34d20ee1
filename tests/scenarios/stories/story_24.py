"""Story 24: two units are merged into one, and one is split in two; version 1, which knows Replaces and ReplacedBy."""

from __future__ import annotations

from tests.making.plain import PlainUnit, valid_sor_id

from .lists import INTERN_MEDICIN, KARDIOLOGI, KLINISK_ENHED, ORTOPAEDI, Code
from .nights import Telling
from .trees import (
    MAIN_SPECIALITY,
    address,
    hospital,
    organizational_unit,
    region,
    registered,
)

_LAST, _DAY = "2012-02-29", "2012-03-01"


def _department(sequence: int, name: str, shak: str, speciality: Code, *old: int) -> PlainUnit:
    """A department that begins in March and replaces these."""
    return organizational_unit(
        sequence,
        name,
        KLINISK_ENHED,
        since=_DAY,
        updated="2012-02-27",
        shak=shak,
        specialities=[(speciality.code, MAIN_SPECIALITY)],
        replaces=[valid_sor_id(one) for one in old],
        ambulant_activity=True,
        patients_admitted=True,
        reporting_level=True,
    )


def _give_way(unit: PlainUnit, *new: int) -> None:
    """The unit's last day is the last of February; these come in its place."""
    unit.to = _LAST
    unit.replaced_by = [valid_sor_id(one) for one in new]


def merged_and_split() -> dict[str, bytes]:
    """The merger is registered two days ahead, the split in the night on which it holds."""
    house = hospital(
        351010,
        "Sygehus Nørrefjord",
        "8099",
        address("Sygehusvej", "100", "9800"),
        "Medicinsk Afdeling M1",
        "Medicinsk Afdeling M2",
        "Ortopædkirurgisk Afdeling O",
        "Røntgenafdeling R",
    )
    for place, (department, speciality) in enumerate(
        zip(house.children, (INTERN_MEDICIN, KARDIOLOGI, ORTOPAEDI), strict=False)
    ):
        department.specialities = [(speciality.code, MAIN_SPECIALITY)]
        department.children = [
            organizational_unit(
                351020 + place, f"Sengeafsnit {place + 1}", None, shak=f"{department.shak}0"
            )
        ]
    telling = Telling(
        region(351000, "Region Nordkysten", address("Regionsvej", "1", "9000"), house), version=1
    )
    telling.night("2012-02-27")
    for sequence in (351011, 351012):
        _give_way(registered(telling[sequence], "2012-02-27"), 351031)
    telling[351010].children.append(
        _department(351031, "Medicinsk Afdeling M", "809905", INTERN_MEDICIN, 351011, 351012)
    )
    telling.night("2012-02-28")
    telling.night(_LAST)
    for sequence in (351020, 351021):
        telling.move(sequence, 351031, _DAY)
    _give_way(registered(telling[351013], _LAST), 351032, 351033)
    telling[351010].children += [
        _department(351032, "Ortopædkirurgisk Afdeling, akut", "809906", ORTOPAEDI, 351013),
        _department(351033, "Ortopædkirurgisk Afdeling, planlagt", "809907", ORTOPAEDI, 351013),
    ]
    for sequence in (351032, 351033):
        registered(telling[sequence], _LAST)
    telling.move(351022, 351032, _DAY)
    telling.night(_DAY)
    return telling.nights


NIGHTS = {"24-merged-and-split": merged_and_split}
