"""The three nights of `make demo`: `python -m tests.making.demo` rewrites fixtures/demo/*.zip, always the same bytes.

A small invented register lives through a Monday, a Tuesday and a Wednesday; see demo_register and demo_practices.
"""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.stories import lists
from tests.scenarios.stories.nights import Telling
from tests.scenarios.stories.trees import (
    changed,
    institution,
    organizational_unit,
    owner,
    registered,
)

from . import demo_register as places
from .demo_practices import doctors, others
from .demo_register import address, municipality, number, region
from .elements import DEFAULT
from .plain import Element, PlainContact, PlainEntry, PlainList, PlainUnit, valid_cvr, valid_sor_id

DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
MONDAY, TUESDAY, WEDNESDAY = "2024-03-04", "2024-03-05", "2024-03-06"

_OWNER_TYPES = (lists.KOMMUNE, lists.PRIVAT, lists.REGION)
_UNIT_TYPES = (
    lists.AKUTMODTAGE,
    lists.ALMEN_PRAKSIS,
    lists.APOTEK,
    lists.APOTEKSFILIAL,
    lists.FODTERAPEUT,
    lists.FYSIOTERAPI,
    lists.GENOPTRAENING,
    lists.HANDICAP_PSYKIATRI,
    lists.HJEMMEPLEJE,
    lists.HJEMMESYGEPLEJE,
    lists.HOSPITAL,
    lists.INTENSIV,
    lists.KIROPRAKTOR,
    lists.KLINISK_ENHED,
    lists.OPERATIONSGANG,
    lists.PLEJEHJEM,
    lists.PRAEHOSPITAL,
    lists.SERVICE,
    lists.SKADESTUE,
    lists.SPECIALLAEGE,
    lists.SUNDHEDSCENTER,
    lists.SUNDHEDSPLEJE,
    lists.SUPPLERENDE,
    lists.TANDLAEGE,
    lists.TANDPLEJE,
    places.BILLEDDIAGNOSTIK,
    places.SYGEHUSAPOTEK,
)
_SPECIALITIES = (
    lists.ALMEN_MEDICIN,
    lists.INTERN_MEDICIN,
    lists.KARDIOLOGI,
    lists.ODONTOLOGI,
    lists.OFTALMOLOGI,
    lists.ORTOPAEDI,
    lists.PLASTIKKIRURGI,
    places.AKUTMEDICIN,
    places.LUNGESYGDOMME,
    places.PAEDIATRI,
    places.PSYKIATRI,
    places.RADIOLOGI,
)
# The revision of the texts reaches these two on Wednesday.
_REVISED_LATE = (lists.ALMEN_PRAKSIS, lists.TANDPLEJE)
# Invented, as are their codes.
_OTHER_LISTS = {
    "SystemType": ("90201", "Kattegat Journal"),
    "SystemSupplier": ("90101", "Kattegat Data A/S"),
    "CommunicationSupplier": ("90301", "Sundnet"),
    "EdiAdministrator": ("90401", "Region Kattegat, EDI-support"),
    "Region": (places.REGION_CODE, "Region Kattegat"),
    "Municipality": (places.MUNICIPALITY_CODE, "Åhavn"),
}


def nights() -> dict[str, bytes]:
    """The three zips by name."""
    telling = Telling(region(), municipality(), *doctors(), *others(), pack=True)
    telling.lists = _code_lists()
    telling.night(MONDAY)
    _tuesday(telling)
    telling.night(TUESDAY)
    _wednesday_in_the_hospital(telling)
    _wednesday_in_the_municipality(telling)
    _wednesday_in_the_practices(telling)
    _wednesday_in_the_lists(telling)
    telling.night(WEDNESDAY)
    return telling.nights


def _code_lists() -> list[PlainList]:
    types = lists.entries(*_OWNER_TYPES, *_UNIT_TYPES, revised=True)
    for entry in types:
        late = next((code for code in _REVISED_LATE if code.code == entry.code), None)
        entry.text = late.before if late else entry.text
    others_ = [
        PlainList(name=name, entries=[PlainEntry(code=code, text=text)])
        for name, (code, text) in _OTHER_LISTS.items()
    ]
    specialities = lists.specialities(*_SPECIALITIES, revised=True)
    return [PlainList(name="EntityType", entries=types), specialities, *others_]


