"""Units without a row that stand above others: what the night before said of them still holds."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from sordiff.model import SorId
from tests.cli.calling import events, good, said
from tests.making.numbers import valid_gln, valid_sor_id
from tests.making.tables import Row, write_old, write_sor2
from tests.tables.rows import NUMBER, OTHER_NUMBER, old, read, sor2, told

if TYPE_CHECKING:
    from pathlib import Path

HOSPITAL = 2
A, B, C = (valid_sor_id(n) for n in (3, 4, 5))


def ward(sequence: int, number: str = NUMBER, street: str = "Testgade", above: int = 2) -> Row:
    """A ward whose row says what reaches it."""
    cells = {"EanLocationCode": number, "PostalAddressStreetName": street}
    return sor2(sequence, "OE", f"Afsnit {sequence}", above, **cells)


def institution(number: str = NUMBER, street: str = "Testgade") -> list[Row]:
    """An owner and its hospital, with rows."""
    cells = {"EanLocationCode": number, "PostalAddressStreetName": street}
    return [sor2(1, "IE", "Region"), sor2(HOSPITAL, "SI", "Hospital", 1, **cells)]


def test_a_ward_that_gets_its_own_number_takes_none_from_the_others(tmp_path: Path) -> None:
    before, after = [ward(3), ward(4), ward(5)], [ward(3), ward(4), ward(5, OTHER_NUMBER)]
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    assert found == [
        ("unit.details_changed", C),
        ("location_number.assigned", OTHER_NUMBER),
        ("unit.effective_location_number_changed", C),
    ]


def test_a_ward_that_moves_house_moves_no_other(tmp_path: Path) -> None:
    before, after = [ward(3), ward(4), ward(5)], [ward(3), ward(4), ward(5, street="Nygade")]
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    assert found == [("unit.address_changed", C)]


def test_a_second_ward_that_says_the_same_takes_nothing_from_the_first(tmp_path: Path) -> None:
    found = told(tmp_path, write_sor2([ward(3)]), write_sor2([ward(3), ward(4)]))
    assert found == [("unit.created", B), ("location_number.assigned", NUMBER)]


def test_the_last_ward_that_says_something_keeps_what_it_inherits(tmp_path: Path) -> None:
    found = told(tmp_path, write_sor2([ward(3), ward(4)]), write_sor2([ward(3)]))
    assert found == [("unit.removed", B)]


def test_what_all_wards_have_anew_is_one_change(tmp_path: Path) -> None:
    before = [ward(3), ward(4), ward(5)]
    after = [ward(n, OTHER_NUMBER, "Nygade") for n in (3, 4, 5)]
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    assert [kind for kind, _ in found][:3] == [
        "unit.address_changed",
        "location_number.released",
        "location_number.assigned",
    ]
    assert found[0] == ("unit.address_changed", valid_sor_id(HOSPITAL))
    assert {kind for kind, _ in found[3:]} == {"unit.effective_location_number_changed"}


def under_owner(*wards: Row, **owner: str) -> list[Row]:
    """Wards, and the hospital above them, whose owner has a row; all name both of them."""
    rows = [sor2(1, "IE", "Region", None, **owner), *wards]
    above = {
        "HealthInstitutionSorId": valid_sor_id(HOSPITAL),
        "InstitutionOwnerSorId": valid_sor_id(1),
    }
    return [row | above for row in rows]


def test_what_comes_from_above_a_unit_whose_row_is_gone_is_still_inherited(tmp_path: Path) -> None:
    with_row = under_owner(*institution("")[1:], ward(3, ""), PostalAddressStreetName="Testgade")
    assert told(tmp_path, write_sor2(with_row), write_sor2([with_row[0], with_row[2]])) == []


def test_what_reached_a_hospital_before_its_row_and_its_owners_were_gone_is_not_new(
    tmp_path: Path,
) -> None:
    """All wards say the owner's address, which nobody else says any more."""
    owner = {"PostalAddressStreetName": "Testgade"}
    rows = under_owner(*institution("")[1:], ward(3, ""), ward(4, ""), **owner)
    assert told(tmp_path, write_sor2(rows), write_sor2(rows[2:])) == []


def test_what_all_wards_have_anew_from_above_the_hospital_is_theirs_by_inheritance(
    tmp_path: Path,
) -> None:
    """The hospital has no number and no address of its own any more; its wards get none."""
    owner = {"EanLocationCode": NUMBER, "PostalAddressStreetName": "Testgade"}
    had = under_owner(
        *institution(OTHER_NUMBER, "Nygade")[1:],
        *(ward(n, OTHER_NUMBER, "Nygade") for n in (3, 4, 5)),
        **owner,
    )
    have = under_owner(ward(3), ward(4), ward(5), **owner)
    found = told(tmp_path, write_sor2(had), write_sor2(have))
    assert found[:3] == [
        ("unit.address_changed", valid_sor_id(HOSPITAL)),
        ("unit.details_changed", valid_sor_id(HOSPITAL)),
        ("location_number.released", OTHER_NUMBER),
    ]
    assert {kind for kind, _ in found[3:]} == {"unit.effective_location_number_changed"}


