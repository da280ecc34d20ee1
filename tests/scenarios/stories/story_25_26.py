"""Stories 25 and 26: nights that are missing, and a night that is issued twice."""

from __future__ import annotations

import re

from .lists import ALMEN_PRAKSIS, FODTERAPEUT, KLINISK_ENHED, SUPPLERENDE, TANDLAEGE
from .nights import Telling
from .trees import address, changed, clinic, day_after, number, phone, registered


def missing() -> dict[str, bytes]:
    """25: the nights of 6 to 8 March were never fetched; what happened in them is seen on the 9th, but not its steps."""
    telling = Telling(
        clinic(
            650010,
            "Læge Ditte Østergaard",
            "Lægehuset Skovvænget",
            ALMEN_PRAKSIS,
            address("Skovvænget", "4", "6700"),
            "Ditte Østergaard",
            "Uddannelseslæge",
            location_number=number(90381, "1083"),
            provider_number="025530",
            person_type=KLINISK_ENHED,
        ),
        clinic(
            650020,
            "Fodterapeut Helle Brøns",
            "Brøns fodterapi",
            FODTERAPEUT,
            address("Strandbygade", "90", "6700"),
            "Helle Brøns",
            contact=phone("75000120"),
            person_type=SUPPLERENDE,
        ),
    )
    telling.night("2018-03-05")
    # Tuesday the 6th: a new name, and the trainee's last day; Wednesday: the name again; Thursday: a new colleague,
    # and a locum who came and went between two fetched nights.
    changed(telling[650011], "2018-03-06").name = "Lægehuset Skovvænge"
    registered(telling[650013], "2018-03-05").to = "2018-03-07"
    changed(telling[650011], "2018-03-07").name = "Lægerne i Skovvænget"
    late = clinic(
        650030,
        "",
        "",
        FODTERAPEUT,
        address("Strandbygade", "90", "6700"),
        "Fodterapeut Åse Dam",
        "Vikar Bo Lillelund",
        person_type=SUPPLERENDE,
        since="2018-03-07",
    )
    telling[650021].children += late.children[0].children
    telling[650033].to = "2018-03-08"
    telling.night("2018-03-09")
    contact = changed(telling[650021], "2018-03-10").contact
    assert contact is not None
    contact.phone = "75000121"
    telling.night("2018-03-10")
    return telling.nights


def twice() -> dict[str, bytes]:
    """26: the first issue of 18 June lacks a practice and has a wrong address; the second, at 10.40, is right."""
    right = address("Enghavevej", "17", "2630")
    telling = Telling(
        clinic(
            651010,
            "Tandlæge Nanna Bjerrum",
            "Tandlægerne på Enghavevej",
            TANDLAEGE,
            right,
            "Nanna Bjerrum",
            person_type=SUPPLERENDE,
        ),
        clinic(
            651020,
            "Læge Troels Ågesen",
            "Lægerne ved Søndersø",
            ALMEN_PRAKSIS,
            address("Søndersøvej", "8", "3400"),
            "Troels Ågesen",
            location_number=number(90385, "1084"),
            provider_number="031208",
            person_type=KLINISK_ENHED,
        ),
        clinic(
            651030,
            "Fodterapeut Ib Thygesen",
            "Thygesens fodterapi",
            FODTERAPEUT,
            address("Bygaden", "3", "2630"),
            "Ib Thygesen",
            person_type=SUPPLERENDE,
        ),
    )
    for sequence in (651030, 651031, 651032):
        registered(telling[sequence], "2018-05-30").to = "2018-06-17"
    telling.night("2018-06-17")
    day = "2018-06-18"
    lost = telling.take_out(651020)
    telling[651011].postal = address("Enghavevej", "71", "2630")
    telling.night(day)
    telling.nights[f"{day}-a.xml"] = telling.nights.pop(f"{day}.xml")
    telling[651011].postal = right
    telling.units.insert(1, lost)
    telling.night(day)
    second = telling.nights.pop(f"{day}.xml")
    telling.nights[f"{day}-b.xml"] = re.sub(rb"T01:00:", b"T10:40:", second, count=1)
    changed(telling[651012], day_after(day)).name = "Tandlæge Nanna Bjerrum"
    telling.night(day_after(day))
    return telling.nights


NIGHTS = {"25-missing-nights": missing, "26-issued-twice": twice}
