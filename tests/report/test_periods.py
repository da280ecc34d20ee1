"""`sordiff report` over several nights: what is left of them, what is said beside, and of which days."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import called, good
from tests.cli.practice import (
    CLINIC,
    GLN,
    MONDAY,
    OWNER,
    REGION,
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
from tests.making.plain import valid_sor_id
from tests.report.test_report_cli import told, types
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.trees import number, owner

if TYPE_CHECKING:
    from pathlib import Path

SATURDAY = "2024-03-02"
OTHERS = [valid_sor_id(7100 + n) for n in range(4)]
ACCEPTED = ("--accept", "--reason", "told")


def others(**said: Any) -> list[Any]:
    """Four owners alike, enough for a group."""
    made = [second(f"Klinik {n}", **said) for n in range(4)]
    for one, sor_id in zip(made, OTHERS, strict=True):
        one.sor_id = sor_id
    return made


def recorded(folder: Path, *nights: str) -> Path:
    good(folder, "ingest", *nights, *ACCEPTED)
    return folder


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four units come on Tuesday, close on Wednesday, and are removed on Thursday."""
    folder = tmp_path_factory.mktemp("gone")
    return recorded(
        folder,
        night(folder, MONDAY, practice()),
        night(folder, TUESDAY, practice(), *others()),
        night(folder, WEDNESDAY, practice(), *others(to=TUESDAY)),
        night(folder, THURSDAY, practice()),
    )


def counts(report: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = report["headline"]["counts"]
    return found


def test_what_closed_in_the_period_is_told_as_closed_though_removed_since(gone: Path) -> None:
    report = told(gone, "--since", WEDNESDAY)
    assert counts(report) == {"unit.closed": 4}
    assert {tuple(change["notes"]) for change in report["changes"]} == {("removed_later",)}
    said = good(gone, "report", "--since", WEDNESDAY, "--lang", "da")
    assert "−4 lukket (4 siden fjernet)" in said
    assert "fjernet fra registeret senere i perioden" in said
    assert "oprydning" not in said


def test_a_removal_of_what_was_closed_at_the_start_is_a_purge(gone: Path) -> None:
    report = told(gone, "--since", THURSDAY)
    assert counts(report) == {"unit.removed": 4}
    assert "oprydning" in good(gone, "report", "--since", THURSDAY, "--lang", "da")


@pytest.mark.parametrize("kind", ["unit.created", "unit.closed", "unit.removed"])
def test_a_type_is_found_in_a_period_whatever_happened_later(gone: Path, kind: str) -> None:
    report = told(gone, "--since", TUESDAY, "--type", kind)
    assert counts(report) == {kind: 4}
    assert report["headline"]["elsewhere"] == 4
    unfolded = told(gone, "--since", TUESDAY, "--type", kind, "--unfolded")
    assert counts(unfolded) == {kind: 4}
    assert unfolded["headline"]["elsewhere"] == 8


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_created_and_removed_again_is_said_by_group_and_headline(gone: Path, form: str) -> None:
    said = good(gone, "report", "--since", TUESDAY, "--lang", "en", "--format", form)
    assert "created (4 removed again)" in said.replace("\\", "")
    assert ", and removed again within the period" in " ".join(said.split())
    assert told(gone, "--since", TUESDAY)["headline"]["noted"] == {
        "unit.created": {"removed_again": 4}
    }


def test_what_stayed_and_what_did_not_are_two_groups(tmp_path: Path) -> None:
    stayed = [second(f"Blivende {n}") for n in range(3)]
    for place, one in enumerate(stayed):
        one.sor_id = valid_sor_id(7200 + place)
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice()),
        night(tmp_path, TUESDAY, practice(), *others(), *stayed),
        night(tmp_path, WEDNESDAY, practice(), *stayed),
    )
    groups = told(tmp_path, "--since", TUESDAY)["groups"]
    assert [(group["count"], group["parameters"].get("notes")) for group in groups] == [
        (4, "removed_again"),
        (3, None),
    ]


def vanished(folder: Path, **after: Any) -> Path:
    """The practice with all below it is away on Tuesday; on Wednesday it is back."""
    return recorded(
        folder,
        night(folder, MONDAY, practice(), second()),
        night(folder, TUESDAY, second()),
        night(folder, WEDNESDAY, practice(**after), second()),
    )


