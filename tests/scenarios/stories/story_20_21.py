"""Stories 20 and 21: what is registered ahead of its day, and what a passing day does by itself."""

from __future__ import annotations

from .lists import FODTERAPEUT, KIROPRAKTOR, PSYKOLOG, SPECIALLAEGE, SUPPLERENDE, TANDLAEGE
from .nights import Telling
from .trees import address, changed, clinic, day_after, number, registered


def closings() -> dict[str, bytes]:
    """20: a last day ahead, three quiet nights, the day after; one cancelled, two reopened, one far away."""
    telling = Telling(
        clinic(
            630010,
            "Tandlæge Inger Søgaard",
            "Tandklinikken Fjordblik",
            TANDLAEGE,
            address("Fjordgade", "8", "4300"),
            "Inger Søgaard",
            location_number=number(90361, "1085"),
            person_type=SUPPLERENDE,
        ),
        clinic(
            630020,
            "Øjenlæge Per Rømer",
            "Øjenklinikken Bytorvet",
            SPECIALLAEGE,
            address("Bytorvet", "3", "4600"),
            "Per Rømer",
            "Assisterende læge Signe Høst",
            location_number=number(90362, "1085"),
            person_type=SUPPLERENDE,
        ),
        clinic(
            630030,
            "Fodterapi v/ Lone Kjærulff",
            "Kjærulffs fodterapi",
            FODTERAPEUT,
            address("Algade", "41", "4000"),
            "Lone Kjærulff",
            "Vikar for Lone Kjærulff",
            person_type=SUPPLERENDE,
        ),
        clinic(
            630040,
            "Kiropraktor Åge Frøslev",
            "Kiropraktisk klinik Ringvejen",
            KIROPRAKTOR,
            address("Ringvejen", "10", "4200"),
            "Åge Frøslev",
            person_type=SUPPLERENDE,
        ),
    )
    for sequence in (630032, 630033):
        registered(telling[sequence], "2018-06-27").to = "2018-06-30"
    for sequence in (630040, 630041, 630042):
        registered(telling[sequence], "2018-01-03").to = "9999-12-31"
    telling.night("2018-09-24")
    # Registered on Monday: the dentist's last day is Friday, the assistant's the end of the year.
    for sequence in (630010, 630011, 630012):
        registered(telling[sequence], "2018-09-24").to = "2018-09-28"
    registered(telling[630023], "2018-09-24").to = "2018-12-31"
    for day in ("2018-09-25", "2018-09-26", "2018-09-27", "2018-09-28", "2018-09-29"):
        telling.night(day)
    day = "2018-09-30"
    registered(telling[630023], day_after(day, -1)).to = None
    changed(telling[630032], day).to = None
    changed(telling[630033], day).to = "2019-03-31"
    telling.night(day)
    return telling.nights


def openings() -> dict[str, bytes]:
    """21: a practice is there four nights before it opens; another's opening is put off, then brought forward."""
    telling = Telling(
        clinic(
            631010,
            "Psykolog Gitte Væver",
            "Psykologerne i Gågaden",
            PSYKOLOG,
            address("Gågaden", "22", "6100"),
            "Gitte Væver",
            person_type=SUPPLERENDE,
        )
    )
    telling.night("2018-08-20")
    telling.units.append(
        clinic(
            631020,
            "Tandlægerne Holm & Ærbo I/S",
            "Tandlægerne Holm & Ærbo",
            TANDLAEGE,
            address("Nørreport", "7", "6400"),
            "Tandlæge Tine Holm",
            "Tandlæge Karl Ærbo",
            location_number=number(90365, "1083", since="2018-08-24"),
            person_type=SUPPLERENDE,
            since="2018-08-24",
        )
    )
    late = clinic(
        631040,
        "",
        "",
        PSYKOLOG,
        address("Gågaden", "22", "6100"),
        "Psykolog Birk Rævsgaard",
        person_type=SUPPLERENDE,
        since="2018-08-23",
    )
    telling[631011].children += late.children[0].children
    for sequence in (631020, 631021, 631022, 631023, 631042):
        registered(telling[sequence], "2018-08-20")
    telling.night("2018-08-21")
    put_off = registered(telling[631042], "2018-08-21")
    put_off.first_from = put_off.from_ = "2018-10-01"
    telling.night("2018-08-22")
    telling.night("2018-08-23")
    telling.night("2018-08-24")
    forward = registered(telling[631042], "2018-08-24")
    forward.first_from = forward.from_ = "2018-08-25"
    telling.night("2018-08-25")
    return telling.nights


NIGHTS = {"20-closings-ahead": closings, "21-opening-later": openings}
