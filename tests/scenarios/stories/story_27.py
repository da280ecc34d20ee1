"""Story 27: an element of a later version, which nobody knows, appears on 20 units and then changes on one."""

from __future__ import annotations

from tests.making.plain import Element

from .lists import (
    ADMINISTRATIV,
    GENOPTRAENING,
    HJEMMEPLEJE,
    HJEMMESYGEPLEJE,
    PLEJEHJEM,
    SUNDHEDSPLEJE,
    TANDPLEJE,
)
from .nights import Telling
from .trees import address, changed, institution, municipality, number, organizational_unit

_DISTRICTS = ("Nord", "Syd", "Øst", "Vest")


def _level(level: str) -> Element:
    return Element("urn:oio:nsi:3.0.0", "OrganizationalLevel", level)


def unknown() -> dict[str, bytes]:
    """Four services of a municipality with four districts each: twenty units; the rest has not got the element."""
    services = [
        institution(
            660010 + 10 * place,
            name,
            unit_type,
            *(
                organizational_unit(
                    660011 + 10 * place + district,
                    f"{name} {quarter}",
                    unit_type,
                    location_number_inherited=True,
                )
                for district, quarter in enumerate(_DISTRICTS)
            ),
            postal=address("Sundhedsvej", str(2 + 2 * place), "8700"),
            location_number=number(90390 + place, "1082"),
        )
        for place, (name, unit_type) in enumerate(
            (
                ("Hjemmesygeplejen", HJEMMESYGEPLEJE),
                ("Hjemmeplejen", HJEMMEPLEJE),
                ("Genoptræningen", GENOPTRAENING),
                ("Sundhedsplejen", SUNDHEDSPLEJE),
            )
        )
    ]
    telling = Telling(
        municipality(
            660000,
            "Bølgesund Kommune",
            address("Rådhusgade", "1", "8700"),
            *services,
            institution(660050, "Tandplejen", TANDPLEJE),
            institution(660060, "Plejehjemmet Lærkereden", PLEJEHJEM),
            institution(660070, "Velfærdssekretariatet", ADMINISTRATIV),
        )
    )
    telling.night("2024-04-15")
    for service in services:
        service.unknown = [_level("1")]
        for district in service.children:
            district.unknown = [_level("2")]
    telling.night("2024-04-16")
    changed(telling[660022], "2024-04-17").unknown = [_level("3")]
    telling.night("2024-04-17")
    return telling.nights


NIGHTS = {"27-unknown-element": unknown}
