"""SorEntity_daily.csv: what is resolved in every row, and what is not in the file, is no change."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.cli.calling import called, events, good, said
from tests.making.numbers import valid_sor_id
from tests.making.tables import write_old, write_sor2
from tests.tables.rows import (
    CLINIC,
    HOSPITAL,
    NEW,
    NUMBER,
    OLD,
    OTHER_NUMBER,
    OWNER,
    WARD,
    between,
    data,
    hospital,
    old,
    sor2,
    told,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_number_of_an_owner_is_one_change_and_what_is_derived(tmp_path: Path) -> None:
    found = told(tmp_path, write_sor2(hospital()), write_sor2(hospital(OTHER_NUMBER)))
    assert found == [
        ("location_number.released", NUMBER),
        ("location_number.assigned", OTHER_NUMBER),
        ("unit.effective_location_number_changed", HOSPITAL),
        ("unit.effective_location_number_changed", WARD),
        ("unit.effective_location_number_changed", CLINIC),
    ]


def test_a_new_address_of_a_hospital_is_one_change(tmp_path: Path) -> None:
    found = told(tmp_path, write_sor2(hospital()), write_sor2(hospital(street="Nygade")))
    assert found == [("unit.address_changed", HOSPITAL)]


def test_what_stays_behind_becomes_a_units_own(tmp_path: Path) -> None:
    after = hospital(
        OTHER_NUMBER, "Nygade", EanLocationCode=NUMBER, PostalAddressStreetName="Testgade"
    )
    found = between(tmp_path, write_sor2(hospital()), write_sor2(after))
    assert said(found)[:2] == [("unit.address_changed", HOSPITAL), ("unit.address_changed", WARD)]
    assert data(found, "location_number.reassigned")["after"]["unit_id"] == WARD
    assert data(found, "location_number.reassigned")["relation"] == "to_descendant"


def test_the_unit_above_coming_to_say_the_same_changes_nothing_below(tmp_path: Path) -> None:
    before = hospital(PostalAddressStreetName="Nygade")
    after = hospital(street="Nygade")
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    assert ("unit.address_changed", WARD) not in found
    assert ("unit.address_changed", HOSPITAL) in found


def test_a_unit_whose_last_day_passed_is_closed_and_one_without_is_removed(tmp_path: Path) -> None:
    before = hospital(ToDate=OLD)
    after = [row for row in before if row["EntityName"] not in ("Afsnit", "Klinik")]
    found = between(tmp_path, write_sor2(before), write_sor2(after))
    assert said(found) == [("unit.closed", WARD), ("unit.removed", CLINIC)]
    assert data(found, "unit.closed")["cause"] == "date_elapsed"


def test_a_closed_unit_stays_closed_and_can_be_opened_again(tmp_path: Path) -> None:
    before = hospital(ToDate=OLD)
    gone = [row for row in before if row["EntityName"] != "Afsnit"]
    for name, rows in (("a", before), ("b", gone), ("c", gone), ("d", hospital())):
        (tmp_path / name).write_bytes(write_sor2(rows))
    days = ("2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29")
    good(tmp_path, "ingest", *(f"{name}@{day}" for name, day in zip("abcd", days, strict=True)))
    assert said(events(tmp_path)) == [("unit.closed", WARD), ("unit.reopened", WARD)]
    assert "closed" in good(tmp_path, "show", WARD, "--as-of", "2026-11-28")


def test_units_stay_below_a_unit_that_has_no_row_any_more(tmp_path: Path) -> None:
    """It was closed in hindsight: nothing false is told of it, and nothing of what stands below."""
    after = [row for row in hospital() if row["EntityName"] != "Prøve Hospital"]
    assert told(tmp_path, write_sor2(hospital()), write_sor2(after)) == []
    checked = called(tmp_path, "check", f"new@{NEW}")
    assert checked.exit == 0
    assert "units below it: 2" in checked.stdout


def test_an_institution_without_a_row_is_what_the_rows_below_say(tmp_path: Path) -> None:
    def rows(name: str, number: str) -> bytes:
        columns = {
            "HealthInstitutionSorId": HOSPITAL,
            "HealthInstitutionEntityName": name,
            "InstitutionOwnerSorId": OWNER,
        }
        return write_sor2([row | columns for row in hospital(number)[2:]])

    found = told(tmp_path, rows("Sygehus", NUMBER), rows("Nyt Sygehus", OTHER_NUMBER))
    assert found[:3] == [
        ("unit.renamed", HOSPITAL),
        ("location_number.released", NUMBER),
        ("location_number.assigned", OTHER_NUMBER),
    ]
    assert {kind for kind, _ in found[3:]} == {"unit.effective_location_number_changed"}


def test_texts_in_rows_are_a_list_of_codes_in_use(tmp_path: Path) -> None:
    before = hospital()
    after = [row | {"EntityTypeName": row["EntityTypeName"].upper()} for row in before[1:3]]
    after = [before[0], *after, before[3] | {"EntityTypeId": "9", "EntityTypeName": "klinik"}]
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    # A code that only came into use is not new in the register's list.
    assert found == [
        ("classification.text_changed", "EntityType/2"),
        ("classification.text_changed", "EntityType/3"),
        ("unit.type_changed", CLINIC),
    ]
    assert told(
        tmp_path, write_sor2(after), write_sor2([*after[:3], after[3] | {"EntityTypeId": "2"}])
    ) == [("unit.type_changed", CLINIC)]


def test_a_code_that_came_into_use_hides_no_text_behind_it(tmp_path: Path) -> None:
    before = hospital()
    after = [
        *before[:2],
        before[2] | {"EntityTypeId": "0", "EntityTypeName": "klinik"},
        before[3] | {"EntityTypeName": "sengeafsnit"},
    ]
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    assert ("classification.text_changed", "EntityType/3") in found
    assert not [kind for kind, _ in found if kind == "classification.code_added"]


def test_a_code_with_two_texts_keeps_the_known_one(tmp_path: Path) -> None:
    before = hospital()
    after = [*before, sor2(5, "OE", "Nyt", 2, EntityTypeId="3", EntityTypeName="Afsnit")]
    found = told(tmp_path, write_sor2(before), write_sor2(after))
    assert found == [("unit.created", valid_sor_id(5))]


def test_a_day_passes_though_no_byte_changed(tmp_path: Path) -> None:
    content = write_sor2(hospital(ToDate=OLD))
    assert told(tmp_path, content, content) == [("unit.closed", WARD)]
    good(tmp_path, "ingest", f"old@{OLD}", f"new@{NEW}")
    assert said(events(tmp_path)) == [("unit.closed", WARD)]
    assert "already recorded" in called(tmp_path, "ingest", f"old@{OLD}").stdout


def test_another_kind_of_file_needs_a_new_baseline(tmp_path: Path) -> None:
    rows = hospital()
    states = [*rows, sor2(4, "OE", "Klinik Nord", 2, FromDate="2026-11-01")]
    for name, content in (("daily", write_sor2(rows)), ("complete", write_sor2(states))):
        (tmp_path / name).write_bytes(content)
    good(tmp_path, "ingest", f"daily@{OLD}")
    refused = called(tmp_path, "ingest", f"complete@{NEW}")
    assert (refused.exit, "--rebaseline" in refused.stderr) == (5, True)
    assert called(tmp_path, "diff", f"daily@{OLD}", f"complete@{NEW}").exit == 5
    good(tmp_path, "ingest", f"complete@{NEW}", "--rebaseline")
    assert events(tmp_path) == []


def test_the_date_of_an_xml_file_is_its_own(tmp_path: Path) -> None:
    from tests.making.plain import PlainRegister, PlainUnit
    from tests.making.xml import write_snapshot

    unit = PlainUnit(sor_id=OWNER, kind="owner", name="Region")
    register = PlainRegister(
        created_at="2026-11-27T01:00:00+01:00", snapshot_date=NEW, units=[unit]
    )
    (tmp_path / "Sor.xml").write_bytes(write_snapshot(register))
    assert called(tmp_path, "check", f"Sor.xml@{NEW}").exit == 0
    assert called(tmp_path, "check", "Sor.xml", "--snapshot-date", OLD).exit == 5


def test_coverage_names_the_columns(tmp_path: Path) -> None:
    rows = [row | {"Nyt": "x"} for row in hospital()]
    (tmp_path / "f").write_bytes(write_sor2(rows))
    found = json.loads(good(tmp_path, "check", f"f@{NEW}", "--coverage", "--format", "json"))
    read_from = {field["field"]: field["read_from"] for field in found["fields"] if field["units"]}
    assert read_from["name"] == ["EntityName"]
    assert read_from["location_number/number"] == ["EanLocationCode"]
    assert [(each["path"], each["units"]) for each in found["unknown"]] == [("other/nyt", 4)]


def test_nights_read_where_they_are_touched_are_recorded_as_those_read_whole(
    tmp_path: Path,
) -> None:
    ending = hospital(ToDate="2026-11-21")
    nights = [
        hospital(),
        ending,
        [ending[0], ending[1], ending[3]],  # the ward is closed
        hospital(OTHER_NUMBER, "Nygade"),  # and open again
        [hospital()[0], *hospital(EntityName="Afdeling")[2:]],  # the hospital has no row
        [*hospital(EntityName="Afdeling"), sor2(5, "OE", "Ny", 3)],
        hospital()[:1],
    ]
    told = {}
    for road, words in (("fast", ()), ("plain", ("--no-fast",))):
        folder = tmp_path / road
        folder.mkdir()
        for day, rows in enumerate(nights, 20):
            (folder / "f").write_bytes(write_sor2(rows))
            good(folder, "ingest", f"f@2026-11-{day}", *words)
        with closing(sqlite3.connect(folder / "sordiff.db")) as connection:
            units = connection.execute("SELECT * FROM units ORDER BY sor_id").fetchall()
            listed = connection.execute("SELECT * FROM classification_entries").fetchall()
        told[road] = events(folder), units, sorted(listed)
    assert told["fast"] == told["plain"]
    kinds = {kind for kind, _ in said(told["fast"][0])}
    assert {"unit.closed", "unit.reopened", "unit.removed"} <= kinds


def _not_used(folder: Path, content: bytes) -> list[tuple[str, int, str]]:
    """Subject, line and sentence of what `check` says of cells that nothing is made of."""
    (folder / "f").write_bytes(content)
    checked = json.loads(good(folder, "check", f"f@{NEW}", "--format", "json"))
    found = [each for each in checked["findings"] if each["code"] == "row.not_used"]
    return [(each["subject"], each["line"], each["message"]) for each in found]


def test_what_a_row_says_and_nothing_is_made_of_is_told(tmp_path: Path) -> None:
    rows = hospital()
    assert _not_used(tmp_path, write_sor2(rows)) == []
    rows[0]["ParentSorId"] = rows[1]["SorId"]
    rows[3]["EntityTypeId"] = '=""'
    assert _not_used(tmp_path, write_sor2(rows)) == [
        (OWNER, 2, f"ParentSorId says '{HOSPITAL}', but an owner stands below no unit"),
        (CLINIC, 5, "EntityTypeName says 'afsnit', but no code stands beside it"),
    ]
    told = good(tmp_path, "check", f"f@{NEW}")
    assert "row.not_used (2)" in told
    assert f"{OWNER} (line 2): ParentSorId says" in told
    # Above an owner there is but itself.
    rows[0]["ParentSorId"] = rows[0]["SorId"]
    assert len(_not_used(tmp_path, write_sor2(rows))) == 1
    # The texts of a column without its codes.
    bare = [{name: cell for name, cell in row.items() if name != "EntityTypeId"} for row in rows]
    assert len(_not_used(tmp_path, write_sor2(bare))) == 4


def test_what_sor_csv_says_of_a_number_and_nothing_is_made_of_is_told(tmp_path: Path) -> None:
    rows = [
        old(1, "IE", "Region", Lokationsnummer=NUMBER, Nedarvningsstatus="nedarvet"),
        old(2, "SI", "Hospital", 1, Lokationsnummer=NUMBER, Nedarvningsstatus="Nedarvet"),
        old(3, "OE", "Afsnit", 2, Lokationsnummer=OTHER_NUMBER, Nedarvningsstatus="ja"),
        old(4, "OE", "Klinik", 2, Nedarvningsstatus="egen"),
    ]
    assert _not_used(tmp_path, write_old(rows)) == [
        (OWNER, 2, "Nedarvningsstatus says 'nedarvet', but an owner inherits no number"),
        (WARD, 4, "Nedarvningsstatus says 'ja', which is neither egen nor nedarvet"),
        (CLINIC, 5, "Nedarvningsstatus says 'egen', but there is no number"),
    ]
