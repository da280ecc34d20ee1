"""Lists with titles above their headings, as people's sheets have them; no line of data is taken for one."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sordiff.reconcile.headings import find_heading
from tests.cli.calling import good
from tests.reconcile import judging as demo
from tests.reconcile.judging import judged, record_demo

if TYPE_CHECKING:
    from pathlib import Path

LIST = f"""Vores partnere 2024;;
Udskrevet 1.3.2024;;IT-afdelingen

Navn;SOR-id;GLN
Nord;{demo.HOME_CARE};{demo.HOME_CARE_OLD}
x;{demo.CLINIC};
"""
FOUND = [(5, "number_moved"), (6, "current")]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nights")
    record_demo(folder)
    return folder


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["Navn;GLN", "x;5790008712009"], 0),
        (["5790008712009;x", "5790008714034;y"], None),
        (["Partnere;;", "Navn;GLN;Note", "x;5790008712009;"], 1),
        (["Partnere;;2024", ";;", "Navn;GLN;Note", "x;;"], 2),
        (["Enhed;;Kontakt;", "Navn;GLN;SOR-id;Mail", "x;5790008712009;;"], 1),
        (["Mine partnere", "GLN", "5790008712009"], 1),
        # Headings that nobody knows, below a title.
        (["Partnere;;", "Hvem;Hvor;Note", "x;5790008712009;"], 1),
        # A first line of several words has the headings, whatever stands below.
        (["Betegnelse;Form;Nummer", "Hansen;Yder;", "Jensen;Yder;019062"], 0),
        (["Betegnelse;Form;Nummer", "Hansen;Yder;021849", "Jensen;Yder;019062"], 0),
        (["Hvem;", "Yder;019062", "Læge;021849"], 0),
        # A line of data with a faulty number is none of headings.
        (["GLN;Note", "5790008712008;GLN", "5790008712009;x"], 0),
        # A number without a check digit is data, too; a year may be a heading.
        (["021849", "019062"], None),
        (["Hansen;021849", "Holm;019062"], None),
        (["Klinik;2023;2024", "Holm;019062;x"], 0),
        (["Hvem;2023;2024", "Holm;019062;x"], 0),
        # Nothing says that these are titles: the first line has the headings, as everywhere.
        (["Hansen;", "Jensen;Praksis", "Holm;Praksis"], 0),
    ],
)  # fmt: skip
def test_where_a_list_begins(lines: list[str], place: int | None) -> None:
    assert find_heading([line.split(";") for line in lines]) == place


def test_titles_stay_where_they_are(nights: Path) -> None:
    answer = judged(nights, LIST)
    assert [(row["line"], row["verdict"]) for row in answer["rows"]] == FOUND
    good(nights, "reconcile", "list.csv", "--fix")
    fixed = (nights / "list.fixed.csv").read_text("utf-8")
    assert fixed == LIST.replace(demo.HOME_CARE_OLD, demo.HOME_CARE_NEW)
    above = [line for line in LIST[: LIST.index("Navn;")].splitlines() if line]
    written = good(nights, "reconcile", "list.csv", "--format", "csv")
    first, *lines = written.splitlines()
    assert [first.removeprefix("\ufeff"), *lines][: len(above)] == above
    assert lines[len(above) - 1].startswith("Navn;SOR-id")
    # What was written is a list like the one before.
    (nights / "again.csv").write_text(written, "utf-8")
    again = json.loads(good(nights, "reconcile", "again.csv", "--format", "json"))
    assert [(row["line"] + 1, row["verdict"]) for row in again["rows"]] == FOUND
    good(nights, "reconcile", "list.csv", "--format", "xlsx", "-o", "list.xlsx")
    sheet = CalamineWorkbook.from_path(nights / "list.xlsx").get_sheet_by_index(0)
    assert sheet.to_python()[0][0] == above[0].split(";")[0]


def test_a_list_on_a_later_sheet_and_further_down(nights: Path) -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet("Forside").write(0, 0, "Spørg IT-afdelingen")
        sheet = book.add_worksheet("Partnere")
        for line, text in enumerate(LIST.splitlines(), start=2):
            for place, cell in enumerate(text.split(";"), start=1):
                sheet.write(line, place, cell)
    answer = judged(nights, written.getvalue(), name="own.xlsx")
    assert [(row["line"] - 2, row["verdict"]) for row in answer["rows"]] == FOUND
    good(nights, "reconcile", "own.xlsx", "--fix")
    book_rows = CalamineWorkbook.from_path(nights / "own.fixed.xlsx").get_sheet_by_index(0)
    expected = LIST.replace(demo.HOME_CARE_OLD, demo.HOME_CARE_NEW).split("\n")
    assert book_rows.to_python() == [line.split(";") for line in expected if line]


def test_a_kept_list_keeps_its_titles(nights: Path) -> None:
    (nights / "titled.csv").write_text(LIST)
    good(nights, "list", "add", "titled", "titled.csv")
    good(nights, "reconcile", "titled", "--fix")
    assert (nights / "titled.fixed.csv").read_text("utf-8").startswith("Vores partnere 2024;;")
