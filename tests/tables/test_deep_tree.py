"""A table may have a tree of any depth, which no XML has: a chain of parents is no chain of calls."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.cli.calling import events, good, said
from tests.making.numbers import valid_sor_id
from tests.making.tables import write_sor2
from tests.tables.rows import sor2

if TYPE_CHECKING:
    from pathlib import Path

DEEP = sys.getrecursionlimit() + 200


def test_a_unit_far_below_its_owner_is_renamed(tmp_path: Path) -> None:
    rows = [
        sor2(
            number, "IE" if number == 1 else "SI" if number == 2 else "OE", "A", number - 1 or None
        )
        for number in range(1, DEEP + 1)
    ]
    (tmp_path / "one.csv").write_bytes(write_sor2(rows))
    rows[-1]["EntityName"] = "B"
    (tmp_path / "two.csv").write_bytes(write_sor2(rows))
    good(tmp_path, "ingest", "one.csv@2020-01-01", "two.csv@2020-01-02")
    assert said(events(tmp_path)) == [("unit.renamed", valid_sor_id(DEEP))]
    good(tmp_path, "diff", "one.csv@2020-01-01", "two.csv@2020-01-02")
    good(tmp_path, "report", "--run", "2")
    good(tmp_path, "verify")
    good(tmp_path, "check", "two.csv@2020-01-02")
