"""A restored backup is known by the mark beside it: no sequence is given twice, whatever is done with it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.anomalies.measures import MEASURES
from tests.cli.calling import called, events, good, rows
from tests.cli.dumping import dump, write_chain
from tests.older_changelogs import take_back

if TYPE_CHECKING:
    from pathlib import Path

LAST = "SELECT coalesce(max(sequence), 0) FROM events"
RUNS = "SELECT digest, first_sequence, last_sequence FROM runs ORDER BY id"
HOLD = "[alarms.counts]\n" + "".join(f'"{name}" = 0\n' for name in MEASURES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five nights, of which four are recorded; backup.db is from the second."""
    nights = write_chain(tmp_path, units=60, nights=5)
    good(tmp_path, "ingest", *nights[:2])
    shutil.copy(tmp_path / "sordiff.db", tmp_path / "backup.db")
    shutil.copy(tmp_path / "sordiff.db.mark", tmp_path / "backup.mark")
    good(tmp_path, "ingest", *nights[2:4])
    return tmp_path


def restore(folder: Path) -> None:
    """Only the database, as somebody does who has read docs/operations.md."""
    for path in folder.glob("sordiff.db-*"):
        path.unlink()
    shutil.copy(folder / "backup.db", folder / "sordiff.db")


def sequences(found: list[dict[str, Any]]) -> dict[str, str]:
    """Of each sequence the event."""
    assert len({event["sequence"] for event in found}) == len(found)
    return {event["sequence"]: event["id"] for event in found}


def test_the_mark_follows_the_changelog(folder: Path) -> None:
    mark = json.loads((folder / "sordiff.db.mark").read_bytes())
    [(last,)] = rows(folder, LAST)
    assert mark["sequence"] == last
    assert [run["id"] for run in mark["runs"]] == [1, 2, 3, 4]
    [(name,)] = rows(folder, "SELECT changelog_id FROM changelogs")
    assert mark["changelogs"] == [name]


def test_the_same_nights_get_the_same_sequences(folder: Path) -> None:
    told, runs = sequences(events(folder)), rows(folder, RUNS)
    restore(folder)
    good(folder, "ingest", "night-2.xml", "night-3.xml", "night-4.xml")
    assert rows(folder, RUNS)[:4] == runs
    again = sequences(events(folder))
    assert {number: again[number] for number in told} == told
    assert len(again) > len(told)


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "night-4.xml"),
        ("ingest", "night-3.xml"),
        ("ingest", "--dry-run", "night-4.xml"),
        ("ingest", "--rebaseline", "night-4.xml"),
        ("run", "night-4.xml"),
    ],
    ids=" ".join,
)
def test_another_night_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    [(last,)] = rows(folder, LAST)
    restore(folder)
    before, mark = dump(folder / "sordiff.db"), (folder / "sordiff.db.mark").read_bytes()
    ran = called(folder, *words)
    assert (ran.exit, ran.stdout) == (2, "")
    for said in ("is a restored backup", str(last), "2024-09-04", "--restored"):
        assert said in ran.stderr
    assert {**dump(folder / "sordiff.db"), "notices": []} == {**before, "notices": []}
    assert (folder / "sordiff.db.mark").read_bytes() == mark
    good(folder, "ingest", "night-2.xml", "night-3.xml", "night-4.xml")


def test_a_restored_one_goes_on_above_all_that_was_given(folder: Path) -> None:
    told = sequences(events(folder))
    restore(folder)
    kept = sequences(events(folder))
    good(folder, "ingest", "--restored", "night-4.xml")
    new = [number for number in sequences(events(folder)) if number not in kept]
    assert new
    assert min(new) > max(told)
    assert called(folder, "events", "--since", max(told)).stdout.count("\n") == len(new)
    # And it is an ordinary changelog from then on.
    good(folder, "ingest", "night-4.xml")
    shutil.copy(folder / "backup.db", folder / "sordiff.db")
    assert called(folder, "ingest", "night-3.xml").exit == 2


def test_a_held_night_gets_its_sequences_by_its_release(folder: Path) -> None:
    runs = rows(folder, RUNS)
    restore(folder)
    (folder / "sordiff.toml").write_text(HOLD)
    assert called(folder, "ingest", "night-2.xml").exit == 3
    good(folder, "release", "3", "--reason", "it was accepted before")
    (folder / "sordiff.toml").unlink()
    good(folder, "ingest", "night-3.xml")
    assert rows(folder, RUNS) == runs


def test_a_wrong_night_is_not_released(folder: Path) -> None:
    restore(folder)
    (folder / "sordiff.toml").write_text(HOLD)
    assert called(folder, "ingest", "night-4.xml").exit == 3
    ran = called(folder, "release", "3", "--reason", "why not")
    assert (ran.exit, "is a restored backup" in ran.stderr) == (2, True)
    assert rows(folder, "SELECT state FROM runs WHERE id = 3") == [("held",)]
    good(folder, "reject", "3", "--reason", "the nights before it are missing")


