"""A new changelog: its first transaction goes into the file, all others into a log beside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sordiff.store.changelog import SqliteChangelog
from sordiff.store.database import is_kept_open
from sordiff.store.recognised import find_journal, find_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from sordiff.store.session import SqliteSession


def read_journal(session: SqliteSession) -> str:
    (journal,) = session.connection.execute("PRAGMA journal_mode").fetchone()
    return str(journal)


def test_the_first_transaction_goes_into_the_file(tmp_path: Path) -> None:
    changelog = SqliteChangelog(tmp_path / "new.db")
    with changelog.open_to_write() as session:
        assert read_journal(session) == "delete"
        with session.transaction():
            assert read_journal(session) == "delete"
        assert read_journal(session) == "wal"
    with changelog.open_to_write() as session:
        assert read_journal(session) == "wal"
    assert [path.name for path in tmp_path.glob("new.db-*")] == []


def test_a_call_that_writes_nothing_leaves_a_log_for_the_next(tmp_path: Path) -> None:
    changelog = SqliteChangelog(tmp_path / "new.db")
    with changelog.open_to_write():
        pass
    with changelog.open_to_read() as session:
        assert read_journal(session) == "wal"


def test_of_many_runs_all_go_into_the_log(tmp_path: Path) -> None:
    """They do not wait for the disk, which is sound with a log alone."""
    with SqliteChangelog(tmp_path / "new.db").open_to_write_many() as session:
        assert read_journal(session) == "wal"


def test_who_may_not_write_beside_it_takes_it_as_unchanging_only_at_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.db"
    with SqliteChangelog(path).open_to_write():
        pass
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert not is_kept_open(path)
    for beside in (find_log(path), find_journal(path)):
        beside.touch()
        assert is_kept_open(path)
        beside.unlink()
