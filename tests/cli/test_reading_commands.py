"""The commands that only read: what they select, what they say of what is not there, and how they leave."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.trees import owner

from .calling import called, dump, events, good, lines, said
from .practice import (
    CLINIC,
    DOCTOR,
    GLN,
    MONDAY,
    OWNER,
    TUESDAY,
    WEDNESDAY,
    clinic,
    doctor,
    night,
    practice,
    second,
    types,
    xml,
)

if TYPE_CHECKING:
    from pathlib import Path

HUGE = "99999999999999999999"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A changelog of three nights; the second renames all three units, the third the owner alone."""
    folder = tmp_path_factory.mktemp("told")
    renamed = practice(clinic(doctor("Læge Jens"), name="Klinik"), name="Andre")
    again = practice(clinic(doctor("Læge Jens"), name="Klinik"), name="Tredje")
    names = [
        night(folder, MONDAY, lists=[types("lægepraksis")]),
        night(folder, TUESDAY, renamed, lists=[types()]),
        night(folder, WEDNESDAY, again, lists=[types()]),
    ]
    good(folder, "ingest", *names)
    return folder


def _numbers(folder: Path, *arguments: str) -> list[int]:
    return [int(event["sequence"]) for event in events(folder, *arguments)]


def test_events_come_in_order(told: Path) -> None:
    assert _numbers(told) == [1, 2, 3, 4, 5]
    assert said(events(told))[1:] == [
        ("unit.renamed", OWNER),
        ("unit.renamed", CLINIC),
        ("unit.renamed", DOCTOR),
        ("unit.renamed", OWNER),
    ]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("--since 0", [1, 2, 3, 4, 5]),
        ("--since 3", [4, 5]),
        ("--since 00000000000000000003", [4, 5]),
        ("--since 5", []),
        (f"--since {HUGE}", []),
        ("--since 9223372036854775807", []),
        ("--since 9223372036854775808", []),
        (f"--since {'9' * 5000}", []),
        ("--run 1", []),
        ("--run 2", [1, 2, 3, 4]),
        ("--run 2 --since 2", [3, 4]),
        ("--run 3", [5]),
        ("--type unit.renamed", [2, 3, 4, 5]),
        ("--type sordiff.unit.renamed.v1", [2, 3, 4, 5]),
        ("--type unit.closed", []),
        ("--type classification.text_changed", [1]),
        (f"--subject {OWNER}", [2, 5]),
        (f"--subject EntityType/{codes.ALMEN_PRAKSIS.code}", [1]),
        (f"--subject {GLN}", []),
        ("--subject nobody", []),
        ("--limit 0", []),
        ("--limit 2", [1, 2]),
        ("--limit 9223372036854775807", [1, 2, 3, 4, 5]),
        (f"--since 1 --type unit.renamed --subject {OWNER} --limit 1", [2]),
        (f"--run 3 --subject {CLINIC}", []),
    ],
)
def test_events_are_selected(told: Path, arguments: str, numbers: list[int]) -> None:
    assert _numbers(told, *arguments.split()) == numbers


def test_a_limit_beyond_all_numbers_limits_nothing(told: Path) -> None:
    done = called(told, "events", "--limit", HUGE)
    assert "unexpected" not in done.stderr
    assert done.exit == 2 or len(lines(done.stdout)) == 5


@pytest.mark.parametrize("run", ["4", "9223372036854775807", HUGE])
def test_a_run_that_is_not_there_is_a_failure(told: Path, run: str) -> None:
    done = called(told, "events", "--run", run)
    assert (done.exit, done.stdout) == (2, "")
    assert run in done.stderr
    assert "unexpected" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "foo",
        "--foo",
        "ingest",
        "check",
        "diff",
        "diff one.xml",
        "diff --format xml one.xml two.xml",
        "check --format yaml one.xml",
        "check one.xml two.xml",
        "events --since x",
        "events --since -1",
        "events --since ²",
        "events --since ",
        "events --run x",
        "events --run 0",
        "events --limit -1",
        "events --limit x",
        "events --type unit.painted",
        "events --db",
        "runs --since 1",
        "schemas export",
        "schemas import x",
        "ingest one.xml --accept",
    ],
)
def test_a_wrong_word_is_a_usage_error(tmp_path: Path, words: str) -> None:
    done = called(tmp_path, *words.split(" "))
    assert (done.exit, done.stdout) == (2, "")
    assert done.stderr
    assert "an unexpected" not in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["events", "runs", "events --run 1"])
def test_reading_never_creates_a_changelog(tmp_path: Path, command: str) -> None:
    done = called(tmp_path, *command.split())
    assert (done.exit, done.stdout) == (2, "")
    assert "sordiff.db" in done.stderr
    assert "ingest" in done.stderr  # what to do next
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "sordiff.db").touch()
    assert called(tmp_path, *command.split()).exit == 2
    assert (tmp_path / "sordiff.db").stat().st_size == 0


