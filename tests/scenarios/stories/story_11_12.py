"""Autumn 2018: what the import got wrong is corrected, and a number moves from an owner to its institution."""

from __future__ import annotations

from tests.making.plain import PlainContact, PlainUnit, valid_cvr

from . import lists
from .nights import Telling
from .trees import address, changed, clinic, number, organizational_unit, phone

_IMPORT = "2018-04-18"


def _corrections() -> dict[str, bytes]:
    story = Telling(_on_the_institution(), _on_the_owner(), _on_a_branch())
    story.night("2018-08-20")
    # The house number came as 14 instead of 41, on the institution; those below inherit it.
    shop = changed(story[710_101], "2018-08-21")
    assert shop.postal is not None
    shop.postal.street_building = "41"
    story.night("2018-08-21")
    # The whole address of the owner belonged to somebody else, and so did the phone.
    laboratory = changed(story[710_110], "2018-08-22")
    laboratory.postal = address("Ny Banegårdsgade", "55", "8000")
    laboratory.contact = phone("86120955", "post@oerekroge.example.dk")
    story.night("2018-08-22")
    # A branch gets a visiting address of its own; the institution's phone was an old one.
    changed(story[710_123], "2018-08-23").activity = address("Storegade", "3", "8600")
    changed(story[710_121], "2018-08-23").contact = phone(
        "86800140", website="www.ryggen.example.dk"
    )
    story.night("2018-08-23")
    return story.nights


def _on_the_institution() -> PlainUnit:
    return clinic(
        710_100,
        "Zone og Velvære ApS",
        "Zoneterapi ved Åen",
        lists.ZONETERAPI,
        address("Åboulevarden", "14", "8000"),
        "Lotte Kirk",
        "Mai Toft",
        person_type=lists.SUPPLERENDE,
        cvr=valid_cvr(1_100_100),
        contact=phone("86190014"),
        since=_IMPORT,
    )


def _on_the_owner() -> PlainUnit:
    """The institution and the person have neither address nor contact of their own."""
    laboratory = clinic(
        710_110,
        "Ørekroge v/ Bo Østergaard",
        "Alternativ behandling Østergaard",
        lists.ALTERNATIV,
        address("Banegårdspladsen", "5", "8000"),
        "Bo Østergaard",
        person_type=lists.SUPPLERENDE,
        cvr=valid_cvr(1_100_110),
        since=_IMPORT,
    )
    laboratory.children[0].postal = None
    laboratory.contact = phone("86120000")
    return laboratory


def _on_a_branch() -> PlainUnit:
    practice = clinic(
        710_120,
        "Kiropraktorerne Midt I/S",
        "Rygklinikken Midt",
        lists.KIROPRAKTOR,
        address("Vestergade", "22", "8600"),
        "Rygklinikken Midt, Silkeborg",
        person_type=lists.SUPPLERENDE,
        cvr=valid_cvr(1_100_120),
        contact=PlainContact(phone="86800104", website="www.ryggen.example.dk"),
        since=_IMPORT,
    )
    practice.children[0].children.append(
        organizational_unit(
            710_123, "Rygklinikken Midt, Kjellerup", lists.SUPPLERENDE, since=_IMPORT
        )
    )
    return practice


def _number_moves_down() -> dict[str, bytes]:
    practice = clinic(
        720_100,
        "Lægerne Kirkegade I/S",
        "Lægehuset Kirkegade",
        lists.ALMEN_PRAKSIS,
        address("Kirkegade", "18", "9800"),
        "Vibeke Nørgaard",
        "Peter Skov",
        "Sygeplejekonsultation",
        location_number=number(241_100, "1081"),
        provider_number="090213",
        speciality=lists.ALMEN_MEDICIN,
        person_type=lists.SUPPLERENDE,
        cvr=valid_cvr(1_200_100),
    )
    neighbour = clinic(
        720_110,
        "Tandlæge Sif Holst ApS",
        "Tandklinikken Vendsyssel",
        lists.TANDLAEGE,
        address("Kirkegade", "20", "9800"),
        "Sif Holst",
        location_number=number(241_110, "1081"),
        person_type=lists.SUPPLERENDE,
        cvr=valid_cvr(1_200_110),
    )
    story = Telling(practice, neighbour)
    story.night("2018-12-03")
    house = changed(story[720_101], "2018-12-04")
    house.location_number, practice.location_number = practice.location_number, None
    house.location_number_inherited = False
    assert house.location_number is not None
    changed(house.location_number, "2018-12-04")
    story.night("2018-12-04")
    return story.nights


NIGHTS = {
    "11-corrections": _corrections,
    "12-number-moves-down": _number_moves_down,
}
