"""Stories 22 and 23: units that are no longer in the file."""

from __future__ import annotations

from .lists import (
    ADMINISTRATIV,
    FYSIOTERAPI,
    HJEMMESYGEPLEJE,
    PLEJEHJEM,
    SERVICE,
    SUNDHEDSCENTER,
    SUPPLERENDE,
)
from .nights import Telling
from .trees import (
    address,
    clinic,
    institution,
    municipality,
    number,
    organizational_unit,
    phone,
    registered,
)


def vanished() -> dict[str, bytes]:
    """22: a health centre with two units is missing from two nights and back, unchanged, in the next."""
    telling = Telling(
        municipality(
            640010,
            "Hvidsø Kommune",
            address("Rådhuspladsen", "1", "4700"),
            institution(
                640011,
                "Hvidsø Sundhedscenter",
                SUNDHEDSCENTER,
                organizational_unit(
                    640012, "Akutteam", HJEMMESYGEPLEJE, location_number_inherited=True
                ),
                organizational_unit(
                    640013, "Træning og genoptræning", None, location_number_inherited=True
                ),
                postal=address("Søbredden", "20", "4700"),
                contact=phone("55000110"),
                location_number=number(90371, "1085"),
            ),
            institution(
                640014, "Plejehjemmet Ålyst", PLEJEHJEM, postal=address("Ålystvej", "2", "4700")
            ),
        )
    )
    telling.night("2018-05-14")
    gone = telling.take_out(640011)
    telling.night("2018-05-15")
    telling.night("2018-05-16")
    telling[640010].children.insert(0, gone)
    telling.night("2018-05-17")
    return telling.nights


def purge() -> dict[str, bytes]:
    """23: what was closed for years is taken out: a whole tree, an institution and a unit below an open one."""
    telling = Telling(
        clinic(
            641010,
            "Fysioterapeut Kåre Nygård",
            "Nygårds fysioterapi",
            FYSIOTERAPI,
            address("Mølledamsvej", "6", "8900"),
            "Kåre Nygård",
            location_number=number(90375, "1082"),
            person_type=SUPPLERENDE,
        ),
        municipality(
            641020,
            "Rødekilde Kommune",
            address("Torvegade", "15", "8900"),
            institution(
                641021,
                "Centralvaskeriet",
                SERVICE,
                organizational_unit(641022, "Vognpark", None),
                location_number=number(90376, "1082"),
            ),
            institution(
                641023,
                "Sundhed og Omsorg",
                ADMINISTRATIV,
                organizational_unit(641024, "Visitationen", None, location_number_inherited=True),
                organizational_unit(641025, "Projektkontoret", None),
                location_number=number(90377, "1082"),
            ),
        ),
    )
    closed = {
        **dict.fromkeys((641010, 641011, 641012), "2012-12-31"),
        **dict.fromkeys((641021, 641022), "2013-06-30"),
        641025: "2014-01-31",
    }
    for sequence, to in closed.items():
        registered(telling[sequence], to).to = to
    telling.night("2018-06-05")
    for sequence in (641010, 641021, 641025):
        telling.take_out(sequence)
    telling.night("2018-06-06")
    return telling.nights


NIGHTS = {"22-vanished-and-back": vanished, "23-purge": purge}
