"""sor.csv: texts stand for codes, and the row says whether its number is inherited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.calling import events, good, said
from tests.making.numbers import valid_sor_id
from tests.making.tables import Row, write_old
from tests.tables.rows import (
    CLINIC,
    HOSPITAL,
    NUMBER,
    OTHER_NUMBER,
    WARD,
    between,
    data,
    old,
    read,
    told,
)

if TYPE_CHECKING:
    from pathlib import Path


def _register(**types: str) -> list[Row]:
    """A hospital with two units; `types` by name: Hospital, Afsnit, Klinik."""
    said_types = {"Hospital": "hospital", "Afsnit": "afsnit", "Klinik": "afsnit"} | types
    return [
        old(1, "IE", "Region", Enhedstype="region", Region="Region Nord"),
        *(
            old(n, kind, name, above, Enhedstype=said_types[name], Region="Region Nord")
            for n, kind, name, above in (
                (2, "SI", "Hospital", 1),
                (3, "OE", "Afsnit", 2),
                (4, "OE", "Klinik", 2),
            )
        ),
    ]


def test_a_text_that_all_units_change_is_one_change_of_a_text(tmp_path: Path) -> None:
    after = _register(Afsnit="klinisk afsnit", Klinik="klinisk afsnit")
    found = between(tmp_path, write_old(_register()), write_old(after))
    assert said(found) == [("classification.text_changed", "Enhedstype/afsnit")]
    told_of = data(found, "classification.text_changed")
    assert (told_of["before"], told_of["after"], told_of["units"]) == (
        "afsnit",
        "klinisk afsnit",
        2,
    )


def test_a_text_that_some_units_change_is_their_change(tmp_path: Path) -> None:
    after = _register(Klinik="klinik")
    assert told(tmp_path, write_old(_register()), write_old(after)) == [
        ("unit.type_changed", CLINIC)
    ]


def test_a_text_that_was_there_already_is_no_new_text_of_another(tmp_path: Path) -> None:
    """The last units of a type become another type: its text did not change."""
    before, after = _register(), _register(Afsnit="hospital", Klinik="hospital")
    assert told(tmp_path, write_old(before), write_old(after)) == [
        ("unit.type_changed", WARD),
        ("unit.type_changed", CLINIC),
    ]


def test_two_texts_that_become_one_are_changes_of_units(tmp_path: Path) -> None:
    before = _register(Klinik="klinik")
    after = _register(Afsnit="enhed", Klinik="enhed")
    assert told(tmp_path, write_old(before), write_old(after)) == [
        ("unit.type_changed", WARD),
        ("unit.type_changed", CLINIC),
    ]


def test_a_reworded_type_keeps_its_code_for_all_nights(tmp_path: Path) -> None:
    nights = [
        _register(),
        _register(Afsnit="klinisk afsnit", Klinik="klinisk afsnit"),
        _register(Afsnit="klinisk afsnit", Klinik="afsnit"),
        _register(Afsnit="sengeafsnit", Klinik="afsnit"),
    ]
    for place, rows in enumerate(nights):
        (tmp_path / f"{place}.csv").write_bytes(write_old(rows))
    good(tmp_path, "ingest", *(f"{place}.csv@2026-11-2{place}" for place in range(4)))
    found = events(tmp_path)
    assert said(found) == [
        ("classification.text_changed", "Enhedstype/afsnit"),
        ("unit.type_changed", CLINIC),
        ("classification.text_changed", "Enhedstype/afsnit"),
    ]
    # The old word is now that of another type.
    assert found[1]["data"]["after"] == {"code": "afsnit (2)", "text": "afsnit"}


def test_the_row_says_whether_a_number_is_inherited(tmp_path: Path) -> None:
    rows = _register()
    rows[1] |= {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "egen"}
    rows[2] |= {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "nedarvet"}
    rows[3] |= {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "egen"}
    units = {unit.sor_id: unit for unit in read(tmp_path, write_old(rows)).units.values()}
    owning = {sor_id for sor_id, unit in units.items() if unit.number == NUMBER}
    assert owning == {HOSPITAL, CLINIC}
    assert [sor_id for sor_id, unit in units.items() if unit.location_number_inherited] == [WARD]


def test_a_number_inherited_from_nowhere_is_nobodys(tmp_path: Path) -> None:
    rows = _register()
    rows[2] |= {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "nedarvet"}
    snapshot = read(tmp_path, write_old(rows))
    (ward,) = [unit for unit in snapshot.units.values() if unit.sor_id == WARD]
    assert (ward.number, ward.location_number_inherited) == (None, False)
    assert ward.other == {"location_number": NUMBER}
    assert [f.code for f in snapshot.findings] == ["location_number.inherited_from_nowhere"]


def test_a_new_number_of_an_owner_is_one_change(tmp_path: Path) -> None:
    nights = []
    for number in (NUMBER, OTHER_NUMBER):
        rows = _register()
        for row, status in zip(rows[1:], ("egen", "nedarvet", "nedarvet"), strict=True):
            row |= {"Lokationsnummer": number, "Nedarvningsstatus": status}
        nights.append(write_old(rows))
    found = told(tmp_path, nights[0], nights[1])
    assert [kind for kind, _ in found[:2]] == [
        "location_number.released",
        "location_number.assigned",
    ]
    assert {kind for kind, _ in found[2:]} == {"unit.effective_location_number_changed"}


def test_a_region_that_all_rows_repeat_is_that_of_the_uppermost(tmp_path: Path) -> None:
    after = [row | {"Region": "Region Syd"} for row in _register()]
    assert told(tmp_path, write_old(_register()), write_old(after)) == [
        ("unit.details_changed", valid_sor_id(1))
    ]


def test_an_owner_without_a_row_has_the_name_that_the_rows_give_it(tmp_path: Path) -> None:
    rows = [row | {"Institutionsejer": "Region Prøve"} for row in _register()[1:]]
    snapshot = read(tmp_path, write_old(rows))
    (owner,) = [unit for unit in snapshot.units.values() if unit.kind == "owner"]
    assert (owner.sor_id, owner.name) == (valid_sor_id(1), "Region Prøve")
