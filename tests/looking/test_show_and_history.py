"""`sordiff show` and `sordiff history` as their users call them."""

from __future__ import annotations

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
    clinic,
    doctor,
    night,
    practice,
    second,
    types,
)
from tests.making.plain import PlainContact, valid_gln
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.trees import number

if TYPE_CHECKING:
    from pathlib import Path

NEVER = valid_gln(999)
HOSTILE = '<b>|`=1+1\u009b31m\u202e"' + "Ø" * 40


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Monday and Tuesday are recorded, Wednesday is missing, and on Thursday much has happened.

    Tuesday: the type's text changes and the second owner comes. Thursday: the clinic moves to it with another number,
    the doctor is renamed, the first owner is removed.
    """
    folder = tmp_path_factory.mktemp("told")
    moved = clinic(doctor("Læge Jens"), location_number=number(712, "1084"))
    names = [
        night(folder, MONDAY, lists=[types("lægepraksis")]),
        night(folder, TUESDAY, practice(), second(), lists=[types()]),
        night(folder, THURSDAY, second_with(moved), lists=[types()]),
    ]
    good(folder, "ingest", *names, "--accept", "--reason", "x")
    return folder


def second_with(*below: Any) -> Any:
    owner = second()
    owner.children = list(below)
    owner.contact = PlainContact(email="second@example.dk")
    return owner


def shown(folder: Path, *arguments: str) -> Any:
    return json.loads(good(folder, "show", *arguments, "--format", "json"))


def test_a_unit_today(told: Path) -> None:
    found = shown(told, DOCTOR)
    assert found["about"] == "unit"
    assert found["answering"] == {"asked": None, "day": THURSDAY, "run": 3, "newest": True}
    state = found["state"]
    assert state["unit"]["name"] == "Læge Jens"
    assert [step["id"] for step in state["path"]] == [SECOND, CLINIC, DOCTOR]
    assert state["effective_location_number"] == {
        "number": valid_gln(712),
        "from_unit": CLINIC,
        "open": True,
    }
    assert state["contact"]["from_unit"] == SECOND


def test_a_unit_on_an_earlier_day(told: Path) -> None:
    found = shown(told, DOCTOR, "--as-of", TUESDAY)["state"]
    assert found["unit"]["name"] == "Læge Karen Bjerregaard"
    assert [step["id"] for step in found["path"]] == [OWNER, CLINIC, DOCTOR]
    assert found["effective_location_number"]["number"] == GLN
    assert shown(told, OWNER, "--as-of", TUESDAY)["children"] == {"units": 1, "open": 1}


def test_texts_of_codes_are_those_of_the_day(told: Path) -> None:
    texts = [
        shown(told, CLINIC, "--as-of", day)["state"]["unit_type"]["text"]
        for day in (MONDAY, TUESDAY)
    ]
    assert texts == ["lægepraksis", "almen lægepraksis"]


def test_a_missing_night_is_answered_by_the_one_before(told: Path) -> None:
    found = shown(told, DOCTOR, "--as-of", "2024-03-06")
    assert found["answering"] == {"asked": "2024-03-06", "day": TUESDAY, "run": 2, "newest": False}
    text = good(told, "show", DOCTOR, "--as-of", "2024-03-06", "--lang", "en")
    assert "6 March 2024 is not recorded" in text
    assert "5 March 2024 (run 2)" in text


def test_a_day_before_the_first_snapshot_is_refused(told: Path) -> None:
    done = called(told, "show", DOCTOR, "--as-of", "2024-03-03")
    assert (done.exit, done.stdout) == (2, "")
    assert "begins with 2024-03-04" in done.stderr


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", "2024-3-1", ""])
def test_what_is_no_day_is_a_usage_error(told: Path, day: str) -> None:
    done = called(told, "show", DOCTOR, "--as-of", day)
    assert (done.exit, done.stdout) == (2, "")
    assert "unexpected" not in done.stderr


def test_a_removed_unit_says_when_and_is_shown_as_it_was(told: Path) -> None:
    found = shown(told, OWNER)
    assert (found["about"], found["why"]) == ("absence", "removed")
    assert found["since"] == {"day": THURSDAY, "run": 3}
    assert found["last"] == {"day": TUESDAY, "run": 2}
    text = good(told, "show", OWNER, "--lang", "da")
    assert "fjernet: udtrækket fra 7. marts 2024 (kørsel 3)" in text
    hint = text.splitlines()[-1].partition("sordiff ")[2].split()
    assert "Lægerne I/S" in good(told, *hint)


def test_a_unit_that_is_still_to_come_says_so(told: Path) -> None:
    found = shown(told, SECOND, "--as-of", MONDAY)
    assert (found["why"], found["since"]) == ("not_yet", {"day": TUESDAY, "run": 2})
    assert "was not there yet" in good(told, "show", SECOND, "--as-of", MONDAY, "--lang", "en")


def test_a_number_and_who_had_it(told: Path) -> None:
    before = shown(told, GLN, "--as-of", TUESDAY)
    assert [owner["id"] for owner in before["state"]["owners"]] == [CLINIC]
    assert before["state"]["heirs"] == 2
    assert before["former"] == []
    now = shown(told, GLN)
    assert now["state"]["owners"] == []
    [former] = now["former"]
    assert (former["id"], former["since"]["day"], former["released"]["day"]) == (
        CLINIC,
        MONDAY,
        THURSDAY,
    )
    text = good(told, "show", GLN, "--lang", "en")
    assert "no unit has it" in text
    assert "from 4 March 2024 until 7 March 2024" in text


@pytest.mark.parametrize("command", ["show", "history"])
@pytest.mark.parametrize("subject", [NEVER, "nobody", "\u009b31m", "EntityType/1"])
def test_what_nobody_ever_was_is_a_failure(told: Path, command: str, subject: str) -> None:
    done = called(told, command, subject)
    assert (done.exit, done.stdout) == (2, "")
    assert "No recorded night" in done.stderr
    assert "\u009b" not in done.stderr


@pytest.mark.parametrize("command", ["show", "history"])
def test_looking_never_creates_a_changelog(tmp_path: Path, command: str) -> None:
    done = called(tmp_path, command, DOCTOR)
    assert (done.exit, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []


def lived(folder: Path, subject: str) -> list[tuple[int, str]]:
    life = json.loads(good(folder, "history", subject, "--format", "json"))
    return [
        (entry["run"], entry["change"]["type"] if "change" in entry else entry["beside"])
        for entry in life["entries"]
    ]


def test_the_life_of_a_unit(told: Path) -> None:
    assert lived(told, CLINIC) == [
        (1, "baseline"),
        (3, "unit.moved"),
        (3, "location_number.released"),
        (3, "location_number.assigned"),
        (3, "unit.effective_location_number_changed"),
    ]
    assert lived(told, OWNER) == [(1, "baseline"), (3, "unit.removed")]
    assert lived(told, SECOND)[0] == (2, "unit.created")


def test_the_life_of_a_number(told: Path) -> None:
    assert lived(told, GLN) == [(1, "baseline"), (3, "location_number.released")]
    assert lived(told, valid_gln(712)) == [(3, "location_number.assigned")]


def test_a_life_as_a_table_in_both_languages(told: Path) -> None:
    danish = good(told, "history", DOCTOR, "--lang", "da").splitlines()
    assert danish[0] == f"Historik for Læge Jens ({DOCTOR})"
    assert [line.split("  ")[0] for line in danish[2:4]] == ["4. marts 2024", "7. marts 2024"]
    english = good(told, "history", DOCTOR, "--lang", "en")
    assert "Læge Karen Bjerregaard → Læge Jens" in english
    assert "In the first snapshot" in english


def test_a_rebaseline_is_told_though_it_has_no_events(tmp_path: Path) -> None:
    renamed = practice(clinic(doctor("Læge Jens"), location_number=number(712, "1084")))
    names = [night(tmp_path, MONDAY), night(tmp_path, TUESDAY, renamed, second())]
    good(tmp_path, "ingest", names[0])
    good(tmp_path, "ingest", names[1], "--rebaseline", "--reason", "x")
    assert lived(tmp_path, DOCTOR) == [(1, "baseline"), (2, "taken_over")]
    text = good(tmp_path, "history", DOCTOR, "--lang", "en")
    assert "name: Læge Karen Bjerregaard → Læge Jens" in text
    assert lived(tmp_path, SECOND) == [(2, "taken_over")]
    assert "new, named Kattegat" in good(tmp_path, "history", SECOND, "--lang", "en")
    assert lived(tmp_path, GLN) == [(1, "baseline"), (2, "taken_over")]
    assert "no longer on" in good(tmp_path, "history", GLN, "--lang", "en")
    assert "Læge Karen" in good(tmp_path, "show", DOCTOR, "--as-of", MONDAY)


def test_names_from_outside_do_no_harm(tmp_path: Path) -> None:
    one = practice(clinic(doctor(HOSTILE), name=HOSTILE), name=HOSTILE)
    other = practice(clinic(doctor(f"{HOSTILE}2"), name=HOSTILE), name=f"{HOSTILE}3")
    other.contact = PlainContact(email=HOSTILE)
    names = night(tmp_path, MONDAY, one), night(tmp_path, TUESDAY, other)
    good(tmp_path, "ingest", *names)
    for command in ("show", "history"):
        for subject in (DOCTOR, OWNER, GLN):
            for form in ("text", "json"):
                said = good(tmp_path, command, subject, "--format", form)
                assert not {"\u009b", "\u202e"} & set(said)
                assert "Ø" * 40 in said or subject == GLN
    assert codes.PRIVAT


def test_only_what_was_accepted_is_part_of_a_life(tmp_path: Path) -> None:
    """Tuesday is held and superseded, Wednesday held and rejected, Thursday held and released."""
    (tmp_path / "sordiff.toml").write_text('[alarms.counts]\n"unit.renamed" = 0\n')

    def named(day: str, name: str) -> str:
        return night(
            tmp_path, day, practice(clinic(doctor(name), location_number=number(712, "1")))
        )

    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    for day, name in ((TUESDAY, "Held"), ("2024-03-06", "Rejected")):
        assert called(tmp_path, "ingest", named(day, name)).exit == 3
    good(tmp_path, "reject", "3", "--reason", "x")
    assert called(tmp_path, "ingest", named(THURSDAY, "Released")).exit == 3
    assert shown(tmp_path, DOCTOR)["answering"]["run"] == 1
    good(tmp_path, "release", "4", "--reason", "x")
    assert lived(tmp_path, DOCTOR) == [
        (1, "baseline"),
        (4, "unit.renamed"),
        (4, "unit.effective_location_number_changed"),
    ]
    assert [run for run, _ in lived(tmp_path, GLN)] == [1, 4]
    now, before = (shown(tmp_path, DOCTOR, "--as-of", day) for day in (THURSDAY, "2024-03-06"))
    assert (now["state"]["unit"]["name"], now["answering"]["run"]) == ("Released", 4)
    assert before["state"]["unit"]["name"] == "Læge Karen Bjerregaard"
    assert before["answering"] == {"asked": "2024-03-06", "day": MONDAY, "run": 1, "newest": False}
    assert before["state"]["effective_location_number"]["number"] == GLN
