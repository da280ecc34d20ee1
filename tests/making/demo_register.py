"""The demo's register on its first night: an invented region, an invented municipality, and those who practise there.

Nobody and nothing in it exists: Åhavn lies in the sea, and so do its coordinates. Only the codes of unit types and
specialities are real, with their real texts.
"""

from __future__ import annotations

import zlib
from typing import Any

from tests.scenarios.stories import lists
from tests.scenarios.stories.lists import Code
from tests.scenarios.stories.trees import (
    MAIN_SPECIALITY,
    day_after,
    institution,
    organizational_unit,
    owner,
)

from .plain import (
    PlainAddress,
    PlainContact,
    PlainNumber,
    PlainUnit,
    valid_cvr,
    valid_gln,
    valid_sor_id,
)

REGION_CODE = "1089"
MUNICIPALITY_CODE = "0799"
_PLACES = {"8070": "Åhavn", "8072": "Møllerup", "8075": "Strandkær"}

APOTEKSFILIAL = lists.APOTEKSFILIAL
BILLEDDIAGNOSTIK = Code("309964003", "billeddiagnostisk enhed", "billeddiagnostisk enhed")
OSTEOPAT = Code("557671000005101", None, "osteopatiklinik")
SYGEHUSAPOTEK = Code("554071000005100", "sygehusapotek", "sygehusapotek")
AKUTMEDICIN = Code("773568002", None, "akutmedicin")
LUNGESYGDOMME = Code("418112009", "lungesygdomme", "lungesygdomme")
PAEDIATRI = Code("394537008", "pædiatri", "pædiatri")
PSYKIATRI = Code("394587001", "psykiatri", "psykiatri")
RADIOLOGI = Code("394914008", "diagnostisk radiologi", "diagnostisk radiologi")


def address(street: str, house: str, post_code: str, **said: str) -> PlainAddress:
    """An address in one of the places, with all that only version 2 can hold."""
    seed = zlib.crc32(f"{street} {house}".encode())
    usual: dict[str, Any] = {
        "street_name": street,
        "street_building": house,
        "post_code": post_code,
        "district_name": _PLACES[post_code],
        "country_code": "DK",
        "country_scheme": "iso3166-alpha2",
        "municipality_code": MUNICIPALITY_CODE,
        "street_code": f"{1 + zlib.crc32(street.encode()) % 9899:04d}",
        "region_code": REGION_CODE,
        "coordinate_north": f"{6_259_000 + seed % 4_000}.{seed % 1_000:03d}",
        "coordinate_east": f"{641_000 + seed // 7 % 4_000}.{seed // 7 % 1_000:03d}",
    }
    return PlainAddress(**{**usual, **said})


def number(sequence: int, since: str, **said: Any) -> PlainNumber:
    """A location number with the system behind it, all of them invented."""
    usual: dict[str, Any] = {
        "number": valid_gln(sequence),
        "system_supplier": "90101",
        "system": "90201",
        "network": "90301",
        "administrator": "90401",
        "region": REGION_CODE,
        "from_": since,
        "first_from": since,
        "updated": day_after(since, -1),
    }
    return PlainNumber(**{**usual, **said})


def main_speciality(code: Code) -> list[tuple[str | None, str | None]]:
    """One speciality, the main one."""
    return [(code.code, MAIN_SPECIALITY)]


def ward(sequence: int, name: str, unit_type: Code, *below: PlainUnit, **said: Any) -> PlainUnit:
    """A department or ward of a hospital; it reports activity and inherits its location number."""
    usual: dict[str, Any] = {
        "since": "2012-05-01",
        "location_number_inherited": "location_number" not in said,
        "geographical_parent_relation": "2",
        "ambulant_activity": True,
        "patients_admitted": False,
        "reporting_level": len(said.get("shak", "")) == len("6690123"),
    }
    return organizational_unit(sequence, name, unit_type, *below, **{**usual, **said})