def test_a_unit_without_a_row_of_which_no_row_says_an_address_gets_none(tmp_path: Path) -> None:
    """It stands below another one without a row, and has what that has."""
    owner = {"PostalAddressStreetName": "Testgade"}
    had = under_owner(*institution(street="Nygade")[1:], ward(3, street="Nygade"), **owner)
    have = under_owner(had[2], ward(4, street="Testgade", above=9), **owner)
    (tmp_path / "a").write_bytes(write_sor2(had))
    (tmp_path / "b").write_bytes(write_sor2(have))
    for night, name in enumerate("ab", 20):
        good(tmp_path, "ingest", f"{name}@2026-11-{night}")
    assert said(events(tmp_path))[:2] == [
        ("unit.created", valid_sor_id(9)),
        ("unit.created", valid_sor_id(4)),
    ]
    created = events(tmp_path)[0]["data"]["after"]
    assert (created["parent_id"], created["address"]) == (valid_sor_id(HOSPITAL), None)


def change(random: Random, rows: list[Row]) -> list[Row]:
    """Up to two of the wards otherwise; two others stay as they are."""
    changed = [dict(row) for row in rows]
    for place in random.sample(range(len(rows)), k=2):
        if place < 2:
            continue
        cell, values = random.choice(
            [
                ("EanLocationCode", [NUMBER, "", valid_gln(10 + place), valid_gln(20 + place)]),
                ("PostalAddressStreetName", ["Testgade", "Nygade", "Engvej"]),
                ("EntityName", ["Afsnit", "Klinik"]),
            ]
        )
        changed[place][cell] = random.choice(values)
    return changed


@pytest.mark.parametrize("seed", range(24))
def test_a_row_that_is_missing_changes_no_event(seed: int, tmp_path: Path) -> None:
    """The same nights with the row of the hospital and without it, read by both roads."""
    random = Random(f"rowless {seed}")
    nights = [[ward(3), ward(4), ward(5), ward(6, above=5), ward(7, above=6)]]
    for _ in range(4):
        nights.append(change(random, nights[-1]))
    found = {}
    for road, words, rowless in (
        ("with rows", (), 9),
        ("touched", (), 1),
        ("whole", ("--no-fast",), 1),
    ):
        folder = tmp_path / road
        folder.mkdir()
        for night, rows in enumerate(nights):
            above = institution() if night < rowless else institution()[:1]
            (folder / "f").write_bytes(write_sor2([*above, *rows]))
            good(folder, "ingest", f"f@2026-11-{20 + night}", *words)
        found[road] = said(events(folder))
    assert found["touched"] == found["with rows"]
    assert found["whole"] == found["with rows"]


def test_a_number_that_sor_csv_marks_inherited_is_that_of_a_unit_without_a_row(
    tmp_path: Path,
) -> None:
    """No row tells of it any more: neither that of the hospital, nor one between."""
    own = {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "egen"}
    inherited = {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "nedarvet"}
    above = [old(1, "IE", "Region", None), old(2, "SI", "Hospital", 1, **own)]
    below = [old(3, "OE", "Klinik", 2), old(4, "OE", "Afsnit", 3, **inherited)]
    assert told(tmp_path, write_old([*above, *below]), write_old([above[0], *below])) == []


def test_a_number_that_sor_csv_calls_the_wards_own_stays_its_own(tmp_path: Path) -> None:
    def clinic(sequence: int, number: str, status: str) -> Row:
        cells = {"Lokationsnummer": number, "Nedarvningsstatus": status}
        return old(sequence, "OE", f"Afsnit {sequence}", 2, **cells)

    before = [clinic(3, NUMBER, "nedarvet"), clinic(4, NUMBER, "egen")]
    after = [clinic(3, "", ""), clinic(4, NUMBER, "egen")]
    found = told(tmp_path, write_old(before), write_old(after))
    assert found == [
        ("unit.details_changed", A),
        ("unit.effective_location_number_changed", A),
    ]


def _inherits(sequence: int, above: int, number: str = NUMBER) -> Row:
    cells = {"Lokationsnummer": number, "Nedarvningsstatus": "nedarvet"}
    return old(sequence, "OE" if above > 1 else "SI", f"Afsnit {sequence}", above, **cells)


def test_a_mark_below_a_unit_without_a_number_tells_of_one_without_a_row(tmp_path: Path) -> None:
    """What a row resolves holds: the clinic between has no number, and the hospital has no row."""
    rows = [old(1, "IE", "Region"), old(3, "OE", "Klinik", 2), _inherits(4, above=3)]
    assert told(tmp_path, write_old(rows), write_old(rows)) == []
    units = read(tmp_path, write_old(rows)).units
    assert units[SorId(B)].location_number_inherited
    assert units[SorId(valid_sor_id(HOSPITAL))].number == NUMBER


def test_a_number_that_goes_up_to_a_unit_without_a_row_still_reaches_those_below(
    tmp_path: Path,
) -> None:
    own = {"Lokationsnummer": NUMBER, "Nedarvningsstatus": "egen"}
    before = [_inherits(2, above=1) | own, _inherits(3, above=2)]
    after = [_inherits(2, above=1), _inherits(3, above=2)]
    assert told(tmp_path, write_old(before), write_old(after)) == [
        ("unit.details_changed", valid_sor_id(HOSPITAL)),
        ("location_number.reassigned", NUMBER),
        ("unit.effective_location_number_changed", valid_sor_id(1)),
    ]


def test_an_address_of_a_unit_without_a_row_is_one_change_beside_marked_numbers(
    tmp_path: Path,
) -> None:
    def clinics(phone: str) -> bytes:
        return write_old([_inherits(n, above=2) | {"Telefon": phone} for n in (3, 4, 5)])

    found = told(tmp_path, clinics("86001107"), clinics("86001108"))
    assert found == [("unit.contact_changed", valid_sor_id(HOSPITAL))]
