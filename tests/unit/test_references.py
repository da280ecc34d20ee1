"""What belongs to a run may be written before it; what belongs to none is refused, and all that came with it."""

from __future__ import annotations

from contextlib import closing
from sqlite3 import connect
from typing import TYPE_CHECKING

import pytest

from sordiff.errors import SordiffError
from sordiff.model import SorId
from sordiff.store.changelog import SqliteChangelog

if TYPE_CHECKING:
    from pathlib import Path


def _write_without_a_run(changelog: SqliteChangelog, written: list[str]) -> None:
    with changelog.open_to_write() as session, session.transaction():
        session.identity.give_source("urn:a")
        session.state.remember_units([SorId("1")], 7)
        written.append("all")


def test_what_refers_to_no_run_is_refused_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "sordiff.db"
    changelog = SqliteChangelog(path)
    written: list[str] = []
    with pytest.raises(SordiffError, match="FOREIGN KEY"):
        _write_without_a_run(changelog, written)
    assert written == ["all"]
    with closing(connect(path)) as connection:
        assert connection.execute("SELECT * FROM known_units").fetchall() == []
    with changelog.open_to_write() as session:
        assert session.identity.find_source() is None
