"""Those who practise in the demo's register on their own account: doctors, dentists, a pharmacy and others."""

from __future__ import annotations

from tests.scenarios.stories import lists
from tests.scenarios.stories.trees import institution, organizational_unit, owner

from .demo_register import APOTEKSFILIAL, address, main_speciality, number
from .plain import PlainContact, PlainUnit, valid_cvr


def doctors() -> list[PlainUnit]:
    """Two practices, and the company that is about to take the second one over."""
    general = main_speciality(lists.ALMEN_MEDICIN)
    market = address("Torvet", "7", "8070", floor="1", suite="tv")
    beach = address("Strandvejen", "118", "8075")
    return [
        owner(
            62_001,
            "Lægerne på Torvet I/S",
            lists.PRIVAT,
            institution(
                62_002,
                "Lægehuset Torvet",
                lists.ALMEN_PRAKSIS,
                organizational_unit(
                    62_003,
                    "Læge Karen Bjerregaard",
                    lists.SUPPLERENDE,
                    provider_number="019062",
                    specialities=general,
                    location_number_inherited=True,
                ),
                organizational_unit(
                    62_004,
                    "Læge Jens Ole Mikkelsen",
                    lists.SUPPLERENDE,
                    provider_number="019070",
                    specialities=general,
                    location_number_inherited=True,
                ),
                postal=market,
                location_number=number(871_301, "2009-10-01"),
                p_number="1003417726",
                contact=PlainContact(
                    website="www.torvetslaeger.example", phone="86001107", fax="86001108"
                ),
            ),
            postal=market,
            cvr=valid_cvr(914_901),
        ),
        owner(
            62_011,
            "Læge Inger Skovgaard ApS",
            lists.PRIVAT,
            institution(
                62_012,
                "Lægehuset Strandkær",
                lists.ALMEN_PRAKSIS,
                organizational_unit(
                    62_013,
                    "Læge Inger Skovgaard",
                    lists.SUPPLERENDE,
                    provider_number="021849",
                    specialities=general,
                    location_number_inherited=True,
                ),
                postal=beach,
                location_number=number(871_302, "2011-03-01"),
                contact=PlainContact(phone="86002218"),
            ),
            postal=beach,
            cvr=valid_cvr(914_917),
        ),
        owner(
            142_301,
            "Kattegat Lægehuse A/S",
            lists.PRIVAT,
            since="2024-01-15",
            postal=address("Havnegade", "2", "8070", floor="3"),
            cvr=valid_cvr(1_650_220),
            contact=PlainContact(email="kontakt@kattegat-laeger.example", phone="86009000"),
        ),
        owner(
            62_021,
            "Øjenlæge Søren Thygesen",
            lists.PRIVAT,
            institution(
                62_022,
                "Øjenklinikken i Havnegade",
                lists.SPECIALLAEGE,
                organizational_unit(
                    62_023,
                    "Øjenlæge Søren Thygesen",
                    lists.SUPPLERENDE,
                    provider_number="034410",
                    specialities=main_speciality(lists.OFTALMOLOGI),
                    location_number_inherited=True,
                ),
                postal=address("Havnegade", "11", "8070"),
                location_number=number(871_303, "2010-01-04", to="2024-03-05"),
            ),
            postal=address("Havnegade", "11", "8070"),
            cvr=valid_cvr(914_933),
        ),
    ]


def others() -> list[PlainUnit]:
    """A pharmacy with a branch, dentists, a physiotherapist, a foot clinic, a chiropractor who stopped long ago."""
    quay = address("Havnegade", "5", "8070", floor="2")
    mill = address("Møllevej", "3", "8072")
    return [
        owner(
            63_001,
            "Apoteker Birgitte Holm",
            lists.PRIVAT,
            institution(
                63_002,
                "Åhavn Svane Apotek",
                lists.APOTEK,
                organizational_unit(
                    63_003,
                    "Møllerup Apoteksfilial",
                    APOTEKSFILIAL,
                    pharmacy_number="669,1",
                    location_number=number(871_402, "2017-04-01"),
                    activity=address("Møllevej", "14", "8072"),
                ),
                pharmacy_number="669,0",
                location_number=number(871_401, "2010-01-04"),
                postal=address("Algade", "30", "8070"),
            ),
            postal=address("Algade", "30", "8070"),
            cvr=valid_cvr(915_002),
        ),
        owner(
            63_011,
            "Tandlægerne Havnegade ApS",
            lists.PRIVAT,
            institution(
                63_012,
                "Tandlægerne Havnegade",
                lists.TANDLAEGE,
                organizational_unit(
                    63_013,
                    "Tandlæge Anne Marie Dam",
                    lists.SUPPLERENDE,
                    provider_number="058131",
                    specialities=main_speciality(lists.ODONTOLOGI),
                    location_number_inherited=True,
                ),
                location_number_inherited=True,
                contact=PlainContact(
                    email="tid@havnegadestand.example",
                    website="www.havnegadestand.example",
                    phone="86003305",
                ),
            ),
            postal=quay,
            cvr=valid_cvr(915_014),
            location_number=number(871_403, "2010-01-04"),
        ),
        owner(
            63_021,
            "Fysioterapeut Mads Østergaard",
            lists.PRIVAT,
            institution(
                63_022,
                "Møllerup Fysioterapi",
                lists.FYSIOTERAPI,
                organizational_unit(
                    63_023,
                    "Fysioterapeut Mads Østergaard",
                    lists.SUPPLERENDE,
                    provider_number="061277",
                    location_number_inherited=True,
                ),
                postal=mill,
                location_number=number(871_404, "2015-02-01"),
            ),
            postal=mill,
            cvr=valid_cvr(915_029),
        ),
        owner(
            63_031,
            "Fodterapeut Lone Kjær",
            lists.PRIVAT,
            institution(
                63_032,
                "Fodklinikken i Møllerup",
                lists.FODTERAPEUT,
                organizational_unit(
                    63_033,
                    "Fodterapeut Lone Kjær",
                    lists.SUPPLERENDE,
                    provider_number="077904",
                    location_number_inherited=True,
                ),
                location_number_inherited=True,
            ),
            postal=address("Kirkestien", "9", "8072"),
            cvr=valid_cvr(915_041),
            location_number=number(871_405, "2010-01-04"),
        ),
        owner(
            63_041,
            "Kiropraktor Poul Enevoldsen",
            lists.PRIVAT,
            institution(
                63_042,
                "Kiropraktisk Klinik, Strandkær",
                lists.KIROPRAKTOR,
                to="2019-01-31",
                location_number=number(871_406, "2010-01-04", inactive=True, to="2019-01-31"),
            ),
            postal=address("Strandvejen", "90", "8075"),
            to="2019-01-31",
        ),
    ]
