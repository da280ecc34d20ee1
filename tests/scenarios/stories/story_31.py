"""Story 31: the fields and turns that no other story tells."""

from __future__ import annotations

from tests.making.plain import valid_sor_id

from .lists import (
    AKUTMODTAGE,
    INTERN_MEDICIN,
    KARDIOLOGI,
    OFTALMOLOGI,
    SPECIALLAEGE,
    SUPPLERENDE,
)
from .nights import Telling
from .trees import (
    MAIN_SPECIALITY,
    address,
    changed,
    clinic,
    day_after,
    hospital,
    number,
    pharmacy,
    region,
)

_OTHER_SYSTEM, _OTHER_SUPPLIER, _OTHER_ADMINISTRATOR = "1611000045003", "641000055002", "116"


def rare() -> dict[str, bytes]:
    """A clinic, a pharmacy and a hospital; one thing a night."""
    telling = Telling(
        clinic(
            690010,
            "Øjenlægerne Kystvejen P/S",
            "Øjenlægerne Kystvejen",
            SPECIALLAEGE,
            address("Kystvejen", "28", "8000"),
            "Øjenlæge Aksel Krøyer",
            location_number=number(90421, "1082"),
            speciality=OFTALMOLOGI,
            person_type=SUPPLERENDE,
        ),
        pharmacy(
            690020,
            "Apoteker Lis Bækgård",
            "Strandens Apotek",
            "087,0",
            address("Strandgade", "5", "3700"),
        ),
        region(
            690030,
            "Region Nordkysten",
            address("Regionsvej", "1", "9000"),
            hospital(
                690031,
                "Sygehus Nørrefjord",
                "8099",
                address("Sygehusvej", "100", "9800"),
                "Medicinsk Afdeling M",
                "Akutafdelingen",
            ),
        ),
    )
    department = telling[690032]
    department.specialities = [(INTERN_MEDICIN.code, MAIN_SPECIALITY)]
    department.replaces = [valid_sor_id(351011), valid_sor_id(351012)]
    block = telling[690010].location_number
    assert block is not None
    day = "2018-11-12"
    telling.night(day)

    day = day_after(day)  # production unit number, pharmacy number, a second speciality
    changed(telling[690011], day).p_number = "1003000123"
    changed(telling[690021], day).pharmacy_number = "078,0"
    changed(department, day).specialities.append((KARDIOLOGI.code, None))
    telling.night(day)

    day = day_after(day)  # another system behind the number: the unit itself is untouched
    changed(block, day).system = _OTHER_SYSTEM
    block.system_supplier, block.administrator = _OTHER_SUPPLIER, _OTHER_ADMINISTRATOR
    telling.night(day)

    day = day_after(day)  # the number is inactive for a night
    changed(block, day).inactive = True
    telling.night(day)
    day = day_after(day)
    changed(block, day).inactive = False
    telling.night(day)

    day = day_after(day)  # flags, local code and attributes, a correction of what was replaced
    changed(department, day).replaces = [valid_sor_id(351011)]
    department.ambulant_activity = department.patients_admitted = True
    ward = changed(telling[690033], day)
    ward.local_code, ward.local_attributes, ward.unit_type = (
        "AKA",
        {1: "Bygning Ø"},
        AKUTMODTAGE.code,
    )
    telling.night(day)

    day = day_after(day)  # the bookkeeping alone
    changed(telling[690012], day)
    telling.night(day)
    return telling.nights


NIGHTS = {"31-rare-fields": rare}
