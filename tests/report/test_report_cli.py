"""`sordiff report` as people and programs call it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import called, good
from tests.cli.practice import (
    CLINIC,
    DOCTOR,
    GLN,
    MONDAY,
    OWNER,
    SECOND,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    clinic,
    doctor,
    night,
    practice,
    second,
)
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.trees import owner

if TYPE_CHECKING:
    from pathlib import Path

FRIDAY = "2024-03-08"


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Renamed on Tuesday, nothing on Wednesday, renamed again on Thursday, and another owner."""
    folder = tmp_path_factory.mktemp("week")
    nights = [
        night(folder, MONDAY, practice()),
        night(folder, TUESDAY, practice(name="Lægerne ApS")),
        night(folder, WEDNESDAY, practice(name="Lægerne ApS")),
        night(folder, THURSDAY, practice(name="Lægerne A/S"), second()),
    ]
    good(folder, "ingest", *nights, "--accept", "--reason", "told")
    return folder


def told(folder: Path, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good(folder, "report", "--format", "json", *words))
    return found


def types(report: dict[str, Any]) -> list[str]:
    return [change["type"] for change in report["changes"]]


def test_the_last_run_is_told_unless_asked_otherwise(week: Path) -> None:
    assert told(week)["headline"]["runs"] == [4]
    assert told(week, "--run", "2")["headline"]["until"] == TUESDAY
    assert told(week, "--date", TUESDAY)["headline"]["runs"] == [2]


def test_a_period_is_folded_unless_asked_otherwise(week: Path) -> None:
    (found,) = [c for c in told(week, "--since", TUESDAY)["changes"] if c["type"] == "unit.renamed"]
    assert (found["before"], found["after"], found["steps"]) == ("Lægerne I/S", "Lægerne A/S", 2)
    assert types(told(week, "--since", TUESDAY, "--unfolded")).count("unit.renamed") == 2
    assert told(week, "--until", WEDNESDAY)["headline"]["runs"] == [2, 3]


def test_a_baseline_says_that_it_is_one(week: Path) -> None:
    said = good(week, "report", "--run", "1", "--lang", "en")
    assert "The baseline: changes are shown from the next snapshot on." in said


def test_if_any_says_nothing_where_nothing_happened(week: Path) -> None:
    assert good(week, "report", "--if-any", "--date", WEDNESDAY, "--type", "unit.moved") == ""
    assert good(week, "report", "--if-any", "--date", WEDNESDAY, "--unit", DOCTOR) == ""
    assert good(week, "report", "--if-any", "--date", "2020-01-01") == ""
    assert good(week, "report", "--if-any", "--date", TUESDAY) != ""


def test_an_alert_is_something(week: Path) -> None:
    assert "nothing at all changed" in good(
        week, "report", "--if-any", "--date", WEDNESDAY, "--lang", "en"
    )


def test_type_subtree_unit_and_number_choose(week: Path) -> None:
    assert types(told(week, "--type", "unit.renamed")) == ["unit.renamed"]
    assert types(told(week, "--type", "sordiff.unit.renamed.v1")) == ["unit.renamed"]
    assert types(told(week, "--under", OWNER)) == ["unit.renamed"]
    assert types(told(week, "--under", CLINIC)) == []
    assert types(told(week, "--unit", SECOND)) == ["unit.created"]
    assert told(week, "--unit", SECOND)["headline"]["elsewhere"] == 1
    assert types(told(week, "--number", GLN)) == []


def test_a_moved_unit_belongs_to_where_it_was_and_where_it_is(tmp_path: Path) -> None:
    nights = [
        night(tmp_path, MONDAY, practice(clinic(doctor())), owner(7011, "Kattegat", codes.PRIVAT)),
        night(
            tmp_path,
            TUESDAY,
            owner(7001, "Lægerne I/S", codes.PRIVAT),
            owner(7011, "Kattegat", codes.PRIVAT, clinic(doctor())),
        ),
    ]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    assert "unit.moved" in types(told(tmp_path, "--under", OWNER))
    assert "unit.moved" in types(told(tmp_path, "--under", SECOND))
    assert "unit.moved" not in types(told(tmp_path, "--under", DOCTOR))


def test_a_limit_shortens_lists_and_no_counts(tmp_path: Path) -> None:
    nights = [
        night(tmp_path, MONDAY, practice(), second()),
        night(
            tmp_path, TUESDAY, practice(clinic(doctor("Dr. A"), name="B"), name="C"), second("D")
        ),
    ]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    whole, short = told(tmp_path), told(tmp_path, "--limit", "1")
    assert whole["headline"]["counts"] == short["headline"]["counts"] == {"unit.renamed": 4}
    (section,) = short["sections"]
    assert (section["count"], len(section["single"])) == (4, 1)
    assert len(short["changes"]) == 1
    assert "… and 3 more" in good(tmp_path, "report", "--limit", "1", "--lang", "en")
    assert set(short["units"]) < set(whole["units"])


def test_a_held_run_can_be_told_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[alarms.counts]\n'unit.created' = {count = 0}\n")
    nights = [night(tmp_path, MONDAY, practice()), night(tmp_path, TUESDAY, practice(), second())]
    done = called(tmp_path, "ingest", *nights)
    assert done.exit == 3, done
    said = good(tmp_path, "report", "--lang", "da")
    assert "TILBAGEHOLDT" in said
    assert "Kattegat Lægehuse A/S" in said
    report = told(tmp_path, "--run", "2")
    assert report["headline"]["state"] == "held"
    assert report["units"][SECOND]["name"] == "Kattegat Lægehuse A/S"
    assert report["alerts"]
    assert told(tmp_path, "--since", MONDAY)["headline"]["runs"] == [1]


