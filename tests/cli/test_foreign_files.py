"""A file at the place of the changelog that is another's: refused by every command alike, and left byte for byte as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sordiff.store.migrations import MIGRATIONS
from sordiff.store.recognised import APPLICATION_ID
from tests.cli.calling import called, dump, good, rows
from tests.cli.dumping import write_chain
from tests.cli.on_changelogs import READING, WRITING, commands, names_with_a_changelog
from tests.older_changelogs import take_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMANDS = commands("night-1.xml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two nights, of which one is recorded."""
    nights = write_chain(tmp_path, units=20, nights=2)
    good(tmp_path, "ingest", nights[0])
    return tmp_path


def made(*statements: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return make


def text(content: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


FOREIGN = {
    "another program": made("CREATE TABLE accounts (id INTEGER)"),
    "with a log": made("PRAGMA journal_mode = WAL", "CREATE TABLE accounts (id INTEGER)"),
    "with our number": made("CREATE TABLE runs (id INTEGER)", "PRAGMA user_version = 9"),
    "with a later number": made("CREATE TABLE a (id INTEGER)", "PRAGMA user_version = 99"),
    "with an id of its own": made("PRAGMA application_id = 252006674", "CREATE TABLE a (b)"),
    "without tables": made("PRAGMA user_version = 3", "VACUUM"),
    "no database": text(b"Dear sir or madam,\n" * 500),
    "zeros": text(bytes(8192)),
    "one byte": text(b"S"),
    "half a header": text(b"SQLite format 3\0" + bytes(40)),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_another_s_file_is_refused_unchanged(folder: Path, name: str) -> None:
    path = folder / "other.db"
    FOREIGN[name](path)
    before, listed, touched = path.read_bytes(), sorted(folder.iterdir()), path.stat().st_mtime_ns
    for words in COMMANDS:
        ran = called(folder, *words, "--db", "other.db")
        assert (ran.exit, ran.stdout) == (2, ""), words
        assert ran.stderr.count("sordiff: error") == 1, words
        assert "other.db" in ran.stderr, words
        assert ("is no changelog" in ran.stderr) or ("another program" in ran.stderr), words
        assert sorted(folder.iterdir()) == listed, words
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, touched)


def test_a_database_that_another_program_has_open(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "other.db", isolation_level=None)) as theirs:
        theirs.execute("PRAGMA journal_mode = WAL")
        theirs.execute("CREATE TABLE accounts (id INTEGER)")
        files = [folder / f"other.db{end}" for end in ("", "-wal")]
        before, listed = [path.read_bytes() for path in files], sorted(folder.iterdir())
        for words in COMMANDS:
            assert called(folder, *words, "--db", "other.db").exit == 2, words
        assert before == [path.read_bytes() for path in files]
        assert sorted(folder.iterdir()) == listed
        theirs.execute("INSERT INTO accounts VALUES (1)")


def test_a_changelog_is_known_by_its_application_id(folder: Path) -> None:
    assert rows(folder, "PRAGMA application_id") == [(APPLICATION_ID,)]


def test_a_changelog_of_an_older_sordiff_is_known_by_its_tables(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "old.db")) as old, old:
        old.execute("PRAGMA journal_mode = WAL")
        for script in MIGRATIONS[:9]:
            for statement in filter(str.strip, script.split(";")):
                old.execute(statement)
        old.execute("PRAGMA user_version = 9")
    assert "older sordiff" in called(folder, "runs", "--db", "old.db").stderr
    good(folder, "ingest", "night-0.xml", "--db", "old.db")
    assert rows(folder, "PRAGMA application_id", "old.db") == [(APPLICATION_ID,)]


def test_a_changelog_whose_tables_are_in_its_log_alone(folder: Path) -> None:
    """As a call of an older sordiff left it that was killed."""
    with closing(sqlite3.connect(folder / "old.db", isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        for script in MIGRATIONS[:9]:
            for statement in filter(str.strip, script.split(";")):
                old.execute(statement)
        old.execute("PRAGMA user_version = 9")
        for end in ("", "-wal"):
            shutil.copy(folder / f"old.db{end}", folder / f"killed.db{end}")
    assert (folder / "killed.db").stat().st_size <= 8192
    good(folder, "ingest", "night-0.xml", "--db", "killed.db")


def test_a_file_of_no_bytes_is_filled(folder: Path) -> None:
    (folder / "empty.db").touch()
    assert "There is no changelog" in called(folder, "runs", "--db", "empty.db").stderr
    good(folder, "ingest", "night-0.xml", "--db", "empty.db")


def test_a_path_that_leads_nowhere(folder: Path) -> None:
    (folder / "loop.db").symlink_to(folder / "loop.db")
    for words in COMMANDS:
        ran = called(folder, *words, "--db", "loop.db")
        assert (ran.exit, "loop.db" in ran.stderr) == (2, True), words
        assert "unexpected" not in ran.stderr, words


def test_a_file_with_two_names_is_not_written_to(folder: Path) -> None:
    os.link(folder / "sordiff.db", folder / "linked.db")
    before = (folder / "sordiff.db").read_bytes()
    for name in ("sordiff.db", "linked.db"):
        ran = called(folder, "ingest", "night-1.xml", "--db", name)
        assert (ran.exit, "hard link" in ran.stderr) == (2, True)
    assert (folder / "sordiff.db").read_bytes() == before
    assert called(folder, "runs").exit == 0


def test_a_folder_is_not_said_to_have_another_name(folder: Path) -> None:
    (folder / "folder.db").mkdir()
    ran = called(folder, "ingest", "night-1.xml", "--db", "folder.db")
    assert (ran.exit, "folder.db" in ran.stderr, "hard link" in ran.stderr) == (2, True, False)


def test_every_command_on_a_changelog_is_tried() -> None:
    tried = {" ".join(words[:2]) for words in READING + WRITING}
    known = {
        name
        for name in names_with_a_changelog()
        if any(f"{one} ".startswith(f"{name} ") for one in tried)
    }
    assert names_with_a_changelog() == known


def test_without_a_changelog_only_a_snapshot_makes_one(tmp_path: Path) -> None:
    (night,) = write_chain(tmp_path, units=3, nights=1)
    for words in commands(night):
        if words[0] not in {"ingest", "run"}:
            ran = called(tmp_path, *words)
            assert (ran.exit, ran.stdout) == (2, ""), words
            assert "There is no changelog at sordiff.db" in ran.stderr, words
            assert not (tmp_path / "sordiff.db").exists(), words


def test_a_changelog_of_a_newer_sordiff_is_refused_unchanged(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "sordiff.db")) as newer, newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = dump(folder)
    for words in COMMANDS:
        ran = called(folder, *words)
        assert (ran.exit, ran.stdout) == (2, ""), words
        assert "was written by a newer sordiff" in ran.stderr, words
    assert dump(folder) == before


def test_reading_commands_say_that_a_changelog_is_older(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "sordiff.db")) as older, older:
        take_back(older, len(MIGRATIONS) - 1)
    before = dump(folder)
    for reading in READING:
        ran = called(folder, *reading)
        assert (ran.exit, ran.stdout) == (2, ""), reading
        assert "was written by an older sordiff" in ran.stderr, reading
    assert dump(folder) == before
    for words in COMMANDS[len(READING) :]:  # each of them may be the first
        with closing(sqlite3.connect(folder / "sordiff.db")) as older, older:
            if older.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS):
                take_back(older, len(MIGRATIONS) - 1)
        ran = called(folder, *words)
        assert "older sordiff" not in ran.stderr, words
        assert "unexpected" not in ran.stderr, (words, ran.stderr)
