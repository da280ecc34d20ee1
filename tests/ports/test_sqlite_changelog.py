"""The contract of a changelog, kept by SQLite."""

from pathlib import Path

import pytest

from sordiff.store.changelog import SqliteChangelog
from tests.ports.changelog_suite import *  # noqa: F403  # its tests


@pytest.fixture
def changelog(tmp_path: Path) -> SqliteChangelog:
    return SqliteChangelog(tmp_path / "sordiff.db")


def test_who_writes_needs_no_folder_for_temporary_files(tmp_path: Path) -> None:
    """A worker process may have filled it; to fill one here would take a file system of its own."""
    with SqliteChangelog(tmp_path / "a.db").open_to_write() as session:
        (where,) = session.connection.execute("PRAGMA temp_store").fetchone()
    assert where == 2, "in memory"
