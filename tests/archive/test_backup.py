"""A backup is one moment of a changelog that others write to; an older one is kept when it is upgraded."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sordiff.store.changelog import SqliteChangelog
from sordiff.store.migrations import MIGRATIONS
from tests.cli.calling import called, dump, good, rows
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
# Files of released sordiffs, kept as they were written.
VIEWS = (
    "SELECT * FROM v_units ORDER BY 1",
    "SELECT *, 0 FROM v_location_numbers ORDER BY 1, 2, 7",
    "SELECT * FROM v_changes ORDER BY 1",
)
RELEASED = sorted((ROOT / "fixtures" / "changelogs").glob("*.db.gz"))


def test_a_backup_while_somebody_writes(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *DEMO[:2])
    before = dump(tmp_path)
    with (
        SqliteChangelog(tmp_path / "sordiff.db").open_to_write() as session,
        session.transaction(),
    ):
        session.identity.take_name("half written", "2024-03-06")
        assert "up to run 2" in good(tmp_path, "backup", "copy.db")
    assert dump(tmp_path, "copy.db") == before
    assert not list(tmp_path.glob("copy.db-*"))
    assert not list(tmp_path.glob(".copy*"))
    assert called(tmp_path, "verify", "--db", "copy.db").exit == 0


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    (tmp_path / "copy.db").write_text("something else")
    done = called(tmp_path, "backup", "copy.db", "--lang", "da")
    assert (done.exit, "allerede en fil" in done.stderr) == (2, True)
    assert (tmp_path / "copy.db").read_text() == "something else"
    assert called(tmp_path, "backup", "x.db", "--db", "missing.db").exit == 2
    assert called(tmp_path, "backup", "nowhere/x.db").exit == 2
    assert not (tmp_path / "x.db").exists()


def test_a_damaged_changelog_is_not_backed_up(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *DEMO)
    database = tmp_path / "sordiff.db"
    content = bytearray(database.read_bytes())
    content[8192 * 20 : 8192 * 21] = bytes(8192)
    database.write_bytes(content)
    done = called(tmp_path, "backup", "copy.db")
    assert (done.exit, "is damaged" in done.stderr) == (2, True)
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.name)
def test_a_released_changelog_is_upgraded_with_a_backup_beside_it(
    tmp_path: Path, released: Path
) -> None:
    database = tmp_path / "sordiff.db"
    with gzip.open(released) as packed, database.open("wb") as file:
        shutil.copyfileobj(packed, file)
    ((step,),) = rows(tmp_path, "PRAGMA user_version")
    events = 'SELECT run_id, "order", sequence, id, type, subject, data FROM events ORDER BY 1, 2'
    before, told = dump(tmp_path), rows(tmp_path, events)
    good(tmp_path, "ingest", DEMO[2])
    assert rows(tmp_path, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert rows(tmp_path, f"{events} LIMIT {len(told)}") == told
    assert len(told) == 13
    assert "3 runs, 46 events" in good(tmp_path, "verify")
    beside = f"sordiff.db.step-{step}"
    if step == len(MIGRATIONS):
        assert not (tmp_path / beside).exists()
    else:
        assert dump(tmp_path, beside) == before
    # What the next night tells is what it tells in a new changelog.
    (tmp_path / "new").mkdir()
    good(tmp_path / "new", "ingest", *DEMO)
    assert good(tmp_path, "events", "--run", "3") == good(tmp_path / "new", "events", "--run", "3")
    # So do the views, whose columns were filled out of what was there.
    # The record, the last column of v_units, said null for what is absent.
    for query in VIEWS:
        old, new = rows(tmp_path, query), rows(tmp_path / "new", query)
        assert [row[:-1] for row in old] == [row[:-1] for row in new]


def test_without_room_for_the_backup_nothing_is_upgraded(tmp_path: Path) -> None:
    database = tmp_path / "sordiff.db"
    database.write_bytes(gzip.decompress(RELEASED[0].read_bytes()))
    (tmp_path / "sordiff.db.step-1").mkdir()
    done = called(tmp_path, "ingest", DEMO[2])
    assert (done.exit, "could not be written" in done.stderr) == (2, True)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
