"""Invented names and codes for a register of full size."""

from __future__ import annotations

import random
from typing import Final

# post code, town, municipality code, region code
Place = tuple[str, str, str, str]

PLAIN: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "-"})
OWNER_TYPES: Final = {
    "private": "550891000005100",
    "municipality": "547211000005108",
    "region": "550881000005103",
}
INSTITUTION_TYPES: Final = {
    "private": ("394761003", "550681000005102", "547011000005103", "550671000005100", "264372000"),
    "municipality": ("42665001", "554821000005109", "550621000005101", "546811000005109"),
    "region": ("22232009", "554211000005102", "550821000005102"),
}
PART_TYPES: Final = {
    "private": ("255203001", "550681000005102", "547011000005103"),
    "municipality": ("554821000005109", "554881000005108", "554021000005101"),
    "region": ("309904001", "225728007", "309939001", "225738002"),
}
SPECIALITIES: Final = ("394802001", "394579002", "394801008", "394594003", "394537008", "394418009")
SYSTEMS: Final = ("225", "226", "231", "240", "252")
STREETS: Final = (
    "Algade",
    "Bakkevej",
    "Birkealle",
    "Brogade",
    "Engdraget",
    "Fjordparken",
    "Havnegade",
    "Hovedgaden",
    "Kirkestræde",
    "Klitvænget",
    "Kystvejen",
    "Lærkevej",
    "Markstien",
    "Mølleåen",
    "Nørregade",
    "Parkvej",
    "Rådhuspladsen",
    "Skovbrynet",
    "Strandgade",
    "Søndergade",
    "Torvet",
    "Ved Åen",
    "Vestergade",
    "Østervang",
)
_TOWNS: Final = (
    "Bjergby",
    "Egeskov",
    "Fjordby",
    "Havnsø",
    "Klintholm",
    "Lyngå",
    "Mosede",
    "Nørreby",
    "Søstrand",
    "Vesterø",
    "Ådal",
    "Østerlund",
)
_REGIONS: Final = ("1081", "1082", "1083", "1084", "1085")
_FIRST: Final = ("Anne", "Bo", "Dorte", "Erik", "Helle", "Jens", "Kirsten", "Lars", "Mette", "Ole")
_LAST: Final = ("Berg", "Dahl", "Friis", "Holm", "Juul", "Krogh", "Lund", "Møller", "Skov", "Ås")
_PRACTICES: Final = ("Lægehuset", "Tandlægerne", "Fysioterapien", "Klinikken", "Apoteket")
_HOMES: Final = ("Plejecenter", "Hjemmeplejen", "Sygeplejen", "Genoptræningen", "Bostedet")
_WARDS: Final = (
    "Medicinsk",
    "Kirurgisk",
    "Ortopædkirurgisk",
    "Hjertemedicinsk",
    "Børne- og unge",
    "Øre-næse-hals",
    "Neurologisk",
    "Radiologisk",
)
_WARD_KINDS: Final = ("afdeling", "afsnit", "ambulatorium", "klinik", "sengeafsnit", "modtagelse")


def _choose(rng: random.Random, among: tuple[str, ...]) -> str:
    return among[int(rng.random() * len(among))]


def choose_place(rng: random.Random) -> Place:
    """Choose a town with its codes."""
    which = int(rng.random() * 900)
    town = _TOWNS[which % len(_TOWNS)]
    return f"{1000 + which * 9}", town, f"{101 + which % 750:04d}", _REGIONS[which % 5]


def invent_owner(rng: random.Random, shape: str, where: Place) -> str:
    """Invent the name of an owner."""
    if shape == "private":
        return f"{_choose(rng, _FIRST)} {_choose(rng, _LAST)} & {_choose(rng, _LAST)} I/S"
    if shape == "region":
        return f"Region {where[1]} {where[0]}"
    return f"{where[1]} Kommune {where[0]}"


def invent_institution(rng: random.Random, shape: str, where: Place) -> str:
    """Invent the name of an institution."""
    if shape == "private":
        return f"{_choose(rng, _PRACTICES)} {_choose(rng, STREETS)}"
    if shape == "region":
        return f"{where[1]} Universitetshospital, {_choose(rng, STREETS)}"
    return f"{_choose(rng, _HOMES)} {_choose(rng, STREETS)}"


def invent_organizational_unit(rng: random.Random, shape: str) -> str:
    """Invent the name of an organizational unit."""
    if shape == "private":
        return f"{_choose(rng, _FIRST)} {_choose(rng, _LAST)}"
    if shape == "region":
        return f"{_choose(rng, _WARDS)} {_choose(rng, _WARD_KINDS)} {int(rng.random() * 400)}"
    return f"{_choose(rng, _HOMES)} {_choose(rng, STREETS)}, gruppe {int(rng.random() * 40)}"