def _tuesday(telling: Telling) -> None:
    """A quiet day: what is announced here takes effect on Wednesday without another word."""
    telling.take_out(63_041)  # the chiropractor, closed since 2019, is purged
    for sequence in (63_031, 63_032, 63_033):  # the foot clinic's last day is today
        registered(telling[sequence], TUESDAY).to = TUESDAY
    telling[61_001].children.append(
        institution(
            142_410,
            "Sundhedshus Møllerup",
            lists.SUNDHEDSCENTER,
            since=WEDNESDAY,
            updated=MONDAY,
            location_number_inherited=True,
            postal=address("Møllevej", "20", "8072"),
        )
    )
    changed(telling[61_031], TUESDAY).name = "Plejecenter Lindegården"
    changed(telling[61_023], TUESDAY).to = None
    changed(telling[62_002], TUESDAY).contact = PlainContact(
        website="www.torvetslaeger.example", phone="86001170"
    )
    changed(telling[63_002], TUESDAY).p_number = "1003418838"
    changed(telling[63_022], TUESDAY).postal = address("Møllevej", "13", "8072", floor="st")
    changed(telling[60_034], TUESDAY).shak = "669021K"


def _wednesday_in_the_hospital(telling: Telling) -> None:
    """A department gets another name, a ward is to be merged, and an element of version 3 turns up."""
    changed(telling[60_031], WEDNESDAY).name = "Medicinske Sygdomme"
    changed(telling[60_023], WEDNESDAY).unit_type = lists.AKUTMODTAGE.code
    changed(telling[60_041], WEDNESDAY).specialities.append((lists.PLASTIKKIRURGI.code, None))
    children = changed(telling[60_051], WEDNESDAY).contact
    assert children is not None
    children.phone = "89900450"
    ward = registered(telling[60_036], WEDNESDAY)
    ward.to, ward.replaced_by = "2024-03-31", [valid_sor_id(60_037)]
    registered(telling[60_011], WEDNESDAY).unknown.append(
        Element(DEFAULT[3], "OrganizationalLevel", "sygehus")
    )
    telling.take_out(60_043)  # a ward closed since 2015 is purged


def _wednesday_in_the_municipality(telling: Telling) -> None:
    """Home nursing gets a location number of its own, which its teams inherit in place of the municipality's."""
    nursing = changed(telling[61_011], WEDNESDAY)
    nursing.location_number, nursing.location_number_inherited = number(871_202, WEDNESDAY), False


def _wednesday_in_the_practices(telling: Telling) -> None:
    """A practice is taken over, a number goes from an owner to its clinic, and a new clinic opens."""
    taken_over = telling.move(62_012, 142_301, WEDNESDAY)
    taken_over.name = "Kattegat Lægehus, Strandkær"
    changed(telling[62_013], WEDNESDAY).provider_number = "021857"
    dentist, clinic = changed(telling[63_011], WEDNESDAY), changed(telling[63_012], WEDNESDAY)
    assert dentist.location_number is not None
    clinic.location_number, dentist.location_number = dentist.location_number, None
    changed(clinic.location_number, WEDNESDAY)
    clinic.location_number_inherited = False
    telling.units.append(_new_clinic())


def _new_clinic() -> PlainUnit:
    return owner(
        142_421,
        "Fodterapeuterne Åhavn ApS",
        lists.PRIVAT,
        institution(
            142_422,
            "Fodterapeuterne Åhavn",
            lists.FODTERAPEUT,
            organizational_unit(
                142_423,
                "Fodterapeut Sidsel Friis",
                lists.SUPPLERENDE,
                since=WEDNESDAY,
                provider_number="078013",
                location_number_inherited=True,
            ),
            since=WEDNESDAY,
            location_number=number(871_501, WEDNESDAY),
            replaces=[valid_sor_id(63_032)],
            contact=PlainContact(email="hej@fodterapeuterne.example", phone="86004410"),
        ),
        since=WEDNESDAY,
        postal=address("Algade", "12", "8070", floor="1", suite="th"),
        cvr=valid_cvr(1_651_774),
    )


def _wednesday_in_the_lists(telling: Telling) -> None:
    """Two unit types get the texts of the revision, and one is new."""
    assert telling.lists is not None
    types = telling.lists[0]
    for code in _REVISED_LATE:
        entry = next(entry for entry in types.entries if entry.code == code.code)
        entry.text = code.after
    types.entries += lists.entries(places.OSTEOPAT, revised=True)


def main() -> None:
    """Rewrite the zips."""
    DEMO.mkdir(parents=True, exist_ok=True)
    for name, content in nights().items():
        (DEMO / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
