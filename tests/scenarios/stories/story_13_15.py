"""December 2018: owners with several institutions, and clinics of the regions under the wrong owners."""

from __future__ import annotations

from tests.making.plain import PlainNumber, PlainUnit, valid_cvr

from . import lists
from .nights import Telling
from .trees import (
    address,
    changed,
    clinic,
    institution,
    number,
    organizational_unit,
    owner,
    phone,
    region,
    registered,
)


def _person(sequence: int, name: str, since: str = "2010-01-05") -> PlainUnit:
    return organizational_unit(
        sequence, name, lists.SUPPLERENDE, since=since, location_number_inherited=True
    )


def _physiotherapists(sequence: int, first_number: int, name: str) -> PlainUnit:
    """An owner with two institutions; both share its number."""
    houses = [
        institution(
            sequence + 1 + 10 * place,
            f"{name}, {town}",
            lists.FYSIOTERAPI,
            _person(sequence + 2 + 10 * place, people[0]),
            _person(sequence + 3 + 10 * place, people[1]),
            location_number_inherited=True,
            postal=where,
            contact=phone(f"9892{place}100"),
        )
        for place, (town, where, people) in enumerate(
            (
                ("Hjørring", address("Østergade", "30", "9800"), ("Kasper Lund", "Stine Bak")),
                ("Brønderslev", address("Algade", "4", "9700"), ("Malene Qvist", "Ejnar Sø")),
            )
        )
    ]
    return owner(
        sequence,
        f"{name} I/S",
        lists.PRIVAT,
        *houses,
        location_number=number(first_number, "1081"),
        postal=address("Østergade", "30", "9800"),
        cvr=valid_cvr(1_300_000 + sequence),
    )


def _new_institution_inherits() -> dict[str, bytes]:
    owners = _physiotherapists(730_100, 251_100, "Fysioterapien Vendsyssel")
    story = Telling(owners)
    story.night("2018-12-05")
    since = "2018-12-06"
    owners.children.append(
        institution(
            730_121,
            "Fysioterapien Vendsyssel, Aalborg",
            lists.FYSIOTERAPI,
            _person(730_122, "Kasper Lund", since),
            since=since,
            location_number_inherited=True,
            postal=address("Boulevarden", "11", "9000"),
            contact=phone("98922100"),
        )
    )
    story.night("2018-12-06")
    return story.nights


def _number_goes_to_one_of_two() -> dict[str, bytes]:
    owners = _physiotherapists(740_100, 252_100, "Bevægelse og Krop")
    lucky, unlucky = owners.children
    left = _person(740_114, "Tage Munk")
    left.to, left.updated = "2017-06-30", "2017-06-02"
    apart = organizational_unit(
        740_115,
        "Holdtræning",
        lists.SUPPLERENDE,
        _person(740_116, "Sal 2"),
        location_number=number(252_115, "1081"),
    )
    unlucky.children += [left, apart]
    unlucky.children[0].children.append(_person(740_117, "Malene Qvist, hjemmebesøg"))
    story = Telling(owners)
    story.night("2018-12-10")
    changed(lucky, "2018-12-11").location_number = owners.location_number
    lucky.location_number_inherited, owners.location_number = False, None
    assert lucky.location_number is not None
    changed(lucky.location_number, "2018-12-11")
    story.night("2018-12-11")
    return story.nights


def _general_practice(
    place: int, owner_name: str, name: str, provider_number: str, *people: str
) -> PlainUnit:
    """A practice in Thisted with its number on the owner."""
    return clinic(
        750_100 + 10 * place,
        owner_name,
        name,
        lists.ALMEN_PRAKSIS,
        address("Skolegade", str(2 + 4 * place), "7700"),
        *people,
        location_number=number(253_100 + place, "1081"),
        provider_number=provider_number,
        speciality=lists.ALMEN_MEDICIN,
        person_type=lists.SUPPLERENDE,
        cvr=valid_cvr(1_500_000 + place),
    )


def _clinics_of_the_regions() -> dict[str, bytes]:
    town = _general_practice(
        0, "Regionsklinikken Thisted", "Regionsklinikken Thisted", "087117", "Lægerne", "Sygeplejen"
    )
    thy = _general_practice(
        1,
        "Lægeklinik Thy",
        "Regionsklinikken Thy",
        "087540",
        "Lægerne",
        "Laboratorium",
        "Jordemoder",
    )
    private = _general_practice(
        2, "Læge Ditte Aagaard ApS", "Lægehuset Limfjord", "087541", "Ditte Aagaard"
    )
    _number_to_institution(town)
    story = Telling(
        region(
            750_000,
            "Region Nordjylland",
            address("Skolevej", "14", "9000"),
            institution(750_001, "Sundhed Nord, administrationen", lists.ADMINISTRATIV),
        ),
        *(town, thy, private),
    )
    story.lists = [
        lists.unit_types(
            *(lists.PRIVAT, lists.REGION, lists.ADMINISTRATIV, lists.ALMEN_PRAKSIS),
            lists.SUPPLERENDE,
            revised=True,
        )
    ]
    story.night("2018-12-12")
    changed(_number_to_institution(thy), "2018-12-13")
    for emptied, house in ((town, 750_101), (thy, 750_111)):
        story.move(house, 750_000, "2018-12-13")
        registered(emptied, "2018-12-12").to = "2018-12-12"
    story.night("2018-12-13")
    return story.nights


def _number_to_institution(practice: PlainUnit) -> PlainNumber:
    """Move the number from the owner to its only institution."""
    moved, house = practice.location_number, practice.children[0]
    assert moved is not None
    practice.location_number, house.location_number = None, moved
    house.location_number_inherited = False
    return moved


NIGHTS = {
    "13-new-institution-inherits": _new_institution_inherits,
    "14-number-goes-to-one-of-two": _number_goes_to_one_of_two,
    "15-clinics-of-the-regions": _clinics_of_the_regions,
}
