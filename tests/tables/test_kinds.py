"""Which kind a table of SOR2 is of: told by ids that stand in it several times, and by no single row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import called, events, good, said
from tests.making.tables import Row, write_complete, write_sor2
from tests.tables.rows import CLINIC, NEW, OLD, WARD, hospital, problems, sor2, told

if TYPE_CHECKING:
    from pathlib import Path

ENDED = "2019-05-31"
SPAN = "2020-01-01..2020-01-02"


def clinics(count: int) -> list[Row]:
    """A hospital with so many further units below it."""
    return [*hospital(), *(sor2(n, "OE", f"Klinik {n}", 2) for n in range(5, 5 + count))]


def twice(rows: list[Row], *places: int) -> list[Row]:
    """With a further state of some units."""
    later = {"FromDate": "2026-01-01", "EntityName": "Nyt navn"}
    return [*rows, *(rows[place] | later for place in places)]


def kind_of(folder: Path, content: bytes) -> str:
    (folder / "f").write_bytes(content)
    checked = json.loads(good(folder, "check", f"f@{NEW}", "--format", "json"))
    version: str = checked["header"]["version"]
    return version


@pytest.mark.parametrize("road", [(), ("--no-fast",)])
def test_a_row_whose_last_day_has_passed_is_a_closed_unit(
    tmp_path: Path, road: tuple[str, ...]
) -> None:
    """However long ago: it makes no other kind of the file, neither in the first night nor later."""
    ended = [
        row | ({"ToDate": ENDED} if row["EntityName"] == "Afsnit" else {}) for row in hospital()
    ]
    (tmp_path / "a").write_bytes(write_sor2(hospital()))
    (tmp_path / "b").write_bytes(write_sor2(ended))
    for day, name in enumerate("abba", 24):
        good(tmp_path, "ingest", f"{name}@2026-11-{day}", *road)
    assert said(events(tmp_path)) == [("unit.closed", WARD), ("unit.reopened", WARD)]
    (tmp_path / "sordiff.db").unlink()
    for day, name in enumerate("bab", 24):
        good(tmp_path, "ingest", f"{name}@2026-11-{day}", *road)
    assert said(events(tmp_path)) == [("unit.reopened", WARD), ("unit.closed", WARD)]


def test_a_closed_unit_that_has_no_row_any_more_stays_closed(tmp_path: Path) -> None:
    ended = write_sor2(hospital(ToDate=ENDED))
    gone = write_sor2([row for row in hospital() if row["EntityName"] != "Afsnit"])
    assert told(tmp_path, ended, gone) == []
    assert kind_of(tmp_path, ended) == "sor2-daily"


@pytest.mark.parametrize("ended", [0, 1, 20, 40])
def test_dates_make_no_kind(tmp_path: Path, ended: int) -> None:
    rows = clinics(40)
    rows = [
        row | ({"ToDate": ENDED} if n >= len(rows) - ended else {}) for n, row in enumerate(rows)
    ]
    assert kind_of(tmp_path, write_sor2(rows)) == "sor2-daily"
    assert kind_of(tmp_path, write_sor2(twice(rows, 2, 3, 4))) == "sor2-complete"
    assert kind_of(tmp_path, write_complete(rows)) == "sor2-complete"


def test_a_few_units_that_stand_twice_are_mistakes_and_no_states(tmp_path: Path) -> None:
    rows = clinics(40)
    content = write_sor2(twice(rows, 2, 3))
    assert problems(tmp_path, content) == [("sor_id.duplicate", 46), ("sor_id.duplicate", 47)]
    (tmp_path / "f").write_bytes(content)
    (tmp_path / "good").write_bytes(write_sor2(rows))
    good(tmp_path, "ingest", f"good@{OLD}")
    for command in (
        ("ingest", f"f@{NEW}"),
        ("ingest", f"f@{NEW}", "--rebaseline"),
        ("diff", f"good@{OLD}", f"f@{NEW}"),
        ("ingest", "f", "--history", SPAN, "--db", "other.db"),
    ):
        refused = called(tmp_path, *command)
        assert refused.exit == 5
        assert f"f:46: SOR id '{WARD}' stands here and in line 4" in refused.stderr, command
        assert f"f:47: SOR id '{CLINIC}' stands here and in line 5" in refused.stderr
    # In an archive with the other tables it is known to hold states, however few they are.
    assert kind_of(tmp_path, write_complete(twice(rows, 2))) == "sor2-complete"


def test_the_nights_of_an_archive_with_few_states_are_recorded(tmp_path: Path) -> None:
    later = [row | {"FromDate": "2020-01-02", "EntityName": "Nyt"} for row in clinics(40)[2:3]]
    (tmp_path / "f").write_bytes(write_complete([*clinics(40), *later]))
    good(tmp_path, "ingest", "f", "--history", SPAN)
    assert said(events(tmp_path)) == [("unit.renamed", WARD)]


def test_a_file_of_states_without_any_closed_unit_has_the_nights_of_years(tmp_path: Path) -> None:
    rows = hospital()
    later = rows[2] | {"FromDate": "2020-01-02", "EntityName": "Nyt"}
    (tmp_path / "f").write_bytes(write_sor2([*rows, later]))
    good(tmp_path, "ingest", "f", "--history", SPAN)
    assert said(events(tmp_path)) == [("unit.renamed", WARD)]
    (tmp_path / "daily").write_bytes(write_sor2(hospital(ToDate=ENDED)))
    refused = called(tmp_path, "ingest", "daily", "--history", SPAN, "--db", "other.db")
    assert (refused.exit, "there are no states in it" in refused.stderr) == (5, True)
