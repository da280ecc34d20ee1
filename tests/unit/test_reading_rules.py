"""Of units that were read by other rules unchanged bytes are read anew; of lists nothing is skipped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sordiff.model import READING_RULES
from sordiff.service.ingest.ingest import open_index
from sordiff.store.changelog import SqliteChangelog
from tests.cli.calling import good
from tests.cli.practice import MONDAY, night

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("rules", "known"), [(0, False), (1, True), (READING_RULES, True), (READING_RULES + 1, False)]
)
def test_the_index_is_of_use_where_units_were_read_by_the_rules_of_today(
    tmp_path: Path, rules: int, *, known: bool
) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection, connection:
        connection.execute("UPDATE runs SET reading_rules = ?", [rules])
    with open_index(SqliteChangelog(tmp_path / "sordiff.db")) as index:
        assert (index is not None) == known