def region() -> PlainUnit:
    """Region Kattegat: a hospital eight departments wide and six levels deep, the ambulances, psychiatry."""
    medicine = ward(
        60_031,
        "Medicinsk Afdeling",
        lists.KLINISK_ENHED,
        ward(
            60_032,
            "Hjertesygdomme",
            lists.KLINISK_ENHED,
            ward(
                60_033,
                "Hjerteambulatoriet",
                lists.KLINISK_ENHED,
                ward(60_034, "Pacemakerkontrollen", lists.KLINISK_ENHED, shak="669021P"),
                shak="669021A",
                specialities=main_speciality(lists.KARDIOLOGI),
            ),
            ward(
                60_035,
                "Sengeafsnit H2",
                lists.KLINISK_ENHED,
                shak="6690210",
                patients_admitted=True,
                ambulant_activity=False,
                specialities=main_speciality(lists.KARDIOLOGI),
            ),
        ),
        ward(
            60_036,
            "Lungemedicinsk Dagafsnit",
            lists.KLINISK_ENHED,
            shak="669022D",
            specialities=main_speciality(LUNGESYGDOMME),
        ),
        ward(
            60_037,
            "Lungesygdomme",
            lists.KLINISK_ENHED,
            shak="6690220",
            specialities=[*main_speciality(LUNGESYGDOMME), (lists.INTERN_MEDICIN.code, None)],
        ),
        shak="669002",
        location_number=number(871_102, "2012-05-01"),
        specialities=main_speciality(lists.INTERN_MEDICIN),
        contact=PlainContact(email="medicin@region-kattegat.example", phone="89900200"),
        local_attributes={
            1: "Center for Medicin",
            2: "Omk.sted 40210",
            3: "M",
            4: "Blok B",
            5: "J",
        },
    )
    emergency = ward(
        60_021,
        "Akutafdelingen",
        lists.KLINISK_ENHED,
        ward(60_022, "Skadestuen", lists.SKADESTUE, shak="669011S"),
        ward(60_023, "Akutmodtagelsen", lists.KLINISK_ENHED, shak="669011A"),
        shak="669001",
        local_code="AKUT",
        specialities=main_speciality(AKUTMEDICIN),
        contact=PlainContact(phone="89900110"),
        activity=address("Sygehusvej", "12", "8070", stairway="Indgang A", floor="st"),
    )
    surgery = ward(
        60_041,
        "Ortopædkirurgisk Afdeling",
        lists.KLINISK_ENHED,
        ward(60_042, "Operationsgangen", lists.OPERATIONSGANG, local_code="OP-1"),
        ward(60_043, "Dagkirurgisk Afsnit", lists.KLINISK_ENHED, to="2015-12-31"),
        shak="669003",
        specialities=main_speciality(lists.ORTOPAEDI),
    )
    children = ward(
        60_051,
        "Børneafdelingen",
        lists.KLINISK_ENHED,
        ward(60_052, "Børnemodtagelsen", lists.AKUTMODTAGE, shak="669041B"),
        shak="669004",
        specialities=main_speciality(PAEDIATRI),
        contact=PlainContact(phone="89900410"),
    )
    radiology = ward(
        60_061,
        "Røntgen og Skanning",
        BILLEDDIAGNOSTIK,
        shak="669005",
        specialities=main_speciality(RADIOLOGI),
        location_number=number(
            871_105, "2016-09-01", internal_only=True, note="Kun henvisninger fra eget hospital"
        ),
    )
    hospital = institution(
        60_011,
        "Regionshospitalet Åhavn",
        lists.HOSPITAL,
        emergency,
        medicine,
        surgery,
        children,
        radiology,
        ward(60_071, "Intensivt Afsnit", lists.INTENSIV, shak="669006I", patients_admitted=True),
        ward(
            60_081,
            "Sygehusapoteket Kattegat",
            SYGEHUSAPOTEK,
            local_code="APO",
            geographical_parent_relation="2",
            geographical_parent_id=valid_sor_id(60_011),
            location_number=number(871_108, "2012-05-01"),
        ),
        since="2012-05-01",
        shak="6690",
        geographical_parent_relation="1",
        location_number=number(871_101, "2012-05-01"),
        postal=address("Sygehusvej", "10", "8070", post_office_box="35"),
        visiting=address("Sygehusvej", "12", "8070", stairway="Hovedindgangen"),
        contact=PlainContact(
            email="hospital@region-kattegat.example",
            website="www.hospital-aahavn.example",
            phone="89900100",
            fax="89900199",
        ),
    )
    ambulances = institution(
        60_091,
        "Præhospitalet i Region Kattegat",
        lists.PRAEHOSPITAL,
        organizational_unit(
            60_092, "AMK-vagtcentralen", lists.SERVICE, location_number_inherited=True
        ),
        organizational_unit(
            60_093, "Akutlægebilen, Åhavn", lists.KLINISK_ENHED, location_number_inherited=True
        ),
        shak="6695",
        location_number=number(871_109, "2014-02-01"),
    )
    psychiatry = institution(
        60_101,
        "Psykiatrien i Region Kattegat",
        lists.HANDICAP_PSYKIATRI,
        organizational_unit(
            60_102,
            "Psykiatrisk Ambulatorium",
            lists.KLINISK_ENHED,
            shak="669701A",
            specialities=main_speciality(PSYKIATRI),
            location_number_inherited=True,
        ),
        shak="6697",
        location_number=number(871_110, "2013-01-01"),
        postal=address("Parkalléen", "4", "8070"),
    )
    return owner(
        60_001,
        "Region Kattegat",
        lists.REGION,
        hospital,
        ambulances,
        psychiatry,
        since="2007-01-01",
        cvr=valid_cvr(914_063),
        postal=address("Regionsalléen", "1", "8070"),
        contact=PlainContact(
            email="region@region-kattegat.example",
            website="www.region-kattegat.example",
            phone="89900000",
        ),
    )


