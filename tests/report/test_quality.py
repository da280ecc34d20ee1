"""Data quality over time: what is new, what stands, what is resolved."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.findings import find_findings
from sordiff.register import Register
from sordiff.store.changelog import SqliteChangelog
from tests.cli.calling import called, good, rows
from tests.cli.practice import (
    CLINIC,
    DOCTOR,
    MONDAY,
    SECOND,
    TUESDAY,
    WEDNESDAY,
    clinic,
    doctor,
    night,
    practice,
    second,
)
from tests.cli.workplace import Workplace
from tests.making.nights import random_night, random_register
from tests.report.test_report_cli import told

if TYPE_CHECKING:
    from pathlib import Path

SHARED = "provider_number.shared"


def both(number: str | None = "019062") -> Any:
    return practice(clinic(doctor(), provider_number=number))


def counts(report: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {kind["code"]: kind["counts"] for kind in report["quality"]["kinds"]}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Nothing wrong; a provider number on two units; nothing wrong again."""
    nights = [
        night(tmp_path, MONDAY, practice(clinic(doctor()))),
        night(tmp_path, TUESDAY, both()),
        night(tmp_path, WEDNESDAY, both(None)),
    ]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    return tmp_path


def test_a_finding_is_new_then_resolved(three: Path) -> None:
    assert counts(told(three, "--date", TUESDAY))[SHARED] == {
        "new": 1,
        "standing": 0,
        "resolved": 0,
    }
    assert counts(told(three))[SHARED] == {"new": 0, "standing": 0, "resolved": 1}
    assert SHARED not in counts(told(three, "--since", TUESDAY))


def test_a_finding_names_its_units_and_those_with_a_location_number(three: Path) -> None:
    (kind,) = told(three, "--date", TUESDAY)["quality"]["kinds"]
    (line,) = kind["new"]
    assert line["subject"] == "019062"
    assert line["units"] == sorted([CLINIC, DOCTOR]) == line["reached"]
    said = good(three, "report", "--date", TUESDAY, "--lang", "da")
    assert "Ydernummer på flere enheder: 1 ny" in said
    assert "019062 på 2 enheder" in said


def test_a_finding_that_stands_is_counted(tmp_path: Path) -> None:
    nights = [night(tmp_path, MONDAY, both()), night(tmp_path, TUESDAY, both(), second())]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    assert counts(told(tmp_path))[SHARED] == {"new": 0, "standing": 1, "resolved": 0}
    assert counts(told(tmp_path, "--run", "1"))[SHARED]["standing"] == 1
    assert told(tmp_path, "--under", SECOND)["quality"]["kinds"] == []


def test_more_units_under_one_finding_are_the_same_finding(tmp_path: Path) -> None:
    third = doctor("En til")
    third.sor_id = "7003999"
    nights = [
        night(tmp_path, MONDAY, both()),
        night(tmp_path, TUESDAY, practice(clinic(doctor(), third, provider_number="019062"))),
    ]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    (kind,) = [k for k in told(tmp_path)["quality"]["kinds"] if k["code"] == SHARED]
    assert kind["counts"]["standing"] == 1
    assert len(kind["standing"][0]["units"]) == 3
    assert rows(tmp_path, "SELECT change FROM findings WHERE code = 'provider_number.shared'") == [
        ("known",),
        ("changed",),
    ]


def test_findings_of_a_held_run_count_when_it_is_released(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[alarms.counts]\n'unit.created' = {count = 0}\n")
    nights = [
        night(tmp_path, MONDAY, practice(clinic(doctor()))),
        night(tmp_path, TUESDAY, both(), second()),
    ]
    assert called(tmp_path, "ingest", *nights).exit == 3
    assert counts(told(tmp_path, "--run", "2"))[SHARED]["new"] == 1
    after = night(tmp_path, WEDNESDAY, practice(clinic(doctor(name="Ny"))))
    good(tmp_path, "release", "2", "--reason", "right")
    good(tmp_path, "ingest", after)
    assert counts(told(tmp_path))[SHARED]["resolved"] == 1


def test_findings_of_a_run_that_never_came_to_be_leave_no_trace(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[alarms.counts]\n'unit.created' = {count = 0}\n")
    nights = [
        night(tmp_path, MONDAY, practice(clinic(doctor()))),
        night(tmp_path, TUESDAY, both(), second()),
    ]
    assert called(tmp_path, "ingest", *nights).exit == 3
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY, practice(clinic(doctor(name="Ny")))))
    assert SHARED not in counts(told(tmp_path))


def test_an_older_changelog_knows_no_findings_at_first(three: Path) -> None:
    rows(three, "DELETE FROM findings")
    rows(three, "UPDATE runs SET findings = NULL")
    assert told(three)["quality"] == {"known": False, "kinds": []}
    good(three, "ingest", night(three, "2024-03-07", both()))
    assert counts(told(three))[SHARED] == {"new": 0, "standing": 1, "resolved": 0}


def test_what_is_recorded_night_by_night_is_what_the_whole_register_says(tmp_path: Path) -> None:
    """Only what a night touched is looked at again; together it must be everything."""
    place = Workplace(tmp_path)
    rng = random.Random(5)
    register = random_register(rng, units=200)
    seen = 0
    for number in range(5):
        place.ingest(place.put(register, f"night{number}"), "--accept", "--reason", "told")
        with SqliteChangelog(tmp_path / "sordiff.db").open_to_read() as session:
            run = session.runs.find_last_accepted()
            assert run is not None
            now = Register(
                day=run.header.snapshot_date,
                created_at=run.header.created_at,
                version=run.header.version,
                units=session.state.read_units(),
                lists=session.state.read_lists(),
            )
            recorded = sorted(session.findings.read_standing(run.id).values())
            assert recorded == find_findings(now)
            seen += len(recorded)
        register = random_night(rng, register, days=1, intensity=60)
    assert seen


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_what_stands_is_named_with_its_units_and_who_is_reached(tmp_path: Path, form: str) -> None:
    """The clinic has the number; of two findings of a kind one is left out by a limit."""
    shared = [both(), second(provider_number="019062")]
    nights = [night(tmp_path, day, *shared) for day in (MONDAY, TUESDAY)]
    good(tmp_path, "ingest", *nights, "--accept", "--reason", "told")
    asked = ("report", "--format", form, "--lang", "da", "--all-findings")
    said = " ".join(good(tmp_path, *asked).replace("`", "").split())
    assert "Ydernummer på flere enheder: 1 uændret" in said or form == "html"
    assert "019062" in said
    assert CLINIC in said
    assert "lokationsnummeret ligger på" in said
    short = " ".join(good(tmp_path, *asked, "--limit", "0").split())
    assert "lokationsnummeret ligger på" not in short
    assert "… og 1 til" in short
