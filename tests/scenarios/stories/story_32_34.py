"""Stories 32 to 34: the CSV files. A daily file, sor.csv, and a file of states with what lies beside it."""

from __future__ import annotations

from tests.making import tables
from tests.making.plain import PlainEntry, PlainList, PlainUnit, valid_gln, valid_sor_id

from .lists import HOSPITAL, INTENSIV, KLINISK_ENHED, KOMMUNE, PLEJEHJEM, REGION
from .nights import Telling, zipped
from .trees import address, changed, institution, number, organizational_unit, owner, registered

_TEXTS = [
    PlainEntry(code=code.code, text=code.after)
    for code in (HOSPITAL, INTENSIV, KLINISK_ENHED, KOMMUNE, PLEJEHJEM, REGION)
]
_WARDS = (
    "Medicinsk afsnit",
    "Kirurgisk afsnit",
    "Ambulatorium",
    "Intensivt afsnit",
    "Dagkirurgi",
    "Fødegang",
)


def _hospital(start: int, *wards: PlainUnit) -> PlainUnit:
    """A region with one hospital, whose number and address the wards have from it."""
    return owner(
        start,
        "Region Skagerrak",
        REGION,
        institution(
            start + 1,
            "Klitby Hospital",
            HOSPITAL,
            *wards,
            postal=address("Hospitalsvej", "2", "9800"),
            location_number=number(start + 1, "1081"),
        ),
        cvr="12345674",
    )


def _wards(start: int) -> list[PlainUnit]:
    return [
        organizational_unit(
            start + place, name, KLINISK_ENHED, shak=f"8888{place}", location_number_inherited=True
        )
        for place, name in enumerate(_WARDS)
    ]


def daily() -> dict[str, bytes]:
    """The hospital gets a new number and moves; one ward is closed ahead, and one is gone without."""
    telling = Telling(_hospital(700000, *_wards(700010)))
    telling.lists = [PlainList(name="EntityType", entries=_TEXTS)]
    registered(telling[700015], "2025-02-28").to = "2025-03-04"
    telling.daily("2025-03-03")
    hospital = changed(telling[700001], "2025-03-04")
    hospital.location_number = number(700002, "1081", since="2025-03-04")
    hospital.postal = address("Klitvej", "40", "9800")
    telling.daily("2025-03-04")
    telling.daily("2025-03-05")
    telling.take_out(700014)
    changed(telling[700012], "2025-03-06").name = 'Ambulatorium; Klitby "Nord"'
    telling.daily("2025-03-06")
    return telling.nights


def _texts_for_codes(units: list[PlainUnit], texts: dict[str, str]) -> None:
    for unit in units:
        unit.unit_type = texts.get(unit.unit_type or "", unit.unit_type)
        _texts_for_codes(unit.children, texts)


def old_file() -> dict[str, bytes]:
    """One text of a type is reworded, one ward becomes another type, and names have quotes in them."""
    telling = Telling(_hospital(701000, *_wards(701010)))
    _texts_for_codes(telling.units, {entry.code: entry.text or "" for entry in _TEXTS})
    telling[701010].name = 'Afsnit "Nord"'
    telling.old_table("2018-04-09")
    _texts_for_codes(telling.units, {"klinisk enhed": "klinisk afsnit"})
    telling.old_table("2018-04-10")
    changed(telling[701013], "2018-04-11").unit_type = "intensivenhed"
    changed(telling[701010], "2018-04-11").name = 'Afsnit "Nord" og "Syd"'
    telling.old_table("2018-04-11")
    return telling.nights


def states() -> dict[str, bytes]:
    """One file, three days of it: two nursing homes become one, and the file knew all along."""
    first, third = valid_sor_id(702001), valid_sor_id(702003)
    home = {
        "location_number": number(702001, "1082"),
        "postal": address("Engvej", "1", "8700"),
    }
    units = [
        owner(
            702000,
            "Bølgesund Kommune",
            KOMMUNE,
            institution(702001, "Plejehjemmet Engen", PLEJEHJEM, to="2023-05-31", **home),
            institution(702002, "Plejehjemmet Åsen", PLEJEHJEM, since="2012-03-01"),
            institution(702003, "Plejehjemmet Ny Eng", PLEJEHJEM, since="2023-06-01"),
        )
    ]
    telling = Telling(*units)
    telling.lists = [PlainList(name="EntityType", entries=_TEXTS)]
    rows = tables.sor2_rows(telling.register("2023-06-02"))
    earlier = dict(rows[2]) | {"EntityName": "Åsens Plejehjem", "ToDate": "2023-05-31"}
    rows[2] |= {"FromDate": "2023-06-01"}
    rows.insert(2, earlier)
    rows[4]["EanLocationCode"] = valid_gln(702003)
    replaced = [
        {
            "SorId": tables.guarded(first),
            "ReplacedBySorId": tables.guarded(third),
            "FromDate": "2023-06-01",
        }
    ]
    types = [
        {"ClassificationName": "EntityType", "Code": e.code, "Name": e.text or ""} for e in _TEXTS
    ]
    content = zipped(
        {
            "SOREntity.csv": tables.write_sor2(rows),
            "SORReplacedEntities.csv": tables.write_sor2(replaced),
            "SORClassifications.csv": tables.write_sor2(types),
        }
    )
    return {f"{day}.complete.zip": content for day in ("2023-05-30", "2023-06-01", "2023-06-02")}


NIGHTS = {
    "32-daily-table": daily,
    "33-old-table": old_file,
    "34-table-of-states": states,
}
