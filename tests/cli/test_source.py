"""A changelog has one source: another is refused, however it was given, and so is what is no URI reference."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import called, rows
from tests.cli.calling import dump as statements
from tests.cli.dumping import dump, write_chain
from tests.older_changelogs import take_back

if TYPE_CHECKING:
    from pathlib import Path

OWN = 'source = "urn:example:sor"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three nights, of which two are recorded, with the source of sordiff.toml."""
    nights = write_chain(tmp_path, units=20, nights=3)
    (tmp_path / "sordiff.toml").write_text(OWN)
    assert called(tmp_path, "ingest", *nights[:2]).exit == 0
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "night-2.xml"),
        ("ingest", "night-1.xml"),
        ("ingest", "--dry-run", "night-2.xml"),
        ("ingest", "--rebaseline", "night-2.xml"),
        ("run", "night-2.xml"),
    ],
    ids=" ".join,
)
def test_a_night_without_the_configuration_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "sordiff.toml").unlink()
    before = dump(folder / "sordiff.db")
    ran = called(folder, *words)
    assert (ran.exit, ran.stdout) == (2, "")
    assert "urn:example:sor" in ran.stderr
    assert "urn:sordiff:sor" in ran.stderr
    after = dump(folder / "sordiff.db")
    # `run` sends what waits to be told all the same.
    assert {**after, "notices": []} == {**before, "notices": []}
    (folder / "sordiff.toml").write_text(OWN)
    assert called(folder, *words).exit == 0


@pytest.mark.parametrize("command", ["release", "reject", "retract"])
def test_a_decision_without_the_configuration_is_refused(folder: Path, command: str) -> None:
    """As `ingest` does: what is decided is told under the source of the changelog."""
    settings = f'{OWN}[alarms.counts]\n"unit.moved" = 0\n[publish]\nto = ["ndjson:out"]\n'
    (folder / "elsewhere.toml").write_text(settings)
    (folder / "sordiff.toml").unlink()
    called(folder, "publish", "--config", "elsewhere.toml")
    held = called(folder, "ingest", "--config", "elsewhere.toml", "night-2.xml")
    assert "--reason TEXT --config elsewhere.toml" in held.stderr
    run = "2" if command == "retract" else "3"
    before = statements(folder)
    ran = called(folder, command, run, "--reason", "x")
    assert (ran.exit, ran.stdout) == (2, "")
    assert "urn:example:sor" in ran.stderr
    assert statements(folder) == before
    assert called(folder, command, run, "--reason", "x", "--config", "elsewhere.toml").exit == 0


def test_a_changelog_of_an_older_sordiff_has_the_source_of_its_last_run(folder: Path) -> None:
    old = folder / "old.db"
    with (
        closing(sqlite3.connect(folder / "sordiff.db")) as new,
        closing(sqlite3.connect(old)) as made,
    ):
        new.backup(made)
        made.execute("DELETE FROM changelogs")
        take_back(made, 12)
        made.commit()
    (folder / "sordiff.toml").unlink()
    ran = called(folder, "ingest", "night-2.xml", "--db", "old.db")
    assert (ran.exit, "urn:example:sor" in ran.stderr) == (2, True)
    assert rows(folder, "SELECT source FROM changelog_source", "old.db") == [("urn:example:sor",)]
    [(name, role)] = rows(folder, "SELECT changelog_id, role FROM changelogs", "old.db")
    assert (len(name), role) == (36, "own")


def test_a_source_that_is_none_is_refused(tmp_path: Path) -> None:
    (night,) = write_chain(tmp_path, units=3, nights=1)
    (tmp_path / "sordiff.toml").write_text('source = "my own register"\n')
    ran = called(tmp_path, "ingest", night)
    assert (ran.exit, "my own register" in ran.stderr) == (2, True)
    assert not (tmp_path / "sordiff.db").exists()
