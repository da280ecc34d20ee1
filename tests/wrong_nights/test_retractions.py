"""A retracted run is told of everywhere, counts in no history, and does not hold the night that puts it right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import called, dump, good, rows
from tests.wrong_nights.recording import ingest, register, unit_id, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.calling import Called

UNITS = 400
SINK = ("--to", "ndjson:out")


def night(day: int, *, closed: int = 0, **names: str) -> Any:
    ends = dict.fromkeys(range(20, 20 + closed), "2024-03-01")
    return register(f"2024-03-{day:02d}", ends=ends, units=UNITS, **names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two nights, and a third in which 250 units are closed that are open in truth."""
    (tmp_path / "sordiff.toml").write_text('[publish]\nto = ["ndjson:out"]\n')
    ingest(tmp_path, night(5), night(6), night(7, closed=250), accept=True)
    good(tmp_path, "publish")
    return tmp_path


def test_the_night_that_puts_it_right_is_taken(folder: Path) -> None:
    said = called(folder, "retract", "3", "--reason", "closed by mistake", "--lang", "da")
    assert said.exit == 0
    assert "ingest --correct 3" in said.stderr
    assert "tilstanden er stadig" in said.stderr
    (taken,) = ingest(folder, night(8, unit2="Nyt navn"))
    assert (taken.outcome, taken.counts["unit.reopened"]) == ("recorded", 250)
    good(folder, "publish")


def test_what_is_wrong_in_itself_is_held_all_the_same(folder: Path) -> None:
    """Judged against the last night that was right: 250 closings of others are still too many."""
    good(folder, "retract", "3", "--reason", "closed by mistake")
    others = register("2024-03-08", ends=dict.fromkeys(range(130, 390), "2024-03-01"), units=UNITS)
    (held,) = ingest(folder, others)
    assert held.outcome == "held"
    assert "limit.unit.ceased" in {alert.code for alert in held.alerts}
    (taken,) = ingest(folder, night(9))
    assert (taken.outcome, taken.nights_missing) == ("recorded", 0)


def test_everybody_says_it(folder: Path) -> None:
    good(folder, "retract", "3", "--reason", "closed by mistake")
    good(folder, "retract", "3", "--reason", "said again")
    (kept,) = rows(folder, "SELECT notice FROM notices WHERE kind = 'run.retracted'")
    assert json.loads(kept[0])["title"] == "SOR 2024-03-07: run 3 is retracted"
    for lang, said in (("en", "retracted by"), ("da", "trukket tilbage af")):
        words = ("--lang", lang)
        for command in (
            ("runs",),
            ("status",),
            ("report", "--run", "3"),
            ("history", unit_id(20)),
            ("show", unit_id(20)),
        ):
            told = " ".join(good(folder, *command, *words).split())
            assert said in told, command
            assert "closed by mistake" in told
    (row,) = rows(folder, "SELECT retracted_by, retracted_reason FROM v_runs WHERE retracted_at")
    assert row[1] == "closed by mistake"
    life = json.loads(good(folder, "history", unit_id(20), "--format", "json"))
    assert life["entries"][-1]["retracted_reason"] == "closed by mistake"
    report = json.loads(good(folder, "report", "--run", "3", "--format", "json"))
    (wrong,) = report["headline"]["taken_back"]
    assert (wrong["run"], wrong["corrected_by"]) == (3, None)


def test_a_correction_after_a_retraction(folder: Path) -> None:
    good(folder, "retract", "3", "--reason", "closed by mistake")
    right = written(folder, night(7), "right")
    good(folder, "ingest", right, "--correct", "3", "--reason", "closed by mistake")
    (taken,) = ingest(folder, night(8, unit2="Nyt navn"))
    assert (taken.outcome, dict(taken.counts)) == ("recorded", {"unit.renamed": 1})
    kinds = [
        json.loads(line)["data"]["run"]["kind"]
        for path in sorted((folder / "out").rglob("*.ndjson"))
        for line in path.read_text().splitlines()
        if json.loads(line)["type"] == "sordiff.run.completed.v1"
    ]
    assert kinds == ["baseline", "night", "night"]
    good(folder, "publish")


def _release_held(place: Path) -> Called:
    (held,) = ingest(place, register("2024-03-08", units=20))
    assert held.outcome == "held"
    said = called(place, "release", str(held.run_id), "--reason", "x", "--lang", "da")
    assert said.exit == 0
    return said


def test_release_publishes_as_retract_does(folder: Path) -> None:
    said = _release_held(folder)
    assert said.stderr == ""
    completed = [
        json.loads(line)["data"]["run"]["id"]
        for path in sorted((folder / "out").rglob("*.ndjson"))
        for line in path.read_text().splitlines()
        if json.loads(line)["type"] == "sordiff.run.completed.v1"
    ]
    assert completed == [1, 2, 3, 4]
    before = dump(folder)
    good(folder, "publish")
    assert dump(folder) == before


def test_release_says_that_publish_is_next_where_no_sink_is_configured(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    silent = tmp_path_factory.mktemp("silent")
    ingest(silent, night(5))
    assert _release_held(silent).stderr == "", "nobody waits where nothing was ever published"
    (folder / "sordiff.toml").unlink()
    assert "kør nu `sordiff publish`" in _release_held(folder).stderr


def test_neither_counts_in_the_history(folder: Path) -> None:
    from sordiff.store.changelog import SqliteChangelog

    good(folder, "retract", "3", "--reason", "closed by mistake")
    ingest(folder, night(8), night(9, unit2="x"))
    with SqliteChangelog(folder / "sordiff.db").open_to_read() as session:
        assert [run.id for run in session.runs.list_ordinary(9)] == [2, 5]


def test_held_nights_are_not_missing(tmp_path: Path) -> None:
    ingest(tmp_path, night(5))
    (held,) = ingest(tmp_path, night(6, closed=250))
    assert held.outcome == "held"
    (taken,) = ingest(tmp_path, night(9))
    assert (taken.nights_missing, taken.superseded) == (2, held.run_id)
    assert rows(tmp_path, "SELECT nights, nights_missing FROM runs WHERE id = 3") == [(4, 2)]
