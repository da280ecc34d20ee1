"""SQLite's log is gone at any moment, also while somebody looks whether it is there."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sordiff.store import soundness
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


def test_a_log_that_is_emptied_while_one_looks_tells_of_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is shorter than what SQLite knows until the log is emptied, and then it is not."""
    database = tmp_path / "sordiff.db"
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as writer,
        closing(sqlite3.connect(database)) as reader,
    ):
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE runs (id)")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.execute("INSERT INTO runs VALUES (zeroblob(100000))")
        assert has_log(database)

        def empty_and_look(path: Path) -> bool:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return has_log(path)

        monkeypatch.setattr(soundness, "has_log", empty_and_look)
        demand_soundness(reader, database, log=False)
        assert not has_log(database)
