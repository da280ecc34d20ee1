"""April 2018: the texts of the unit types are modernised, their codes stay."""

from __future__ import annotations

from tests.making.plain import PlainUnit, valid_cvr

from . import lists
from .nights import Telling
from .trees import (
    MAIN_SPECIALITY,
    address,
    clinic,
    hospital,
    institution,
    municipality,
    organizational_unit,
    region,
)

_MODERNISED = (
    lists.ALMEN_PRAKSIS,
    lists.ANDET,
    lists.FODTERAPEUT,
    lists.GENOPTRAENING,
    lists.HANDICAP_PSYKIATRI,
    lists.HJEMMESYGEPLEJE,
    lists.KIROPRAKTOR,
    lists.PRAEHOSPITAL,
    lists.SERVICE,
    lists.SUNDHEDSPLEJE,
    lists.TANDPLEJE,
    lists.AKUTMODTAGE,
    lists.INTENSIV,
)
_AS_BEFORE = (
    lists.KOMMUNE,
    lists.PRIVAT,
    lists.REGION,
    lists.APOTEK,
    lists.HOSPITAL,
    lists.KLINISK_ENHED,
    lists.TANDLAEGE,
)
_NEW_TYPES = (lists.APOTEKSFILIAL, lists.ALTERNATIV, lists.HJEMMEPLEJE)


def _modern_texts() -> dict[str, bytes]:
    story = Telling(_modern_region(), _modern_town(), *_modern_practices())
    types = lists.unit_types(*_AS_BEFORE, *_MODERNISED)
    specialities = lists.specialities(lists.ALMEN_MEDICIN, lists.PLASTIKKIRURGI)
    story.lists = [types, specialities]
    story.night("2018-04-18")
    types.entries = lists.entries(*_AS_BEFORE, *_MODERNISED, *_NEW_TYPES, revised=True)
    specialities.entries = lists.entries(
        lists.ALMEN_MEDICIN, lists.PLASTIKKIRURGI, lists.ODONTOLOGI, revised=True
    )
    story.night("2018-04-19")
    return story.nights


def _modern_region() -> PlainUnit:
    acute = hospital(
        680_110,
        "Hospitalsenheden Fjord",
        "6699",
        address("Fjordvej", "40", "8900"),
        "Akutafdelingen",
        "Intensiv afdeling",
        "Intensivt afsnit, børn",
        "Plastikkirurgisk afdeling",
    )
    for department, unit_type in zip(
        acute.children, (lists.AKUTMODTAGE, lists.INTENSIV, lists.INTENSIV), strict=False
    ):
        department.unit_type = unit_type.code
    acute.children[3].specialities = [(lists.PLASTIKKIRURGI.code, MAIN_SPECIALITY)]
    acute.children.append(organizational_unit(680_120, "Køkken og vaskeri", lists.SERVICE))
    return region(
        680_100,
        "Region Midtjylland",
        address("Skottenborg", "26", "8800"),
        acute,
        institution(680_130, "Præhospitalet", lists.PRAEHOSPITAL),
    )


def _modern_town() -> PlainUnit:
    shut = institution(680_213, "Hjemmesygeplejen, distrikt Øst", lists.HJEMMESYGEPLEJE)
    shut.to, shut.updated = "2016-12-31", "2016-12-01"
    coming = institution(680_214, "Hjemmesygeplejen, Havneøen", lists.HJEMMESYGEPLEJE)
    coming.from_ = coming.first_from = "2018-06-01"
    coming.updated = "2018-03-20"
    return municipality(
        680_200,
        "Horsens Kommune",
        address("Rådhustorvet", "4", "8700"),
        institution(680_211, "Hjemmesygeplejen, distrikt Nord", lists.HJEMMESYGEPLEJE),
        institution(680_212, "Hjemmesygeplejen, distrikt Syd", lists.HJEMMESYGEPLEJE),
        shut,
        coming,
        institution(680_215, "Sundhedsplejen", lists.SUNDHEDSPLEJE),
        institution(680_216, "Genoptræning Horsens", lists.GENOPTRAENING),
        institution(680_217, "Handicap og Psykiatri", lists.HANDICAP_PSYKIATRI),
        institution(680_218, "Hjælpemiddeldepotet", lists.ANDET),
    )


def _modern_practices() -> list[PlainUnit]:
    return [
        clinic(
            680_300 + 10 * place,
            owner_name,
            name,
            unit_type,
            address(street, "2", "8700"),
            person,
            person_type=lists.KLINISK_ENHED,
            speciality=lists.ALMEN_MEDICIN if unit_type is lists.ALMEN_PRAKSIS else None,
            cvr=valid_cvr(900_000 + place),
        )
        for place, (owner_name, name, unit_type, street, person) in enumerate(
            (
                (
                    "Lægerne Smedegade I/S",
                    "Smedegades Læger",
                    lists.ALMEN_PRAKSIS,
                    "Smedegade",
                    "Ulla Bro",
                ),
                (
                    "Læge Niels Kjær",
                    "Lægerne Havnen",
                    lists.ALMEN_PRAKSIS,
                    "Havneallé",
                    "Niels Kjær",
                ),
                (
                    "Fodterapeut Rikke Lind",
                    "Linds Fodklinik",
                    lists.FODTERAPEUT,
                    "Graven",
                    "Rikke Lind",
                ),
                (
                    "Tandplejer Gry Lauritsen",
                    "Smilet",
                    lists.TANDPLEJE,
                    "Kildegade",
                    "Gry Lauritsen",
                ),
                (
                    "Apoteker Finn Højgaard",
                    "Horsens Løve Apotek",
                    lists.APOTEK,
                    "Torvet",
                    "Ekspedition",
                ),
            )
        )
    ]


NIGHTS = {"09-modern-texts": _modern_texts}
