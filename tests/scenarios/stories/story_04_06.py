"""2013 to 2016: types of municipal units, versions of message standards, SHAK on its way out."""

from __future__ import annotations

from tests.making.plain import PlainAddress, PlainEntry, PlainList, PlainUnit, below

from . import lists
from .nights import Telling
from .trees import (
    address,
    changed,
    clinic,
    hospital,
    institution,
    municipality,
    number,
    organizational_unit,
    region,
    registered,
)

_SERVICES = (
    ("Hjemmesygeplejen", lists.HJEMMESYGEPLEJE),
    ("Sundhedsplejen", lists.SUNDHEDSPLEJE),
    ("Sundhedscenter", lists.SUNDHEDSCENTER),
    ("Genoptræningen", lists.GENOPTRAENING),
    ("Jobcenter", lists.JOBCENTER),
    ("Botilbud", lists.BOSTED),
)


def _town(sequence: int, name: str, hall: PlainAddress, first_number: int) -> PlainUnit:
    """A municipality whose services have numbers of their own and all the same vague type."""
    services = [
        institution(
            sequence + 1 + 2 * place,
            f"{service} {name}",
            lists.ANDET,
            organizational_unit(
                sequence + 2 + 2 * place,
                "Ledelse",
                lists.ADMINISTRATIV,
                location_number_inherited=True,
            ),
            location_number=number(first_number + place, hall.region_code or ""),
        )
        for place, (service, _) in enumerate(_SERVICES)
    ]
    tooth = institution(sequence + 20, f"Kommunal tandpleje {name}", lists.ANDET)
    return municipality(sequence, f"{name} Kommune", hall, *services, tooth)


def _municipal_types() -> dict[str, bytes]:
    towns = (
        _town(260_100, "Herning", address("Torvet", "1", "7400"), 161_000),
        _town(260_200, "Holbæk", address("Kanalstræde", "2", "4300"), 161_020),
    )
    shut = towns[1].children[4]
    for closed in below(shut):
        registered(closed, "2012-11-30").to = "2012-12-31"
    story = Telling(*towns)
    story.lists = [
        lists.unit_types(
            lists.KOMMUNE,
            lists.ANDET,
            lists.ADMINISTRATIV,
            *(unit_type for _, unit_type in _SERVICES),
        )
    ]
    story.night("2013-10-07")
    for town in towns:
        for service, (_, unit_type) in zip(town.children, _SERVICES, strict=False):
            if service.to is None:
                changed(service, "2013-10-08").unit_type = unit_type.code
    story.night("2013-10-08")
    return story.nights


def _message(code: str, text: str, version: str) -> PlainEntry:
    return PlainEntry(code=code, text=text, fields={"Version": version})


def _message_standards() -> dict[str, bytes]:
    story = Telling(
        clinic(
            280_310,
            "Lægerne Torvegade I/S",
            "Lægehuset Torvegade",
            lists.ALMEN_PRAKSIS,
            address("Torvegade", "12", "6700"),
            "Hanne Krogh",
            location_number=number(165_310, "1083"),
            provider_number="051238",
            person_type=lists.KLINISK_ENHED,
        )
    )
    standards = PlainList(
        name="MedComStandard",
        entries=[
            _message("XDIS16", "Indlæggelsesrapport", "XD1631C"),
            _message("XDIS18", "Udskrivningsrapport", "XD1831C"),
            _message("XDIS19", "Melding om færdigbehandling", "XD1931C"),
            _message("XDIS21", "Plejeforløbsplan", "XD2131C"),
        ],
    )
    story.lists = [
        lists.unit_types(lists.PRIVAT, lists.ALMEN_PRAKSIS, lists.KLINISK_ENHED),
        standards,
    ]
    story.night("2014-05-19")
    for entry, version in zip(
        standards.entries, ("XD1633C", "XD1833C", "XD1931C", "XD2133C"), strict=True
    ):
        entry.fields["Version"] = version
    story.night("2014-05-20")
    story.night("2016-04-11")
    standards.entries.append(_message("GGOP", "Genoptræningsplan", "GGOP100"))
    story.night("2016-04-12")
    standards.entries.append(_message("BIN01", "Binært brev", "B0131X"))
    story.night("2016-11-21")
    standards.entries.append(_message("RPT01", "Laboratoriesvar, klinisk biokemi", "R0131K"))
    standards.entries.append(_message("XRPT05", "Mikrobiologisvar", "XR0532M"))
    story.night("2016-11-22")
    return story.nights


def _shak_goes() -> dict[str, bytes]:
    north = hospital(
        290_101,
        "Sygehus Bakkedal",
        "3899",
        address("Bakkevej", "100", "4200"),
        "Medicinsk afdeling",
        "Kirurgisk afdeling",
        "Anæstesiafdeling",
    )
    ward = organizational_unit(
        290_110, "Medicinsk afdeling, ambulatorium", lists.KLINISK_ENHED, shak="3899D0E"
    )
    north.children[0].children.append(ward)
    private = clinic(
        290_201,
        "Privathospitalet Strand A/S",
        "Privathospitalet Strand",
        lists.HOSPITAL,
        address("Strandvejen", "8", "4600"),
        "Dagkirurgisk afsnit",
        location_number=number(166_201, "1085"),
        person_type=lists.KLINISK_ENHED,
    )
    private.children[0].shak, private.children[0].children[0].shak = "2698", "269801"
    story = Telling(
        region(290_100, "Region Sjælland", address("Alléen", "15", "4200"), north), private
    )
    story.night("2014-11-10")
    for day, sequences in (
        ("2014-11-11", (290_202, 290_203)),
        ("2014-11-12", (290_110, 290_102)),
        ("2014-11-13", ()),
        ("2014-11-14", (290_103, 290_104)),
    ):
        for sequence in sequences:
            changed(story[sequence], day).shak = None
        story.night(day)
    assert sum(unit.shak is not None for top in story.units for unit in below(top)) == 1
    return story.nights


NIGHTS = {
    "04-municipal-types": _municipal_types,
    "05-message-standards": _message_standards,
    "06-shak-goes": _shak_goes,
}
