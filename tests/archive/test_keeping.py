"""Nights are kept when they are recorded, and what was decided is noted."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.archive import Archive
from tests.cli.calling import called, good, rows
from tests.scenarios.telling import ROOT
from tests.wrong_nights.recording import register, written

if TYPE_CHECKING:
    from pathlib import Path

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
# Whatever is renamed is too much.
SETTINGS = '[archive]\ndir = "archive"\n[alarms.counts]\n"unit.renamed" = 0\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sordiff.toml").write_text(SETTINGS)
    return tmp_path


def night(folder: Path, day: int, unit2: str = "Klinik 2") -> Path:
    return written(folder, register(f"2024-03-{day:02d}", unit2=unit2))


def noted(folder: Path) -> list[tuple[Any, ...]]:
    done = Archive.open(folder / "archive").list_done()
    return [(one.run, one.done, one.state, one.reason) for one in done]


def days(folder: Path) -> list[str]:
    return [night.day for night in Archive.open(folder / "archive").list_nights()]


def test_decisions_are_noted_as_they_are_taken(folder: Path) -> None:
    good(folder, "ingest", night(folder, 5))
    for day, name in ((6, "Ny"), (7, "Nyere")):
        assert called(folder, "ingest", night(folder, day, unit2=name)).exit == 3
        good(folder, "release" if day == 6 else "reject", str(day - 4), "--reason", f"grund {day}")
    good(folder, "ingest", night(folder, 8, unit2="Ny"), "--no-publish")
    good(folder, "publish", "--to", "ndjson:out")
    good(folder, "retract", "2", "--reason", "forkert")
    assert noted(folder) == [
        (1, "recorded", "accepted", None),
        (2, "recorded", "held", None),
        (2, "released", None, "grund 6"),
        (3, "recorded", "held", None),
        (3, "rejected", None, "grund 7"),
        (4, "recorded", "accepted", None),
        (2, "retracted", None, "forkert"),
    ]
    assert days(folder) == [f"2024-03-{day:02d}" for day in (5, 6, 7, 8)]


def test_what_is_refused_or_tried_is_not_kept(folder: Path) -> None:
    good(folder, "ingest", night(folder, 6))
    assert called(folder, "ingest", night(folder, 5)).exit == 5
    good(folder, "ingest", night(folder, 7), "--dry-run")
    assert days(folder) == ["2024-03-06"]


def test_an_archive_that_is_switched_on_later_learns_of_earlier_runs(folder: Path) -> None:
    (folder / "sordiff.toml").write_text("")
    good(folder, "ingest", night(folder, 5), night(folder, 6))
    (folder / "sordiff.toml").write_text(SETTINGS)
    good(folder, "ingest", night(folder, 7))
    assert [run for run, *_ in noted(folder)] == [1, 2, 3]
    assert days(folder) == ["2024-03-07"]
    missing = called(folder, "rebuild", "--db", "new.db")
    assert (missing.exit, "lacks the nights of 2 runs" in missing.stderr) == (2, True)
    assert not list(folder.glob("*new.db*"))
    good(folder, "archive", "add", folder / "2024-03-05.xml", folder / "2024-03-06.xml")
    good(folder, "rebuild", "--db", "new.db")
    assert good(folder, "events") == good(folder, "events", "--db", "new.db")


def test_where_the_archive_fails_the_run_is_recorded(folder: Path) -> None:
    (folder / "archive").write_text("a file")
    done = called(folder, "ingest", night(folder, 5), night(folder, 6))
    assert done.exit == 2
    assert "Run 2 is recorded, and its night is not archived" in done.stderr
    assert len(rows(folder, "SELECT * FROM runs")) == 2
    (folder / "archive").unlink()
    assert "already recorded" in good(folder, "ingest", night(folder, 5), night(folder, 6))
    assert days(folder) == ["2024-03-05", "2024-03-06"]
    assert len(noted(folder)) == 2


def test_a_damaged_manifest_stops_no_night(folder: Path) -> None:
    good(folder, "ingest", night(folder, 5))
    manifest = folder / "archive" / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes().replace(b"2024", b"2025", 1))
    done = called(folder, "ingest", night(folder, 6, unit2="Ny"), "--lang", "da")
    assert done.exit == 2
    assert "Kørsel 2 er registreret, men udtrækket er ikke arkiveret" in done.stderr
    assert "linje 1" in done.stderr
    released = called(folder, "release", "2", "--reason", "ja")
    assert (released.exit, "line 1 is not as it was written" in released.stderr) == (0, True)


def test_a_pipe_cannot_be_kept(folder: Path) -> None:
    content = night(folder, 5).read_bytes()
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    feeding = threading.Thread(target=lambda: pipe.write_bytes(content))
    feeding.start()
    done = called(folder, "ingest", pipe)
    feeding.join()
    assert (done.exit, "can't be read again" in done.stderr or "read again" in done.stderr) == (
        2,
        True,
    )
    assert len(rows(folder, "SELECT * FROM runs")) == 1
    good(folder, "ingest", folder / "2024-03-05.xml")
    assert days(folder) == ["2024-03-05"]


def test_the_lists_that_came_beside_are_kept_as_such(folder: Path) -> None:
    good(folder, "ingest", *DEMO[:1])
    good(folder, "archive", "get", "2024-03-04", "-o", "Sor.xml", "--data-types", "Types.xml")
    (folder / "other").mkdir()
    other = folder / "other"
    shutil.copy(folder / "sordiff.toml", other)
    shutil.move(folder / "Sor.xml", other)
    shutil.move(folder / "Types.xml", other)
    good(other, "ingest", "Sor.xml", "--data-types", "Types.xml")
    good(other, "rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    query = "SELECT file, data_types_sha256 FROM snapshots"
    assert rows(other, query) == rows(other, query, "new.db") != []


def test_commands_about_the_archive(folder: Path) -> None:
    assert called(folder, "archive", "list").exit == 2
    good(folder, "ingest", *DEMO, "--accept", "--reason", "alle")
    listed = [json.loads(line) for line in good(folder, "archive", "list", "--format", "json").splitlines()]  # fmt: skip
    assert [one["day"] for one in listed] == [path.stem for path in DEMO]
    assert (listed[0]["leans_on"], listed[2]["leans_on"]) == (None, listed[0]["file"])
    missing = called(folder, "archive", "get", "2020-01-01", "-o", "x", "--lang", "da")
    assert (missing.exit, "ikke noget udtræk 2020-01-01" in missing.stderr) == (2, True)
    assert "3 udtræk kan gendannes" in good(folder, "archive", "verify", "--lang", "da")
    (folder / "archive" / listed[0]["file"]).write_bytes(b"else")
    damaged = called(folder, "archive", "verify")
    assert damaged.exit == 2
    assert "it costs 2024-03-04, 2024-03-05, 2024-03-06." in damaged.stdout
    unnamed = called(folder, "archive", "list", "--config", os.devnull)
    assert (unnamed.exit, "--archive" in unnamed.stderr) == (2, True)
    assert "1 night is removed" in good(folder, "archive", "prune", "--keep", "1")


@pytest.mark.parametrize(
    ("setting", "found"), [("", "archive/cache"), ('cache = "else"', "else"), ('cache = ""', None)]
)
def test_where_the_night_lies_that_the_next_ones_lean_on(
    folder: Path, setting: str, found: str | None
) -> None:
    (folder / "sordiff.toml").write_text(f'[archive]\ndir = "archive"\n{setting}\n')
    good(folder, "ingest", night(folder, 5))
    bases = [str(path.parent.relative_to(folder)) for path in folder.rglob("*.base")]
    assert bases == ([] if found is None else [found])


def test_what_is_told_differently(folder: Path) -> None:
    good(folder, "ingest", *DEMO, "--accept", "--reason", "alle")
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection:
        connection.execute(
            "UPDATE events SET data = replace(data, '\"kind\"', '\"Kind\"') WHERE sequence = 1"
        )
        connection.execute("UPDATE events SET id = 'of an older sordiff' WHERE sequence = 2")
        connection.execute("UPDATE runs SET reason = 'en anden' WHERE id = 2")
        connection.commit()
    words = ("rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    done = called(folder, *words)
    assert done.exit == 1
    assert done.stdout.splitlines()[1:4] == [
        "1 run differs from sordiff.db:",
        "Run 2 · 2024-03-05: 1 event differs; 1 event is no longer told; 1 event is new",
        "  reason: en anden → alle",
    ]
    again = called(folder, *words)
    assert (again.exit, "already" in again.stderr) == (2, True)
    assert called(folder, "rebuild", "--db", "x.db", "--exit-code").exit == 2


def test_a_rebuilt_changelog_goes_on_as_the_old_one(folder: Path) -> None:
    good(folder, "ingest", *DEMO[:2], "--accept", "--reason", "alle")
    good(folder, "rebuild", "--db", "new.db")
    for database in ("sordiff.db", "new.db"):
        good(folder, "ingest", DEMO[2], "--accept", "--reason", "alle", "--db", database)
    assert good(folder, "events") == good(folder, "events", "--db", "new.db")


def test_sequences_that_were_left_out_stay_out(folder: Path) -> None:
    good(folder, "ingest", DEMO[0])
    shutil.copy(folder / "sordiff.db", folder / "backup.db")
    (folder / "sordiff.toml").write_text(SETTINGS.replace('"archive"', '"elsewhere"'))
    good(folder, "ingest", DEMO[1], "--accept", "--reason", "alle")
    for name in ("sordiff.db-wal", "sordiff.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "backup.db", folder / "sordiff.db")
    (folder / "sordiff.toml").write_text(SETTINGS)
    good(folder, "ingest", "--restored", DEMO[2], "--accept", "--reason", "alle")
    ((first,),) = rows(folder, "SELECT min(sequence) FROM events")
    assert first == 14
    assert "is sound" in good(folder, "verify")
    good(folder, "rebuild", "--db", "new.db")
    assert good(folder, "events") == good(folder, "events", "--db", "new.db")
    assert "is sound" in good(folder, "verify", "--db", "new.db")


def test_a_restored_backup_that_went_another_way_is_noted_anew(folder: Path) -> None:
    good(folder, "ingest", night(folder, 5), night(folder, 6))
    good(folder, "backup", "backup.db")
    good(folder, "ingest", night(folder, 7))
    good(folder, "ingest", night(folder, 8))
    for name in ("sordiff.db-wal", "sordiff.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "backup.db", folder / "sordiff.db")
    # Until it goes another way, the lost nights are the ones to be rebuilt.
    good(folder, "rebuild", "--db", "lost.db")
    assert rows(folder, "SELECT max(id) FROM runs", "lost.db") == [(4,)]
    good(folder, "ingest", "--restored", night(folder, 9))
    good(folder, "rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    assert rows(folder, "SELECT max(id) FROM runs", "new.db") == [(3,)]
    assert [run for run, *_ in noted(folder)] == [1, 2, 3]


def test_an_archive_is_of_one_changelog(folder: Path) -> None:
    good(folder, "ingest", night(folder, 5))
    done = called(folder, "ingest", "--db", "other.db", night(folder, 6), "--lang", "da")
    assert (done.exit, "hører til en anden ændringslog" in done.stderr) == (2, True)
    assert [run for run, *_ in noted(folder)] == [1]


def test_that_a_night_is_not_archived_is_said_before_a_refusal(folder: Path) -> None:
    (folder / "archive").write_text("a file")
    cut = night(folder, 7)
    cut.write_bytes(cut.read_bytes()[:-20])
    done = called(folder, "ingest", night(folder, 6), cut)
    assert done.exit == 5
    assert "Run 1 is recorded, and its night is not archived" in done.stderr