def municipality() -> PlainUnit:
    """Åhavn Kommune: all of it answers to one location number, but for what has its own."""
    heir: dict[str, Any] = {"location_number_inherited": True}
    return owner(
        61_001,
        "Åhavn Kommune",
        lists.KOMMUNE,
        institution(
            61_011,
            "Hjemmesygeplejen i Åhavn",
            lists.HJEMMESYGEPLEJE,
            organizational_unit(61_012, "Sygeplejeteam Nord", lists.HJEMMESYGEPLEJE, **heir),
            organizational_unit(61_013, "Sygeplejeteam Syd", lists.HJEMMESYGEPLEJE, **heir),
            organizational_unit(61_014, "Nattevagten", lists.HJEMMESYGEPLEJE, **heir),
            contact=PlainContact(email="sygeplejen@aahavn.example", phone="89970210"),
            **heir,
        ),
        institution(
            61_021,
            "Hjemmeplejen i Åhavn",
            lists.HJEMMEPLEJE,
            organizational_unit(61_022, "Distrikt Øst", lists.HJEMMEPLEJE, **heir),
            organizational_unit(
                61_023, "Distrikt Vest", lists.HJEMMEPLEJE, to="2024-03-31", **heir
            ),
            **heir,
        ),
        institution(
            61_031,
            "Plejehjemmet Lindegården",
            lists.PLEJEHJEM,
            organizational_unit(61_032, "Afdeling Birk", lists.PLEJEHJEM, **heir),
            organizational_unit(61_033, "Afdeling Bøg", lists.PLEJEHJEM, **heir),
            location_number=number(871_203, "2018-06-01"),
            postal=address("Lindegårdsvej", "2", "8072", district_subdivision="Møllerup By"),
        ),
        institution(61_041, "Sundhedsplejen", lists.SUNDHEDSPLEJE, **heir),
        institution(
            61_051,
            "Den Kommunale Tandpleje",
            lists.TANDPLEJE,
            organizational_unit(
                61_052,
                "Tandklinikken, Åhavn Skole",
                lists.TANDPLEJE,
                specialities=main_speciality(lists.ODONTOLOGI),
                activity=address("Skolegade", "21", "8070", floor="kl"),
                **heir,
            ),
            location_number=number(871_205, "2011-08-01"),
        ),
        institution(
            61_061,
            "Genoptræningen",
            lists.GENOPTRAENING,
            postal=address("Havnegade", "40", "8070"),
            **heir,
        ),
        since="2007-01-01",
        cvr=valid_cvr(914_588),
        location_number=number(871_200, "2008-01-01"),
        postal=address("Rådhuspladsen", "1", "8070"),
        contact=PlainContact(
            email="kommunen@aahavn.example", website="www.aahavn.example", phone="89970000"
        ),
    )
