"""A changelog made anew of the archive is the one that it replaces, whatever was decided in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.archive.year import KINDS, Year, count_kinds, prove_rebuilt
from tests.cli.calling import good

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 22


def test_a_rebuilt_changelog_is_the_one_that_it_replaces(tmp_path: Path) -> None:
    Year(tmp_path, seed=1).live(NIGHTS)
    assert set(count_kinds(tmp_path).elements()) == {*KINDS, "adopted names"}
    prove_rebuilt(tmp_path)


def test_a_rebuilt_changelog_has_the_mark_of_the_one_that_it_replaces(tmp_path: Path) -> None:
    Year(tmp_path, seed=2).live(4)
    good(tmp_path, "rebuild", "--db", "new.db")
    old, new = (
        json.loads((tmp_path / f"{name}.db.mark").read_bytes()) for name in ("sordiff", "new")
    )
    assert old == new
    assert len(new["runs"]) > 1