def test_a_changelog_without_its_mark_goes_on(folder: Path) -> None:
    restore(folder)
    (folder / "sordiff.db.mark").unlink()
    good(folder, "ingest", "night-4.xml")
    assert (folder / "sordiff.db.mark").exists()


def test_a_new_changelog_in_the_place_of_another_is_new(folder: Path) -> None:
    (folder / "sordiff.db").unlink()
    good(folder, "ingest", "night-0.xml", "night-4.xml")
    assert rows(folder, LAST) == [(len(events(folder)),)]


def test_a_backup_from_before_changelogs_had_names(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "backup.db")) as backup, backup:
        backup.execute("DELETE FROM changelogs")
        backup.execute("UPDATE runs SET recorded_at = '2024-09-02T00:00:00+00:00'")
        take_back(backup, 12)
    restore(folder)
    ran = called(folder, "ingest", "night-4.xml")
    assert (ran.exit, "is a restored backup" in ran.stderr) == (2, True)
    good(folder, "ingest", "night-2.xml", "night-3.xml")


def test_a_mark_that_cannot_be_written_stops_nothing(folder: Path) -> None:
    (folder / "sordiff.db.mark.new").mkdir()
    ran = called(folder, "ingest", "night-4.xml", "--lang", "da")
    assert ran.exit == 0
    assert ran.stderr.count("sordiff.db.mark kan ikke skrives") == 1
    (folder / "sordiff.db.mark.new").rmdir()
    for damaged in (b"{", b'{"changelogs":["\xff"]}', b'{"later":' + b"[" * 50_000):
        (folder / "sordiff.db.mark").write_bytes(damaged)
        good(folder, "ingest", "night-4.xml")


def test_since_beyond_the_end_is_told(folder: Path) -> None:
    [(last,)] = rows(folder, LAST)
    assert called(folder, "events", "--since", str(last)).stderr == ""
    restore(folder)
    for strict, code in (((), 0), (("--strict",), 2)):
        ran = called(folder, "events", "--since", str(last), *strict)
        assert (ran.exit, ran.stdout) == (code, "")
        assert "may have been restored" in ran.stderr
    assert called(folder, "events", "--since", "0", "--strict").exit == 0


def test_status_says_it(folder: Path) -> None:
    [(last,)] = rows(folder, LAST)
    assert "restored" not in json.loads(good(folder, "status", "--format", "json"))
    restore(folder)
    found = json.loads(good(folder, "status", "--format", "json"))["restored"]
    assert (found["given_sequence"], found["next_day"], found["last_run"]) == (
        last,
        "2024-09-04",
        2,
    )
    told = " ".join(good(folder, "status", "--lang", "da").split())
    assert f"indlæst backup det sidst brugte sekvensnummer var {last}" in told
    assert "registrér først filen fra 4. september 2024" in told
    good(folder, "ingest", "night-2.xml", "night-3.xml")
    assert "restored" not in json.loads(good(folder, "status", "--format", "json"))


@pytest.mark.parametrize("with_mark", [False, True], ids=["mark lost", "mark restored, too"])
def test_run_asks_where_it_publishes(folder: Path, with_mark: bool) -> None:
    """The mark is of no help, but what was published is there: the wrong night is not recorded."""
    (folder / "sordiff.toml").write_text('[publish]\nto = ["ndjson:out"]\n')
    good(folder, "publish")
    told = sequences(events(folder))
    restore(folder)
    (folder / "sordiff.db.mark").unlink()
    if with_mark:
        shutil.copy(folder / "backup.mark", folder / "sordiff.db.mark")
    before = dump(folder / "sordiff.db")["runs"]
    ran = called(folder, "run", "night-4.xml")
    assert ran.exit == 2
    assert "sordiff.db is a restored backup" in ran.stderr
    assert "2024-09-04" in ran.stderr
    assert dump(folder / "sordiff.db")["runs"] == before
    assert "restored" in json.loads(good(folder, "status", "--format", "json"))
    good(folder, "run", "night-2.xml", "night-3.xml", "night-4.xml")
    again = sequences(events(folder))
    assert {number: again[number] for number in told} == told


def test_run_asks_though_another_night_is_held_in_the_place_of_a_lost_one(folder: Path) -> None:
    (folder / "sordiff.toml").write_text('[publish]\nto = ["ndjson:out"]\n')
    good(folder, "publish")
    restore(folder)
    (folder / "sordiff.db.mark").unlink()
    (folder / "sordiff.toml").write_text(f'[publish]\nto = ["ndjson:out"]\n{HOLD}')
    assert called(folder, "ingest", "night-3.xml").exit == 3
    (folder / "sordiff.toml").write_text('[publish]\nto = ["ndjson:out"]\n')
    ran = called(folder, "run", "night-4.xml")
    assert (ran.exit, "is a restored backup" in ran.stderr) == (2, True)
    # Its events would name another run than they did: that number is taken.
    ran = called(folder, "run", "night-2.xml", "--lang", "da")
    assert (ran.exit, "indlæs sikkerhedskopien igen" in ran.stderr) == (2, True)
    restore(folder)
    good(folder, "run", "night-2.xml", "night-3.xml", "night-4.xml")
