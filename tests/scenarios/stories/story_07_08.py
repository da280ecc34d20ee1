"""2015: types of unit that come and go; February 2018: CVR numbers that arrive one by one."""

from __future__ import annotations

from tests.making.plain import PlainUnit, valid_cvr

from . import lists
from .lists import Code
from .nights import Telling
from .trees import (
    address,
    changed,
    clinic,
    institution,
    municipality,
    number,
)

# What later became "center for misbrugsbehandling"; this is the text of the news in 2015.
_MISBRUGERE = Code("56781000005109", "behandlingscenter for misbrugere", None)


def _types_come_and_go() -> dict[str, bytes]:
    def centre(sequence: int, name: str) -> PlainUnit:
        return institution(sequence, name, lists.STOFMISBRUGERE)

    shut = centre(310_113, "Behandlingscenter Havnen")
    shut.to, shut.updated = "2014-06-30", "2014-06-12"
    story = Telling(
        municipality(
            310_110,
            "Vejle Kommune",
            address("Skolegade", "1", "7100"),
            centre(310_111, "Behandlingscenter Vejle"),
            centre(310_112, "Ungecenter for stofmisbrug"),
            shut,
        ),
        municipality(
            310_120,
            "Haderslev Kommune",
            address("Gåskærgade", "26", "6100"),
            centre(310_121, "Rusmiddelcenter Haderslev"),
            institution(310_122, "Hjemmesygeplejen", lists.HJEMMESYGEPLEJE),
        ),
        clinic(
            310_130,
            "Fonden Solbakken",
            "Behandlingshjemmet Solbakken",
            lists.STOFMISBRUGERE,
            address("Solbakken", "4", "5700"),
            "Døgnafdeling",
            person_type=lists.KLINISK_ENHED,
        ),
    )
    types = lists.unit_types(
        lists.KOMMUNE,
        lists.PRIVAT,
        lists.HJEMMESYGEPLEJE,
        lists.STOFMISBRUGERE,
        lists.KLINISK_ENHED,
    )
    story.lists = [types]
    story.night("2015-06-15")
    types.entries += lists.entries(lists.ASYLCENTER, lists.HANDICAP_PSYKIATRI)
    story.night("2015-06-16")
    story.night("2015-08-17")
    types.entries += lists.entries(_MISBRUGERE)
    story.night("2015-08-18")
    for sequence in (310_111, 310_112, 310_121):
        changed(story[sequence], "2015-08-19").unit_type = _MISBRUGERE.code
    story.night("2015-08-19")
    types.entries = [e for e in types.entries if e.code != lists.STOFMISBRUGERE.code]
    story.night("2015-08-20")
    return story.nights


def _cvr_arrives() -> dict[str, bytes]:
    practices = [
        clinic(
            660_100 + 10 * place,
            owner_name,
            name,
            unit_type,
            address(street, "7", post_code),
            person,
            location_number=number(230_100 + place, "1082"),
            person_type=lists.KLINISK_ENHED,
        )
        for place, (owner_name, name, unit_type, street, post_code, person) in enumerate(
            (
                ("Fysio Midt ApS", "Fysio Midt", lists.FYSIOTERAPI, "Nygade", "8600", "Ida Holm"),
                (
                    "Tandlæge Aage Friis",
                    "Tandklinikken",
                    lists.TANDLAEGE,
                    "Vestergade",
                    "8800",
                    "Aage Friis",
                ),
                (
                    "Psykolog Lene Juhl",
                    "Lene Juhl",
                    lists.PSYKOLOG,
                    "Søndergade",
                    "8700",
                    "Lene Juhl",
                ),
                (
                    "Kiropraktorerne I/S",
                    "Kiropraktisk Klinik",
                    lists.KIROPRAKTOR,
                    "Østergade",
                    "7500",
                    "Per Bech",
                ),
                (
                    "Lægerne Å-huset I/S",
                    "Å-huset",
                    lists.ALMEN_PRAKSIS,
                    "Åboulevarden",
                    "8900",
                    "Åse Øbro",
                ),
            )
        )
    ]
    story = Telling(
        municipality(660_000, "Silkeborg Kommune", address("Søvej", "1", "8600")), *practices
    )
    story.units[0].cvr = valid_cvr(800_001)
    story.night("2018-02-05")
    for day, arrivals in (
        ("2018-02-06", {660_100: 812_001, 660_110: 813_417}),
        ("2018-02-07", {660_130: 820_336}),
        ("2018-02-08", {660_120: 827_450, 660_140: 813_418}),
        ("2018-02-09", {660_110: 813_419}),
    ):
        for sequence, cvr in arrivals.items():
            changed(story[sequence], day).cvr = valid_cvr(cvr)
        story.night(day)
    return story.nights


NIGHTS = {
    "07-types-come-and-go": _types_come_and_go,
    "08-cvr-arrives": _cvr_arrives,
}
