"""A changelog made anew of the archive is the one that it replaces, whatever was decided in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.archive.year import KINDS, Year, count_kinds, prove_rebuilt

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 22


def test_a_rebuilt_changelog_is_the_one_that_it_replaces(tmp_path: Path) -> None:
    Year(tmp_path, seed=1).live(NIGHTS)
    assert set(count_kinds(tmp_path).elements()) == {*KINDS, "adopted names"}
    prove_rebuilt(tmp_path)
