"""A damaged or half restored changelog: every command says so in one sentence, with what to do."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sordiff.errors import ChangelogFailed
from sordiff.store.told_errors import translate_errors
from tests.cli.calling import called, good
from tests.cli.dumping import write_chain
from tests.cli.on_changelogs import commands
from tests.made_once import copy_once_made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMANDS = commands("night-4.xml")
PAGE = 8192


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """Five nights, of which four are recorded. older.db is from the first; the log of the last night still lies beside killed.db."""
    return copy_once_made(tmp_path_factory, "damaged", record, tmp_path)


def record(folder: Path) -> None:
    nights = write_chain(folder, units=400, nights=5)
    good(folder, "ingest", nights[0])
    shutil.copy(folder / "sordiff.db", folder / "older.db")
    good(folder, "ingest", *nights[1:3])
    with closing(sqlite3.connect(folder / "sordiff.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM runs").fetchone()  # who reads just now keeps the log
        good(folder, "ingest", nights[3])
        for end in ("", "-wal"):
            shutil.copy(folder / f"sordiff.db{end}", folder / f"killed.db{end}")


def half_restored(folder: Path) -> None:
    """The old file, and the log of the newer one beside it."""
    shutil.copy(folder / "older.db", folder / "broken.db")
    shutil.copy(folder / "killed.db-wal", folder / "broken.db-wal")


def truncated(folder: Path) -> None:
    content = (folder / "sordiff.db").read_bytes()
    (folder / "broken.db").write_bytes(content[: len(content) // 2 // PAGE * PAGE])


def cut_within_a_page(folder: Path) -> None:
    (folder / "broken.db").write_bytes((folder / "sordiff.db").read_bytes()[:-5000])


def overwritten(folder: Path) -> None:
    content = bytearray((folder / "sordiff.db").read_bytes())
    content[PAGE:] = b"\xa5" * (len(content) - PAGE)
    (folder / "broken.db").write_bytes(content)


def beginning_overwritten(folder: Path) -> None:
    content = bytearray((folder / "sordiff.db").read_bytes())
    content[:PAGE] = b"\xa5" * PAGE
    (folder / "broken.db").write_bytes(content)


@pytest.mark.parametrize(
    "harm", [half_restored, truncated, cut_within_a_page, overwritten, beginning_overwritten]
)
def test_a_damaged_changelog_is_said_to_be_so(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder)
    kept = {path.name: path.read_bytes() for path in folder.glob("broken.db*")}
    for words in COMMANDS:
        for path in folder.glob("broken.db*"):
            path.unlink()
        for name, content in kept.items():
            (folder / name).write_bytes(content)
        ran = called(folder, *words, "--db", "broken.db")
        assert (ran.exit, ran.stdout) == (2, ""), words
        assert "broken.db" in ran.stderr
        assert ("is damaged" in ran.stderr) or ("is no changelog" in ran.stderr), (words, ran)
        if words[0] != "run":  # which says it for each of its steps
            assert ran.stderr.count("\n") == 1


def test_a_log_is_found_behind_a_link(folder: Path) -> None:
    half_restored(folder)
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "linked.db").symlink_to(folder / "broken.db")
    for words in (("runs",), ("ingest", "night-4.xml")):
        ran = called(folder, *words, "--db", "elsewhere/linked.db")
        assert (ran.exit, "is damaged" in ran.stderr) == (2, True)


def test_a_first_file_of_a_killed_call_is_said_to_be_half_written(tmp_path: Path) -> None:
    """SQLite's journal lies beside it, which only a call that writes can undo."""
    night = write_chain(tmp_path, units=60, nights=1)[0]
    with closing(sqlite3.connect(tmp_path / "begun.db", isolation_level=None)) as begun:
        begun.execute("PRAGMA application_id = 1397707332")
        begun.execute("PRAGMA cache_size = 1")  # so that pages go to the disk before the end
        begun.execute("BEGIN")
        begun.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, text TEXT)")
        begun.executemany("INSERT INTO runs (text) VALUES (?)", [("x" * 4000,)] * 20)
        for end in ("", "-journal"):
            shutil.copy(tmp_path / f"begun.db{end}", tmp_path / f"sordiff.db{end}")
        begun.execute("ROLLBACK")
    for words in (("status",), ("runs",), ("events",)):
        ran = called(tmp_path, *words)
        assert (ran.exit, ran.stderr.count("\n")) == (2, 1)
        assert "left half written" in ran.stderr
    assert "halvt skrevet" in called(tmp_path, "runs", "--lang", "da").stderr
    good(tmp_path, "ingest", night)
    assert "baseline" in good(tmp_path, "runs")


def test_a_file_of_which_all_is_undone_gets_the_id_of_a_changelog(tmp_path: Path) -> None:
    """A call was killed before SQLite had made its very first page for good."""
    night = write_chain(tmp_path, units=60, nights=1)[0]
    with closing(sqlite3.connect(tmp_path / "sordiff.db", isolation_level=None)) as begun:
        begun.execute(f"PRAGMA page_size = {PAGE}")
        begun.execute("PRAGMA application_id = 1397707332")
    # A journal by which the file had no page before: magic number, records, nonce, pages, sizes.
    head = struct.pack(">8s5I", bytes.fromhex("d9d505f920a163d7"), 0, 1, 0, 512, PAGE)
    (tmp_path / "sordiff.db-journal").write_bytes(head.ljust(512, b"\0"))
    assert "left half written" in called(tmp_path, "runs").stderr
    good(tmp_path, "ingest", night)
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as made:
        assert made.execute("PRAGMA application_id").fetchone() == (1397707332,)
        assert made.execute("PRAGMA page_size").fetchone() == (8192,)
        assert made.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_who_reads_beside_a_first_night_is_told_of_it(tmp_path: Path) -> None:
    night = write_chain(tmp_path, units=60, nights=1)[0]
    good(tmp_path, "ingest", night)
    with closing(sqlite3.connect(tmp_path / "sordiff.db", isolation_level=None)) as first:
        first.execute("PRAGMA journal_mode = DELETE")
        first.execute("BEGIN EXCLUSIVE")
        first.execute("UPDATE runs SET reason = ''")
        with pytest.raises(ChangelogFailed, match="gets its first night just now"):
            read_at_once(tmp_path / "sordiff.db")
        first.execute("ROLLBACK")
    good(tmp_path, "runs")


def read_at_once(path: Path) -> None:
    """Read a changelog, and wait for nobody."""
    with translate_errors(path), closing(sqlite3.connect(path, timeout=0)) as reader:
        reader.execute("SELECT * FROM runs").fetchall()


def test_a_log_that_a_killed_call_left_is_taken(folder: Path) -> None:
    assert len(good(folder, "runs", "--db", "killed.db").splitlines()) == len(
        good(folder, "runs").splitlines()
    )
    good(folder, "ingest", "night-4.xml", "--db", "killed.db")


def test_records_that_are_none(folder: Path) -> None:
    """Its pages are whole, and what stands in them is not what sordiff wrote."""
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        connection.execute("UPDATE units SET record = '{\"kind\": 7}'")
    [unit] = [line for line in good(folder, "events", "--limit", "1").splitlines() if line]
    assert unit
    ran = called(folder, "ingest", "night-4.xml", "--no-fast")
    assert ran.exit == 2
    assert "is damaged" in ran.stderr
