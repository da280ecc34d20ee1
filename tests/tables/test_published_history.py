"""A history is published on demand: whole, in order, once, and never behind a later night."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import called, events, good, rows, said
from tests.made_once import copy_once_made
from tests.making.tables import write_sor2
from tests.tables.rows import sor2
from tests.tables.test_history import EXPECTED, SPAN, states

if TYPE_CHECKING:
    from pathlib import Path

TO_OUT = ("--to", "ndjson:out")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A history of four nights; `later` has the night after it."""

    def make(new: Path) -> None:
        (new / "f").write_bytes(write_sor2(states()))
        later = sor2(4, "OE", "Ny klinik", 2, FromDate="2020-01-22")
        (new / "later").write_bytes(write_sor2([*states(), later]))
        good(new, "ingest", "f", "--history", SPAN, "--every", "change")

    return copy_once_made(tmp_path_factory, "a history", make, tmp_path / "here")


def sent(folder: Path) -> list[dict[str, Any]]:
    """All lines of a folder, in their order."""
    files = sorted(folder.glob("[!.]*.ndjson"))
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def told(folder: Path) -> list[tuple[str, str]]:
    return [each for each in said(sent(folder)) if not each[0].startswith("run.")]


def runs(folder: Path) -> list[tuple[int, bool]]:
    """Each run that was completed, and whether it says that more changed than its events tell."""
    return [
        (line["data"]["run"]["id"], line["data"]["beyond_events"])
        for line in sent(folder)
        if line["type"] == "sordiff.run.completed.v1"
    ]


def test_a_history_is_published_where_it_is_demanded(folder: Path) -> None:
    assert good(folder, "publish", *TO_OUT) == ""
    assert "history: published on demand only" in good(folder, "runs")
    good(folder, "publish", "--history", *TO_OUT)
    assert told(folder / "out") == EXPECTED
    assert runs(folder / "out") == [(1, True), (2, False), (3, False), (4, False)]
    recorded = [json.loads(line) for line in good(folder, "events").splitlines()]
    assert [line for line in sent(folder / "out") if "run." not in line["type"]] == recorded
    # The same again sends nothing; the next night goes out behind it.
    assert good(folder, "publish", "--history", *TO_OUT) == ""
    good(folder, "ingest", "later@2020-01-23")
    good(folder, "publish", *TO_OUT, "--to", "ndjson:another")
    assert runs(folder / "out")[-1] == (5, False)
    assert runs(folder / "another") == [(5, True)]
    assert "is sound" in good(folder, "verify")


def test_a_history_comes_before_what_waits_and_counts_with_it(folder: Path) -> None:
    good(folder, "ingest", "later@2020-01-23")
    good(folder, "publish", "--history", *TO_OUT)
    assert [run for run, _ in runs(folder / "out")] == [1, 2, 3, 4, 5]
    before = sent(folder / "out")
    # As if it had been killed between the files and their marks.
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        connection.execute("UPDATE outbox_marks SET published_at = NULL")
    waiting = json.loads(good(folder, "status", "--format", "json"))["unpublished"]
    assert (waiting["runs"], waiting["events"]) == (5, len(EXPECTED) + 4)
    assert good(folder, "publish", *TO_OUT).count("had arrived before") == 5
    assert sent(folder / "out") == before


def test_nothing_is_published_behind_a_later_night(folder: Path) -> None:
    good(folder, "ingest", "later@2020-01-23")
    good(folder, "publish", *TO_OUT)
    late = called(folder, "publish", "--history", *TO_OUT)
    assert late.exit == 2
    assert "has run 5, and the history ends with run 4 before it" in late.stderr
    assert runs(folder / "out") == [(5, True)]
    # A history after it can be published, and what is left out is said.
    good(folder, "ingest", "later", "--history", "2020-01-24..2020-01-25")
    done = called(folder, "publish", "--history", *TO_OUT)
    assert done.exit == 0
    assert "does not get the history from run 1 to run 4" in done.stderr
    assert [run for run, _ in runs(folder / "out")] == [5, 6, 7]


def test_a_sink_that_has_a_history_says_so_to_a_changelog_that_lost_it(folder: Path) -> None:
    good(folder, "publish", "--history", *TO_OUT)
    good(folder, "publish", "--forget", f"ndjson:{folder / 'out'}")  # as a rebuilt one knows none
    good(folder, "ingest", "later@2020-01-23")
    assert good(folder, "publish", *TO_OUT).count("had arrived before") == 4
    assert [run for run, _ in runs(folder / "out")] == [1, 2, 3, 4, 5]
    assert "is sound" in good(folder, "verify")


def test_a_night_of_a_history_that_was_published_can_be_retracted(folder: Path) -> None:
    assert called(folder, "retract", "4", "--reason", "forkert").exit == 2
    good(folder, "publish", "--history", *TO_OUT)
    good(folder, "retract", "4", "--reason", "forkert")
    good(folder, "publish", *TO_OUT)
    assert sent(folder / "out")[-1]["type"] == "sordiff.run.retracted.v1"


def test_a_history_that_is_never_to_be_published(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes((folder / "f").read_bytes())
    good(tmp_path, "ingest", "f", "--history", SPAN, "--every", "change", "--no-publish")
    done = called(tmp_path, "publish", "--history", *TO_OUT)
    assert (done.exit, "has no history" in done.stderr) == (2, True)
    assert len(events(tmp_path)) == len(EXPECTED)


def test_nobody_is_sent_a_notice_of_a_night_of_years_ago(tmp_path: Path) -> None:
    settings = '[alarms.counts]\n"unit.renamed" = { count = 0 }\n'
    (tmp_path / "sordiff.toml").write_text(settings)
    (tmp_path / "f").write_bytes(write_sor2(states()))
    words = ("--history", "2020-01-01..2020-01-11", "--every", "change")
    assert called(tmp_path, "ingest", "f", *words).exit == 3
    assert rows(tmp_path, "SELECT count(*) FROM notices") == [(0,)]
    # What a person decides about one is told, as always.
    good(tmp_path, "release", "2", "--reason", "det er rigtigt")
    assert rows(tmp_path, "SELECT count(*) FROM notices") == [(1,)]
