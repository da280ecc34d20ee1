"""Autumn 2012: a number closes while its unit lives on, version 2 of the extract, the first code lists."""

from __future__ import annotations

from tests.making.plain import PlainNumber, PlainUnit, below, valid_cvr

from . import lists
from .nights import Telling
from .trees import (
    MAIN_SPECIALITY,
    address,
    changed,
    clinic,
    hospital,
    institution,
    municipality,
    number,
    organizational_unit,
    phone,
    region,
    registered,
)


def _old_number(sequence: int, region_code: str, since: str) -> PlainNumber:
    """A number with the system and administrator codes of version 1's days."""
    return number(
        sequence,
        region_code,
        since=since,
        system_supplier="641000055002",
        system="1611000045003",
        administrator="116",
    )


def _number_closes() -> dict[str, bytes]:
    practice = clinic(
        118_201,
        "Lægerne Algade I/S",
        "Lægehuset Algade",
        lists.ALMEN_PRAKSIS,
        address("Algade", "31", "4000"),
        "Kirsten Møller",
        "Søren Ågaard",
        location_number=_old_number(141_310, "1085", "2008-03-17"),
        provider_number="027154",
        speciality=lists.ALMEN_MEDICIN,
        contact=phone("46350112"),
        since="2008-03-17",
    )
    health_centre = institution(
        124_502,
        "Sundhedscenter Sydfyn",
        lists.SUNDHEDSCENTER,
        organizational_unit(124_503, "Diætvejledning", None, location_number_inherited=True),
        organizational_unit(124_504, "Rygestop", None, location_number_inherited=True),
        postal=address("Møllergade", "77", "5700"),
        location_number=_old_number(141_322, "1083", "2009-06-02"),
    )
    town = municipality(
        124_501, "Svendborg Kommune", address("Ramsherred", "5", "5700"), health_centre
    )
    story = Telling(practice, town, version=1)
    story.night("2012-09-03")
    registered(_number_of(practice), "2012-09-03").to = "2012-09-03"
    story.night("2012-09-04")
    changed(story[118_203], "2012-09-05").name = "Kirsten Møller Lund"
    story.night("2012-09-05")
    changed(_number_of(health_centre), "2012-09-06").inactive = True
    story.night("2012-09-06")
    return story.nights


def _number_of(unit: PlainUnit) -> PlainNumber:
    assert unit.location_number is not None
    return unit.location_number


def _version_2() -> dict[str, bytes]:
    hospital_tree = hospital(
        201_110,
        "Sygehus Limfjorden",
        "8099",
        address("Hospitalsvej", "2", "7700"),
        "Medicinsk afdeling",
        "Ortopædkirurgisk afdeling",
    )
    medical, orthopaedic = hospital_tree.children
    ward = organizational_unit(
        201_120,
        "Medicinsk afdeling, sengeafsnit M1",
        lists.KLINISK_ENHED,
        shak="809901A",
        local_code="M1",
        geographical_parent_relation="2",
        ambulant_activity=False,
        patients_admitted=True,
        reporting_level=True,
        specialities=[(lists.INTERN_MEDICIN.code, MAIN_SPECIALITY)],
    )
    medical.children.append(ward)
    orthopaedic.specialities = [(lists.ORTOPAEDI.code, MAIN_SPECIALITY)]
    practice = clinic(
        215_610,
        "Jørgen Bæk",
        "Klinik for fodterapi, Hobro",
        lists.FODTERAPEUT,
        address("Adelgade", "44", "9500"),
        "Jørgen Bæk",
        location_number=_old_number(152_077, "1081", "2010-01-05"),
        contact=phone("98520031", "klinik@fodterapi-hobro.example.dk"),
        provider_number="086112",
    )
    story = Telling(
        region(201_101, "Region Nordjylland", address("Skolevej", "14", "9000"), hospital_tree),
        practice,
        version=1,
    )
    story.night("2012-11-12")
    story.version = 2
    _say_what_only_version_2_holds(story)
    story.night("2012-11-13")
    shop = changed(story[215_611], "2012-11-14")
    assert shop.postal is not None
    shop.postal.municipality_code = "0846"
    changed(practice, "2012-11-14").cvr = valid_cvr(1_208_114)
    hospital_tree = changed(story[201_110], "2012-11-14")
    assert hospital_tree.postal is not None
    hospital_tree.postal.coordinate_north = "6313274.120"
    hospital_tree.postal.street_code = "4711"
    story.night("2012-11-14")
    return story.nights


def _say_what_only_version_2_holds(story: Telling) -> None:
    """Types for all, coordinates, new system codes; the fields that version 2 knows no place for go."""
    for place, unit in enumerate(u for top in story.units for u in below(top)):
        unit.unit_type = unit.unit_type or lists.KLINISK_ENHED.code
        unit.geographical_parent_relation = unit.local_code = None
        unit.ambulant_activity = unit.patients_admitted = unit.reporting_level = None
        if unit.postal is not None:
            unit.postal.coordinate_north = f"{6_313_200 + place}.450"
            unit.postal.coordinate_east = f"{557_400 + place}.680"
        if unit.location_number is not None:
            unit.location_number.system_supplier, unit.location_number.system = "162", "225"
    shop = story[215_611]
    assert shop.postal is not None
    shop.postal.municipality_code = "0845"


def _first_lists() -> dict[str, bytes]:
    specialists = clinic(
        230_410,
        "Øjenlæge Inge Dahl ApS",
        "Øjenlægerne i Slagelse",
        lists.SPECIALLAEGE,
        address("Nytorv", "9", "4200"),
        "Inge Dahl",
        location_number=number(153_410, "1085"),
        speciality=lists.OFTALMOLOGI,
        person_type=lists.KLINISK_ENHED,
    )
    dentist = clinic(
        230_420,
        "Tandlæge Bo Kær",
        "Tandlægerne Havnegade",
        lists.TANDLAEGE,
        address("Havnegade", "3", "4700"),
        "Bo Kær",
        location_number=number(153_422, "1085"),
        person_type=lists.KLINISK_ENHED,
    )
    story = Telling(specialists, dentist, pack=True)
    story.night("2012-11-19")
    story.lists = [
        lists.unit_types(
            lists.PRIVAT,
            lists.KOMMUNE,
            lists.REGION,
            lists.ALMEN_PRAKSIS,
            lists.SPECIALLAEGE,
            lists.TANDLAEGE,
            lists.HOSPITAL,
            lists.KLINISK_ENHED,
        ),
        lists.specialities(lists.ALMEN_MEDICIN, lists.OFTALMOLOGI, lists.PLASTIKKIRURGI),
    ]
    changed(story[230_421], "2012-11-20").name = "Tandlægerne på Havnegade"
    story.night("2012-11-20")
    story.lists[0].entries += lists.entries(lists.FYSIOTERAPI)
    story.night("2012-11-21")
    return story.nights


NIGHTS = {
    "01-number-closes": _number_closes,
    "02-version-2": _version_2,
    "03-first-code-lists": _first_lists,
}
