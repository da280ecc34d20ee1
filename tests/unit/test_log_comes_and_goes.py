"""SQLite's log is gone or emptied at any moment, also while somebody looks whether it is there."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sordiff.errors import ChangelogFailed
from sordiff.store.recognised import find_log
from sordiff.store.soundness import demand_soundness, has_log


class _GoneWhenSeen(type(Path())):  # type: ignore[misc]  # the class of paths of this system
    """A file that somebody removes as soon as anybody has looked at it."""

    def exists(self, **how: bool) -> bool:
        found: bool = super().exists(**how)
        self.unlink(missing_ok=True)
        return found

    def stat(self, **how: bool) -> os.stat_result:
        found: os.stat_result = super().stat(**how)
        self.unlink(missing_ok=True)
        return found


def test_a_log_that_goes_while_one_looks_is_none(tmp_path: Path) -> None:
    database = _GoneWhenSeen(tmp_path / "sordiff.db")
    log = find_log(database)
    log.write_bytes(b"some pages")
    assert has_log(database) in {True, False}
    assert not has_log(database)
    log.write_bytes(b"")
    assert not has_log(database)


class _EmptiedWhenSeen(type(Path())):  # type: ignore[misc]  # as above
    """A database whose log somebody copies into it, and empties, as soon as anybody has looked at either."""

    def stat(self, **how: bool) -> os.stat_result:
        found: os.stat_result = super().stat(**how)
        with closing(sqlite3.connect(str(self).removesuffix("-wal"))) as other:
            assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        return found


def test_a_log_that_is_emptied_while_the_file_is_measured_is_no_damage(tmp_path: Path) -> None:
    """The size of the file was asked for before what a night added had been copied into it."""
    database = tmp_path / "sordiff.db"
    with closing(sqlite3.connect(database)) as writer, closing(sqlite3.connect(database)) as reader:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE night (text)")
        writer.executemany("INSERT INTO night VALUES (?)", [("x" * 5000,)] * 50)
        writer.commit()
        assert has_log(database)
        demand_soundness(reader, _EmptiedWhenSeen(database), log=False)
        assert not has_log(database)


def test_a_file_whose_end_is_missing_is_damaged(tmp_path: Path) -> None:
    database = tmp_path / "sordiff.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE night (text)")
        os.truncate(database, database.stat().st_size - 1)
        with pytest.raises(ChangelogFailed, match="its end is missing"):
            demand_soundness(connection, database, log=False)
