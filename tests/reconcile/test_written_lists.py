"""What comes out: for people in two languages, for spreadsheets without a formula, and the corrected list."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.calling import called, good
from tests.contract.validating import validator
from tests.reconcile import judging as demo
from tests.reconcile.judging import judged, record_demo

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "=cmd|' /C calc'!A0"
TURNED = "<script>alert(1)</script>\u202e"
LIST = f"""Note;SOR;GLN;Navn;Yder
{HOSTILE};{demo.HOME_CARE};{demo.HOME_CARE_OLD};;
@SUM(1);{demo.RENAMED};;Medicinsk Afdeling;
{TURNED};{demo.REMOVED};;;
æøå;{demo.DOCTOR};;;{demo.OLD_PROVIDER}
;{demo.CLOSING};;;
;{demo.CLINIC};;{TURNED};
"""


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nights")
    record_demo(folder)
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("The number belongs to another unit (1)", "line 2", "now has 5790008712023", "Gone from the register", "2 still true · 4 to mend")),
        ("da", ("Nummeret hører til en anden enhed (1)", "linje 2", "har nu 5790008712023", "Ikke længere i registeret", "skal rettes")),
    ],
)  # fmt: skip
def test_text_and_page_say_what_to_mend_first(
    nights: Path, language: str, words: tuple[str, ...]
) -> None:
    text = good(nights, "reconcile", "list.csv", "--lang", language)
    page = good(nights, "reconcile", "list.csv", "--lang", language, "--format", "html")
    for word in words[:-1]:
        assert word in text
        assert word in page
    assert text.index(words[3]) < text.index(words[0])
    assert "\u202e" not in text + page
    assert "<script" not in page
    assert f'<html lang="{language}">' in page


def test_cells_of_a_spreadsheet_are_texts(nights: Path) -> None:
    answer = good(nights, "reconcile", "list.csv", "--format", "csv")
    rows = list(csv.reader(io.StringIO(answer.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][:6] == ["Note", "SOR", "GLN", "Navn", "Yder", "sordiff_verdict"]
    assert [row[0] for row in rows[1:3]] == [f"'{HOSTILE}", "'@SUM(1)"]
    assert rows[1][1] == f"\t{demo.HOME_CARE}"
    # Whose the number is now.
    assert rows[1][rows[0].index("sordiff_candidates")] == "\t610011000016005"
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    good(nights, "reconcile", "list.csv", "--format", "xlsx", "-o", "out.xlsx")
    sheet = CalamineWorkbook.from_path(nights / "out.xlsx").get_sheet_by_index(0).to_python()
    assert [str(cell) for cell in sheet[0]] == rows[0]
    assert all(isinstance(cell, str) for row in sheet for cell in row)
    assert sheet[1][:2] == [HOSTILE, demo.HOME_CARE]
    assert sheet[1][5:7] == ["number_moved", "2024-03-06"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_written_is_judged_again_and_no_column_comes_twice(
    nights: Path, form: str
) -> None:
    good(nights, "reconcile", "list.csv", "--format", form, "-o", f"once.{form}")
    good(nights, "reconcile", f"once.{form}", "--format", form, "-o", f"twice.{form}")
    once, twice = ((nights / f"{name}.{form}").read_bytes() for name in ("once", "twice"))
    assert once == twice


def test_json_is_as_its_schema_says(nights: Path) -> None:
    answer = judged(nights, LIST)
    assert validator("reconciliation").is_valid(answer)
    row = answer["rows"][0]
    named = ["line", "value", "kind", "verdict", "unit_id", "name", "since", "suggestion"]
    assert list(row)[: len(named)] == named


def test_only_what_is_certain_is_mended(nights: Path) -> None:
    before = (nights / "list.csv").read_bytes()
    done = called(nights, "reconcile", "list.csv", "--fix", "--lang", "en")
    assert done.exit == 0
    assert "list.fixed.csv: 3 lines mended" in done.stderr
    assert (nights / "list.csv").read_bytes() == before
    old, new = LIST.splitlines(), (nights / "list.fixed.csv").read_text("utf-8").splitlines()
    assert [
        place for place, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]
    ] == [1, 2, 4]
    assert (nights / "list.fixed.csv").read_bytes().count(b"\r") == 0
    assert new[1] == f"{HOSTILE};{demo.HOME_CARE};{demo.HOME_CARE_NEW};;"
    assert new[2] == f"@SUM(1);{demo.RENAMED};;Medicinske Sygdomme;"
    assert new[4] == f"æøå;{demo.DOCTOR};;;{demo.NEW_PROVIDER}"
    again = json.loads(good(nights, "reconcile", "list.fixed.csv", "--format", "json"))
    assert [row["verdict"] for row in again["rows"]] == [
        "current",
        "current",
        "removed",
        "current",
        "closing",
        "current",
    ]
    assert called(nights, "reconcile", "-", "--fix").exit == 2


def test_cron_learns_by_the_exit_code(nights: Path) -> None:
    assert called(nights, "reconcile", "list.csv", "--exit-code").exit == 1
    (nights / "true.csv").write_text(f"SOR\n{demo.CLINIC}\n")
    assert called(nights, "reconcile", "true.csv", "--exit-code").exit == 0


def test_a_long_list_is_cut_for_people_alone(nights: Path) -> None:
    lines = "SOR\n" + f"{demo.REMOVED}\n" * 30
    (nights / "long.csv").write_text(lines)
    text = good(nights, "reconcile", "long.csv", "--lang", "en")
    assert text.count("  line ") == 20
    assert "and 10 more lines" in text
    assert good(nights, "reconcile", "long.csv", "--limit", "2").count("  line ") == 2
    assert len(judged(nights, lines)["rows"]) == 30
