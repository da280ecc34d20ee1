"""A list of its own beside SOREntity.csv, and the codes in use that stand for it where it is missing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import called, events, good, rows
from tests.tables.test_beside import put

if TYPE_CHECKING:
    from pathlib import Path

DAYS = [f"2026-11-{day}" for day in range(20, 27)]
# Code 3 is in use, as `afsnit`, and 9 is not.
LISTED = "Id;Name\r\n1;region\r\n2;hospital\r\n3;afsnit\r\n9;apotek\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    named = '[data_types.SORClassifications]\nname = "EntityType"\n'
    (tmp_path / "sordiff.toml").write_text(named, encoding="utf-8")
    return tmp_path


def _ingest(folder: Path, number: int, listed: str | None) -> str:
    beside = {} if listed is None else {"SORClassifications": listed}
    put(folder, f"n{number}", **beside)
    done = called(folder, "ingest", f"n{number}@{DAYS[number]}")
    assert done.exit == 0, done
    return done.stderr


def _told(folder: Path) -> list[tuple[str, str]]:
    return [(e["type"].split(".")[2], e["subject"]) for e in events(folder)]


def _texts(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder, "SELECT code, text FROM classification_entries ORDER BY code")


def test_a_list_that_comes_after_its_codes_in_use_is_a_baseline(folder: Path) -> None:
    _ingest(folder, 0, None)
    assert _texts(folder) == [("1", "region"), ("2", "hospital"), ("3", "afsnit")]
    _ingest(folder, 1, LISTED)
    assert _told(folder) == []
    assert _texts(folder)[-1] == ("9", "apotek")
    _ingest(folder, 2, LISTED.replace("apotek", "Apotek"))
    assert _told(folder) == [("text_changed", "EntityType/9")]


def test_where_the_list_is_missing_the_codes_in_use_say_nothing(folder: Path) -> None:
    _ingest(folder, 0, LISTED.replace("2;hospital\r\n", ""))
    said = _ingest(folder, 1, None)
    assert "their last entries stay: EntityType" in said or "the last known ones stay" in said
    assert _told(folder) == []
    assert [code for code, _ in _texts(folder)] == ["1", "3", "9"]
    _ingest(folder, 2, LISTED)
    assert _told(folder) == [("code_added", "EntityType/2")]


@pytest.mark.parametrize("held", [False, True])
def test_codes_in_use_leave_a_list_as_an_earlier_release_read_it(
    folder: Path, *, held: bool
) -> None:
    several = (
        "Id;Name;FromDate;ToDate\r\n1;region;;\r\n2;hospital;;\r\n9;apotek;;\r\n"
        "3;a;2010-01-01;2014-12-31\r\n3;afsnit;2015-01-01;\r\n"
    )
    _ingest(folder, 0, several)
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        connection.execute(
            "UPDATE classification_entries SET text = 'a', attributes = '{}' WHERE code = '3'"
        )
        connection.execute("UPDATE runs SET reading_rules = 1")
        connection.execute("UPDATE classifications SET reading_rules = 0")
    if held:
        with (folder / "sordiff.toml").open("a", encoding="utf-8") as file:
            file.write('[alarms.counts]\n"classification.text_changed" = { count = 0 }\n')
        put(folder, "n1")
        assert called(folder, "ingest", f"n1@{DAYS[1]}").exit == 3
        good(folder, "release", "2", "--reason", "told")
    else:
        _ingest(folder, 1, None)
    told = _told(folder)
    _ingest(folder, 2, several)
    assert _told(folder) == told
    assert rows(folder, "SELECT list, reading_rules, in_use_only FROM classifications") == [
        ("EntityType", 2, 0)
    ]


def test_diff_says_no_more_of_a_list_that_comes_first(folder: Path) -> None:
    put(folder, "old")
    put(folder, "new", SORClassifications=LISTED)
    pair = (f"old@{DAYS[0]}", f"new@{DAYS[1]}")
    assert good(folder, "diff", *pair, "--format", "jsonl") == ""


def test_codes_in_use_are_compared_where_nobody_knows_that_they_are_no_list(folder: Path) -> None:
    """An earlier release did not note it."""
    _ingest(folder, 0, None)
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        connection.execute("UPDATE classification_entries SET text = 'Afsnit' WHERE code = '3'")
        connection.execute("UPDATE classifications SET reading_rules = 0, in_use_only = 0")
    _ingest(folder, 1, None)
    assert _told(folder) == [("text_changed", "EntityType/3")]
    assert rows(folder, "SELECT in_use_only FROM classifications") == [(1,)]