def test_units_of_an_older_night_stand_as_they_stood(week: Path) -> None:
    report = told(week, "--date", TUESDAY)
    assert report["units"][OWNER]["name"] == "Lægerne ApS"
    assert report["calendar"]["whole"] is False
    assert told(week)["units"][OWNER]["name"] == "Lægerne A/S"
    assert told(week)["calendar"]["whole"] is True


def test_what_is_gone_is_named_as_it_last_stood(tmp_path: Path) -> None:
    nights = [
        night(tmp_path, MONDAY, practice(), second()),
        night(tmp_path, TUESDAY, practice()),
        night(tmp_path, WEDNESDAY, practice(name="Andet")),
    ]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    for words in (("--date", TUESDAY), ("--since", TUESDAY)):
        entry = told(tmp_path, *words)["units"][SECOND]
        assert (entry["name"], entry["gone"]) == ("Kattegat Lægehuse A/S", True)


def test_closings_to_come_are_in_the_calendar(tmp_path: Path) -> None:
    nights = [
        night(tmp_path, MONDAY, practice()),
        night(tmp_path, TUESDAY, practice(clinic(doctor(to="2024-04-30")))),
        night(tmp_path, WEDNESDAY, practice(clinic(doctor(to="2024-04-30"), name="Ny"))),
    ]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    (day,) = told(tmp_path)["calendar"]["days"]
    assert (day["day"], day["units"], day["scheduled"]) == ("2024-04-30", [DOCTOR], [])
    (day,) = told(tmp_path, "--date", TUESDAY)["calendar"]["days"]
    assert day["scheduled"] == [DOCTOR]
    assert "30. april 2024" in good(tmp_path, "report", "--lang", "da")


def test_the_language_is_that_of_the_locale(week: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    assert "Renamed" in good(week, "report")
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    assert "Omdøbt" in good(week, "report")
    assert "Renamed" in good(week, "report", "--lang", "en")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "Renamed" in good(week, "report")


def test_a_file_is_written_whole_in_place_of_what_was_there(week: Path) -> None:
    for form in ("text", "markdown", "html", "json", "csv"):
        path = week / f"report.{form}"
        path.write_text("old")
        assert good(week, "report", "--format", form, "-o", path) == ""
        assert path.read_bytes() == good(week, "report", "--format", form).encode()
    assert not [path for path in week.iterdir() if path.name.endswith(".new")]
    done = called(week, "report", "-o", week / "none" / "x")
    assert done.exit == 2
    assert "could not be written" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--run", "99"),
        ("--date", "2020-01-01"),
        ("--since", "2030-01-01"),
        ("--date", "yesterday"),
        ("--type", "unit.exploded"),
        ("--run", "1", "--date", TUESDAY),
        ("--date", TUESDAY, "--until", TUESDAY),
        ("--db", "none.db"),
    ],
)
def test_what_can_not_be_told_is_a_sentence(week: Path, words: tuple[str, ...]) -> None:
    done = called(week, "report", *words)
    assert (done.exit, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr


HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(http://x)",
    "+45 a|b `c` *d* [e](f)",
    "@SUM(A1)",
    "# x",
    "\u009b31m\u202ex",
    "Ø" * 60,
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    below = [doctor(name=name) for name in HOSTILE]
    for number, one in enumerate(below):
        one.sor_id = str(8_000_000 + number)
    nights = [
        night(folder, MONDAY, practice(clinic(*below))),
        night(
            folder,
            TUESDAY,
            practice(clinic(*[_renamed(one) for one in below], name="=1+1"), name="<b>x</b>"),
        ),
    ]
    good(folder, "ingest", *nights, "--accept", "--reason", "told")
    return folder


def _renamed(one: Any) -> Any:
    from copy import copy

    new = copy(one)
    new.name = f"{one.name} ny"
    return new


def test_names_from_outside_are_harmless_in_text_and_markdown(hostile: Path) -> None:
    text = good(hostile, "report", "--limit", "99")
    markdown = good(hostile, "report", "--format", "markdown", "--limit", "99")
    for said in (text, markdown):
        assert not set(said) & {"\x9b", "\u202e", "\x1b"}
        assert "⟨U+009B⟩" in said
        assert "Ø" * 60 in said
    assert "<script>" in text
    assert "<" not in markdown.replace("&lt;", "")
    assert "\\`c\\`" in markdown
    assert "a\\|b" in markdown
    assert "\\[e\\]" in markdown


def test_names_from_outside_are_no_formulas(hostile: Path) -> None:
    text = good(hostile, "report", "--format", "csv")
    assert text.startswith("\ufeffday;run;")
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    for row in rows[1:]:
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "＝"))
            assert not cell.startswith("\t") or cell[1:].isdigit()
            assert not set(cell) & {"\x9b", "\u202e"}
    assert "'=HYPERLINK(http://x)" in {cell for row in rows for cell in row}


def test_names_from_outside_are_only_text_in_json_and_html(hostile: Path) -> None:
    report = good(hostile, "report", "--format", "json")
    assert not set(report) & {"\x9b", "\u202e"}
    assert HOSTILE[5] in {
        entry.get("name", "")[:-3] for entry in json.loads(report)["units"].values()
    }
    page = good(hostile, "report", "--format", "html")
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_a_run_of_an_earlier_night_is_no_news(week: Path) -> None:
    mail = ("report", "--if-any", "--format", "mail", "--to", "sor@example.org")
    assert good(week, *mail, "--max-age", "20").startswith("To: sor@example.org")
    assert good(week, *mail, "--max-age", "0") == ""
    refused = called(week, "report", "--format", "mail", "--to", "a@b\nBcc: c@d")
    assert (refused.exit, refused.stdout) == (2, "")
