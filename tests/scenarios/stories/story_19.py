"""Story 19: December 2018, duplicate ydernumre are hidden by a 99 in front."""

from __future__ import annotations

from .lists import ALMEN_MEDICIN, ALMEN_PRAKSIS, FYSIOTERAPI, KLINISK_ENHED
from .nights import Telling
from .trees import address, changed, clinic, number


def duplicates() -> dict[str, bytes]:
    """Three doctors under one roof and two physiotherapists, each under an owner of their own; one doctor alone."""
    house = address("Åhavevej", "12", "8700", floor="1")
    hall = address("Gymnastikvej", "5", "7400")
    doctors = ("Læge Mette Skjødt", "Læge Anders Bæk", "Læge Sofie Nørlund")
    therapists = ("Fysioterapeut Lærke Toft", "Fysioterapeut Ole Åkjær")
    units = [
        clinic(
            620000 + 10 * place,
            f"{name} ApS",
            "Lægehuset ved Åen",
            ALMEN_PRAKSIS,
            house,
            name,
            location_number=number(90341, "1082") if place == 1 else None,
            provider_number="013447",
            speciality=ALMEN_MEDICIN,
            person_type=KLINISK_ENHED,
        )
        for place, name in enumerate(doctors)
    ]
    units += [
        clinic(
            620100 + 10 * place,
            name,
            "Klinikken i Hallen",
            FYSIOTERAPI,
            hall,
            name,
            location_number=number(90342, "1082") if place == 0 else None,
            on_institution=True,
            provider_number="079120",
            person_type=KLINISK_ENHED,
        )
        for place, name in enumerate(therapists)
    ]
    units.append(
        clinic(
            620200,
            "Læge Jørn Ågård",
            "Lægerne i Sønderklit",
            ALMEN_PRAKSIS,
            address("Klitvej", "70", "7700"),
            "Jørn Ågård",
            location_number=number(90343, "1081"),
            provider_number="004418",
            speciality=ALMEN_MEDICIN,
            person_type=KLINISK_ENHED,
        )
    )
    telling = Telling(*units)
    telling.night("2018-12-05")
    day = "2018-12-06"
    for sequence in (620002, 620022, 620112):
        hidden = changed(telling[sequence], day)
        assert hidden.provider_number is not None
        hidden.provider_number = "99" + hidden.provider_number
    telling.night(day)
    return telling.nights


NIGHTS = {"19-duplicate-provider-numbers": duplicates}
