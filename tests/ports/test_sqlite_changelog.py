"""The contract of a changelog, kept by SQLite."""

from pathlib import Path

import pytest

from sordiff.store.changelog import SqliteChangelog
from tests.ports.changelog_suite import *  # noqa: F403  # its tests


@pytest.fixture
def changelog(tmp_path: Path) -> SqliteChangelog:
    return SqliteChangelog(tmp_path / "sordiff.db")