def test_what_vanished_and_came_back_the_same_is_only_counted(tmp_path: Path) -> None:
    report = told(vanished(tmp_path), "--since", TUESDAY)
    assert counts(report) == {}
    # Three units, and their location number.
    assert report["headline"]["undone"] == 4
    said = good(tmp_path, "report", "--since", TUESDAY, "--lang", "da")
    assert "genoprettet" not in said.split("De seneste")[0]
    assert "ingen ændringer\n" not in said
    assert good(tmp_path, "report", "--since", TUESDAY, "--if-any") != ""


def test_what_came_back_different_is_told_by_what_differs(tmp_path: Path) -> None:
    report = told(vanished(tmp_path, name="Lægerne ApS"), "--since", TUESDAY)
    assert counts(report) == {"unit.renamed": 1}
    (change,) = report["changes"]
    assert (change["before"], change["after"]) == ("Lægerne I/S", "Lægerne ApS")
    assert change["notes"] == ["gone_between"]
    assert "var væk undervejs" in good(tmp_path, "report", "--since", TUESDAY, "--lang", "da")


def test_what_came_back_elsewhere_is_told_as_moved(tmp_path: Path) -> None:
    bare = owner(7001, "Lægerne I/S", codes.PRIVAT)
    taken = owner(7011, "Kattegat", codes.PRIVAT, clinic(doctor(provider_number="1")))
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice(clinic(doctor())), owner(7011, "Kattegat", codes.PRIVAT)),
        night(tmp_path, TUESDAY, bare, owner(7011, "Kattegat", codes.PRIVAT)),
        night(tmp_path, WEDNESDAY, bare, taken),
    )
    moved, changed = told(tmp_path, "--since", TUESDAY)["changes"]
    assert (moved["type"], moved["before"], moved["after"]) == ("unit.moved", [OWNER], [SECOND])
    assert (changed["type"], changed["before"], changed["after"]) == (
        "unit.provider_number_changed",
        "019062",
        "1",
    )


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs 3 and 4 are held; 4 takes the place of 3 and waits."""
    folder = tmp_path_factory.mktemp("held")
    (folder / "sordiff.toml").write_text("[alarms.counts]\n'unit.created' = {count = 0}\n")
    good(
        folder,
        "ingest",
        night(folder, MONDAY, practice()),
        night(folder, TUESDAY, practice(name="Ny")),
    )
    for day in (WEDNESDAY, THURSDAY):
        done = called(folder, "ingest", night(folder, day, practice(name=f"Ny {day}"), second()))
        assert done.exit == 3, done
    return folder


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_period_says_that_a_run_in_it_is_held_and_how_to_decide(held: Path, form: str) -> None:
    said = good(held, "report", "--since", TUESDAY, "--lang", "en", "--format", form)
    flat = " ".join(said.split())
    assert "Run 4 (7 March 2024) is HELD" in flat
    assert "sordiff release 4 --reason …" in flat
    assert "sordiff reject 4 --reason …" in flat
    assert "Run 3 (6 March 2024) was held; a later snapshot has taken its place" in flat
    assert "no alerts" not in flat
    assert "7 March 2024:" in flat


def test_the_runs_of_a_period_that_moved_nothing_are_in_the_json(held: Path) -> None:
    report = told(held, "--since", TUESDAY)
    head = report["headline"]
    assert head["runs"] == [2]
    assert [(run["run"], run["state"]) for run in head["held_runs"]] == [
        (3, "superseded"),
        (4, "held"),
    ]
    assert {alert["run"] for alert in report["alerts"]} == {3, 4}


def test_the_report_of_a_held_run_says_how_to_decide(held: Path) -> None:
    for words in ((), ("--run", "4")):
        flat = " ".join(good(held, "report", "--lang", "da", *words).split())
        assert "sordiff release 4 --reason …" in flat
        assert "sordiff reject 4 --reason …" in flat


@pytest.mark.parametrize("columns", ["40", "44", "52", "60"])
def test_no_command_of_a_report_is_broken_by_a_narrow_screen(
    held: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = good(held, "report", "--lang", "da").splitlines()
    for way in ("release", "reject"):
        assert any(f"sordiff {way} 4 --reason …" in line for line in lines)


@pytest.mark.parametrize("words", [("--date", THURSDAY), ("--since", WEDNESDAY)])
def test_days_of_a_held_run_alone_name_it(held: Path, words: tuple[str, ...]) -> None:
    for also in ((), ("--if-any",)):
        done = called(held, "report", *words, *also)
        assert (done.exit, done.stdout) == (2, "")
        assert "run 4" in done.stderr
        assert "`sordiff report --run 4`" in done.stderr
        assert "`sordiff release 4 --reason …`" in done.stderr


def test_days_of_a_superseded_run_alone_name_it(held: Path) -> None:
    done = called(held, "report", "--date", WEDNESDAY)
    assert done.exit == 2
    assert "was superseded" in done.stderr
    assert "release" not in done.stderr


def test_each_run_that_was_decided_says_which_and_why(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[alarms.counts]\n'unit.created' = {count = 0}\n")
    good(tmp_path, "ingest", night(tmp_path, MONDAY, practice()))
    assert called(tmp_path, "ingest", night(tmp_path, TUESDAY, second(), practice())).exit == 3
    good(tmp_path, "release", "2", "--reason", "a new owner")
    third = doctor("Nr. 3")
    third.sor_id = valid_sor_id(7300)
    after = night(tmp_path, WEDNESDAY, second(), practice(clinic(doctor(), third)))
    assert called(tmp_path, "ingest", after).exit == 3
    good(tmp_path, "reject", "3", "--reason", "a mistake")
    good(tmp_path, "ingest", night(tmp_path, THURSDAY, second(name="Ny"), practice()))
    said = " ".join(good(tmp_path, "report", "--since", MONDAY, "--lang", "en").split())
    assert "Run 2 (5 March 2024) was held and has been released: a new owner" in said
    assert "Run 3 (6 March 2024) is REJECTED: a mistake" in said
    assert "runs 2, 4 ·" in said


def test_the_baseline_is_where_a_period_begins(tmp_path: Path) -> None:
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice(clinic(doctor(), provider_number="019062"))),
        night(tmp_path, TUESDAY, practice(), second()),
        night(tmp_path, WEDNESDAY, practice(name="Ny"), second()),
    )
    at_the_baseline, after = told(tmp_path, "--since", SATURDAY), told(tmp_path, "--since", TUESDAY)
    head = at_the_baseline["headline"]
    assert (head["since"], head["nights"], head["runs"]) == (MONDAY, 2, [2, 3])
    assert (head["units_before"], head["units"]) == (3, 4)
    for report in (at_the_baseline, after):
        report["asked"] = None
    assert at_the_baseline == after
    (kind,) = [k for k in after["quality"]["kinds"] if k["code"] == "provider_number.shared"]
    assert kind["counts"]["resolved"] == 1
    assert told(tmp_path, "--since", SATURDAY, "--until", MONDAY)["headline"]["kind"] == "baseline"


def test_a_change_of_version_is_said_from_the_baseline_on(tmp_path: Path) -> None:
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice(), version=1),
        night(tmp_path, TUESDAY, practice()),
    )
    assert told(tmp_path, "--since", SATURDAY)["headline"]["version_change"] is not None


def test_the_calendar_is_the_same_folded_or_not(tmp_path: Path) -> None:
    until = {"to": "2024-04-30"}
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice(), second()),
        night(tmp_path, TUESDAY, practice(clinic(doctor(**until))), second(**until)),
        night(tmp_path, WEDNESDAY, practice(), second(**until)),
    )
    calendars = [
        told(tmp_path, "--since", TUESDAY, *words)["calendar"]
        for words in ((), ("--unfolded",), ("--type", "unit.closure_scheduled"))
    ]
    (day,) = calendars[0]["days"]
    assert (day["units"], day["scheduled"]) == ([SECOND], [SECOND])
    assert calendars[0] == calendars[1] == calendars[2]


UNKNOWN = [
    ("--unit", "999"),
    ("--under", "999"),
    ("--number", "abc"),
    ("--under", GLN),
    ("--unit", GLN),
    ("--number", OWNER),
]


@pytest.mark.parametrize("words", UNKNOWN)
def test_an_id_that_never_was_is_refused_also_with_if_any(
    gone: Path, words: tuple[str, str]
) -> None:
    for also in ((), ("--if-any",), ("--if-any", "--date", "2020-01-01"), ("--since", MONDAY)):
        done = called(gone, "report", *words, *also)
        assert (done.exit, done.stdout) == (2, "")
        assert (
            f"No accepted snapshot had a {'location number' if words[0] == '--number' else 'unit'}"
            in done.stderr
        )
        assert words[1] in done.stderr


def test_an_id_that_once_was_is_none_of_these(gone: Path) -> None:
    assert good(gone, "report", "--if-any", "--unit", OTHERS[0], "--date", TUESDAY) != ""
    assert told(gone, "--unit", CLINIC)["changes"] == []


def test_an_id_that_a_held_run_alone_has_is_told_with_it(held: Path) -> None:
    assert types(told(held, "--run", "4", "--unit", SECOND)) == ["unit.created"]
    assert called(held, "report", "--since", TUESDAY, "--unit", SECOND).exit == 2


def test_the_last_nights_are_of_what_was_asked_for_or_left_out_in_so_many_words(
    gone: Path,
) -> None:
    nights = told(gone, "--type", "unit.closed")["nights"]
    assert [night["counts"] for night in nights] == [{}, {}, {"unit.closed": 4}, {}]
    for words in (("--under", OWNER), ("--unit", OWNER), ("--number", GLN)):
        assert told(gone, *words)["nights"] == []
        for form in ("text", "html"):
            said = good(gone, "report", *words, "--lang", "en", "--format", form)
            assert "is of the whole register, and is left out here" in said
    assert "left out here" not in good(gone, "report", "--lang", "en")


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_alerts_of_several_nights_have_a_day(tmp_path: Path, form: str) -> None:
    days = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice()),
        night(tmp_path, TUESDAY, practice(name="Ny")),
        *(night(tmp_path, day, practice(name="Ny")) for day in days[2:]),
    )
    said = good(tmp_path, "report", "--since", TUESDAY, "--lang", "en", "--format", form)
    for day in ("6 March 2024", "7 March 2024"):
        assert f"Warning, {day}:" in said
    assert "Warning:" in good(tmp_path, "report", "--lang", "en", "--format", form)


def test_a_unit_that_opened_in_the_period_it_came_in_does_not_open_still(tmp_path: Path) -> None:
    opening = {"first_from": WEDNESDAY}
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice()),
        night(tmp_path, TUESDAY, practice(), second(**opening)),
        night(tmp_path, WEDNESDAY, practice(), second(**opening)),
    )
    said = good(tmp_path, "report", "--since", TUESDAY, "--lang", "da")
    assert "åbnet 6. marts 2024" in said
    assert "åbner" not in said
    assert "trin" not in said
    assert "2 hændelser, samlet til 1 ændring." in said
    assert "åbner 6. marts 2024" in good(tmp_path, "report", "--date", TUESDAY, "--lang", "da")


def test_a_limit_shortens_the_examples_of_groups_too(gone: Path) -> None:
    for limit, shown in ((0, 0), (1, 1), (2, 2), (3, 3), (20, 3)):
        words = ("--date", TUESDAY, "--limit", str(limit))
        (group,) = told(gone, *words)["groups"]
        assert (group["count"], len(group["examples"])) == (4, shown)
        said = good(gone, "report", *words, "--lang", "en")
        assert f"… and {4 - shown} more" in said


def test_a_table_says_what_became_of_a_number_that_closed(tmp_path: Path) -> None:
    closing = practice(clinic(doctor(), location_number=number(711, REGION, to=TUESDAY)))
    recorded(
        tmp_path,
        night(tmp_path, MONDAY, practice()),
        *(night(tmp_path, day, closing) for day in (TUESDAY, WEDNESDAY)),
        night(tmp_path, THURSDAY, practice()),
    )
    found: dict[str, dict[str, str]] = {}
    for day in (WEDNESDAY, THURSDAY):
        text = good(tmp_path, "report", "--date", day, "--format", "csv").removeprefix("\ufeff")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
        found |= {row["type"]: row for row in rows if row["type"].startswith("location_number")}
    closed = found["location_number.closed"]
    assert (closed["before"], closed["after"]) == ("open", "closed")
    assert closed["details"] == f"to: {TUESDAY}"
    reopened = found["location_number.reopened"]
    assert (reopened["before"], reopened["after"]) == ("closed", "open")
    assert reopened["details"] == f"to: {TUESDAY} → –"
    assert reopened["after_id"].strip() == CLINIC