@pytest.mark.parametrize(
    "command", ["events", "runs", "ingest one.xml", "ingest --dry-run one.xml"]
)
def test_what_is_no_changelog_is_left_alone(tmp_path: Path, command: str) -> None:
    night(tmp_path, MONDAY, name="one.xml")
    (tmp_path / "sordiff.db").write_bytes(b"This is a letter to my aunt. " * 100)
    before = (tmp_path / "sordiff.db").read_bytes()
    done = called(tmp_path, *command.split())
    assert (done.exit, done.stdout) == (2, "")
    assert "sordiff.db" in done.stderr
    assert "unexpected" not in done.stderr
    assert (tmp_path / "sordiff.db").read_bytes() == before


@pytest.mark.parametrize(
    "command",
    ["check no.xml", "diff no.xml one.xml", "diff one.xml no.xml", "ingest no.xml"],
)
def test_a_file_that_is_not_there_is_a_failure(tmp_path: Path, command: str) -> None:
    night(tmp_path, MONDAY, name="one.xml")
    done = called(tmp_path, *command.split())
    assert (done.exit, done.stdout) == (2, "")
    assert "no.xml" in done.stderr
    assert "unexpected" not in done.stderr


def test_a_folder_is_no_snapshot(tmp_path: Path) -> None:
    for command in ("check .", "diff . .", "ingest ."):
        done = called(tmp_path, *command.split())
        assert (done.exit, done.stdout) == (2, "")
        assert "unexpected" not in done.stderr


def test_diff_touches_nothing_and_says_with_its_exit_code(tmp_path: Path) -> None:
    same, other = night(tmp_path, MONDAY), night(tmp_path, TUESDAY, practice(), second())
    quiet = night(tmp_path, TUESDAY, name="quiet.xml")
    there = sorted(path.name for path in tmp_path.iterdir())
    assert called(tmp_path, "diff", same, other).exit == 0
    assert called(tmp_path, "diff", same, quiet).exit == 0
    for form in ("text", "json", "jsonl"):
        assert called(tmp_path, "diff", same, other, "--exit-code", "--format", form).exit == 1
        assert called(tmp_path, "diff", same, quiet, "--exit-code", "--format", form).exit == 0
        assert called(tmp_path, "diff", same, same, "--exit-code", "--format", form).exit == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == there


def test_a_difference_by_the_day_alone_is_a_difference(tmp_path: Path) -> None:
    ending = practice(), second(to=MONDAY)
    old, new = (night(tmp_path, day, *ending) for day in (MONDAY, TUESDAY))
    done = called(tmp_path, "diff", old, new, "--exit-code", "--format", "jsonl")
    assert done.exit == 1
    (event,) = lines(done.stdout)
    assert (event["type"], event["data"]["cause"]) == ("sordiff.unit.closed.v1", "date_elapsed")


def test_diff_as_json_is_an_array_of_the_lines(tmp_path: Path) -> None:
    names = night(tmp_path, MONDAY), night(tmp_path, TUESDAY, practice(name="Andre"), second())
    apart = lines(good(tmp_path, "diff", *names, "--format", "jsonl"))
    assert json.loads(good(tmp_path, "diff", *names, "--format", "json")) == apart
    assert len(apart) == 2
    assert all("sequence" not in event and "run" not in event["data"] for event in apart)
    assert json.loads(good(tmp_path, "diff", names[0], names[0], "--format", "json")) == []


def test_the_wrong_way_round_is_refused_with_advice(tmp_path: Path) -> None:
    old, new = night(tmp_path, MONDAY), night(tmp_path, TUESDAY)
    done = called(tmp_path, "diff", new, old, "--exit-code")
    assert (done.exit, done.stdout) == (5, "")
    assert "wap" in done.stderr
    assert old in done.stderr


def test_reading_changes_no_changelog(told: Path) -> None:
    before = dump(told)
    good(told, "runs")
    good(told, "events", "--run", "2")
    assert dump(told) == before


def test_runs_are_listed(told: Path) -> None:
    listed = good(told, "runs").splitlines()[1:]
    assert [line.split()[:4] for line in listed] == [
        ["1", "baseline", "accepted", MONDAY],
        ["2", "night", "accepted", TUESDAY],
        ["3", "night", "accepted", WEDNESDAY],
    ]


def test_a_broken_snapshot_names_its_first_twenty_problems(tmp_path: Path) -> None:
    units = [owner(n, "x", codes.PRIVAT, to="2024-13-01") for n in range(1, 31)]
    (tmp_path / "bad.xml").write_bytes(xml(MONDAY, *units))
    for command in ("check", "ingest"):
        done = called(tmp_path, command, "bad.xml")
        assert (done.exit, done.stdout) == (5, "")
        assert sum("bad.xml:" in line for line in done.stderr.splitlines()) == 20
        assert "10 more" in done.stderr


def test_schemas_are_exported(tmp_path: Path) -> None:
    good(tmp_path, "schemas", "export", "a/b")
    names = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert {"unit.created.v1.json", "cloudevent.json"} <= names or len(names) > 30
    good(tmp_path, "schemas", "export", "a/b")  # again, over what is there


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nowhere"])
def test_schemas_are_not_exported_where_nothing_can_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x")
    done = called(tmp_path, "schemas", "export", place)
    assert (done.exit, done.stdout) == (2, "")
    assert place in done.stderr
    assert "unexpected" not in done.stderr
