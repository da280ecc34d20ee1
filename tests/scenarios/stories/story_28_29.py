"""Stories 28 and 29: a location number on two owners, and one that comes back to another owner."""

from __future__ import annotations

from tests.making.plain import twin

from .lists import ALMEN_PRAKSIS, KLINISK_ENHED, SPECIALLAEGE, SUPPLERENDE
from .nights import Telling
from .trees import address, changed, clinic, day_after, number, registered


def shared() -> dict[str, bytes]:
    """28: a doctor takes over a practice; its number stands on both owners for a week, then only on the second."""
    house = address("Præstø Landevej", "11", "4700")
    telling = Telling(
        clinic(
            670010,
            "Læge Erik Sønderby",
            "Lægehuset Mølleparken",
            ALMEN_PRAKSIS,
            house,
            "Erik Sønderby",
            location_number=number(90401, "1085"),
            provider_number="017762",
            person_type=KLINISK_ENHED,
        ),
        clinic(
            670020,
            "Lægerne Mølleparken ApS",
            "Lægerne Mølleparken",
            ALMEN_PRAKSIS,
            house,
            "Læge Rikke Håkansson",
            "Læge Elin Bøgh",
            person_type=KLINISK_ENHED,
            since="2018-10-01",
        ),
    )
    telling.night("2018-10-15")
    first, second = telling[670010], telling[670020]
    day = "2018-10-16"
    assert first.location_number is not None
    second.location_number = changed(twin(first.location_number), day)
    changed(second, day)
    for sequence in (670021, 670022, 670023):
        changed(telling[sequence], day).location_number_inherited = True
    telling.night(day)
    telling.night(day_after(day))
    day = "2018-10-18"
    changed(first, day).location_number = None
    telling.night(day)
    return telling.nights


def reused() -> dict[str, bytes]:
    """29: released in March, given to another owner's unit in May; the nights between are left out."""
    telling = Telling(
        clinic(
            671010,
            "Ørelæge Svend Åge Kruse",
            "Øre-næse-hals-klinikken Havnegade",
            SPECIALLAEGE,
            address("Havnegade", "2", "8000"),
            "Svend Åge Kruse",
            location_number=number(90405, "1082"),
            person_type=SUPPLERENDE,
        ),
        clinic(
            671020,
            "Hudlægerne i Midtbyen A/S",
            "Hudlægerne i Midtbyen",
            SPECIALLAEGE,
            address("Store Torv", "9", "8000"),
            "Hudlæge Freja Dalsgård",
            person_type=SUPPLERENDE,
        ),
    )
    telling.night("2018-03-12")
    day = "2018-03-13"
    kept = changed(telling[671010], day).location_number
    telling[671010].location_number = None
    for sequence in (671011, 671012):
        changed(telling[sequence], day).location_number_inherited = False
    telling.night(day)
    day = "2018-05-14"
    assert kept is not None
    changed(telling[671021], day).location_number = changed(kept, day)
    kept.first_from = day
    registered(kept, "2018-05-09")
    changed(telling[671022], day).location_number_inherited = True
    telling.night(day)
    return telling.nights


NIGHTS = {"28-shared-number": shared, "29-number-reused": reused}
