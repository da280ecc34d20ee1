"""Story 30: an institution with eight levels below it moves, and much changes inside it in the same night."""

from __future__ import annotations

from tests.making.plain import PlainUnit

from .lists import AKUTMODTAGE, HOSPITAL, INTENSIV, KLINISK_ENHED, OPERATIONSGANG, SKADESTUE, Code
from .nights import Telling
from .trees import (
    address,
    changed,
    day_after,
    institution,
    number,
    organizational_unit,
    region,
    registered,
)


def _ward(sequence: int, name: str, *below: PlainUnit, kind: Code = KLINISK_ENHED) -> PlainUnit:
    return organizational_unit(sequence, name, kind, *below, location_number_inherited=True)


def moves() -> dict[str, bytes]:
    """Fjordhospitalet goes from one region to another at New Year; a ward of it stays behind in the old region."""
    deepest = _ward(
        680015,
        "Hjerteafsnit H2",
        _ward(
            680016,
            "Ambulatorium for hjertesvigt",
            _ward(680017, "Team Ålborgvej", _ward(680018, "Hjemmemonitorering")),
            _ward(680019, "Team Æblehaven"),
        ),
    )
    house = institution(
        680010,
        "Fjordhospitalet",
        HOSPITAL,
        _ward(
            680011,
            "Center for Medicin og Akut",
            _ward(
                680012,
                "Medicinsk Afdeling",
                _ward(
                    680013,
                    "Hjertemedicin",
                    _ward(680014, "Kardiologisk Klinik", deepest),
                    _ward(680021, "Hjerteafsnit H1", _ward(680022, "Telemetrien", kind=INTENSIV)),
                ),
            ),
            _ward(680023, "Akutmodtagelsen", kind=AKUTMODTAGE),
            _ward(680024, "Skadestuen", kind=SKADESTUE),
        ),
        _ward(680025, "Center for Kirurgi", _ward(680026, "Dagkirurgien", kind=OPERATIONSGANG)),
        postal=address("Hospitalsvej", "1", "9500"),
        location_number=number(90411, "1081"),
    )
    telling = Telling(
        region(
            680000,
            "Region Vestfjord",
            address("Regionshusvej", "3", "8800"),
            house,
            institution(
                680030,
                "Sygehus Heden",
                HOSPITAL,
                _ward(680031, "Medicinsk Center"),
                postal=address("Hedevej", "50", "7500"),
                location_number=number(90412, "1082"),
            ),
        ),
        region(680040, "Region Østkysten", address("Amtsgade", "12", "9000")),
    )
    telling.night("2018-12-31")
    day = "2019-01-01"
    telling.move(680010, 680040, day)
    for sequence, name in (
        (680012, "Afdeling for Intern Medicin"),
        (680014, "Hjerteklinikken"),
        (680021, "Hjerteafsnit Heden"),
    ):
        changed(telling[sequence], day).name = name
    telling.move(680021, 680031, day)
    registered(telling[680019], day_after(day, -1)).to = day_after(day, -1)
    telling.night(day)
    return telling.nights


NIGHTS = {"30-institution-moves": moves}
