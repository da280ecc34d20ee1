"""What Python's search for garbage looks through."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sordiff.collection import (
    _Held,
    hold_until_left,
    leave_soon,
    pause_collection,
    set_aside_what_stays,
)
from sordiff.model import Day
from sordiff.snapshot import ReadOptions
from sordiff.snapshot.read_history import open_history
from tests.making.tables import write_sor2
from tests.tables.rows import hospital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def test_it_goes_on_after_a_pause() -> None:
    assert gc.isenabled()
    with pause_collection():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_stays_is_set_aside_until_the_block_ends() -> None:
    with set_aside_what_stays() as set_aside:
        set_aside()
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0


class Large:
    pass


@pytest.fixture
def leaves(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Says that the process leaves soon, as far as this test goes."""
    monkeypatch.setattr(_Held, "values", None)
    yield leave_soon
    gc.unfreeze()


@pytest.mark.parametrize("is_leaving", [False, True])
def test_only_a_process_that_leaves_holds_what_is_large(
    leaves: Callable[[], None], is_leaving: bool
) -> None:
    if is_leaving:
        leaves()
    large = Large()
    known = weakref.ref(large)
    hold_until_left(large)
    del large
    assert (known() is not None) is is_leaving
    assert (gc.get_freeze_count() > 0) is is_leaving


def test_the_units_of_a_history_are_set_aside_while_its_nights_are_read(tmp_path: Path) -> None:
    before, after = hospital(), hospital()[1:2]
    before[1]["ToDate"] = "2020-01-09"
    after[0]["FromDate"] = "2020-01-10"
    path = tmp_path / "f.csv"
    path.write_bytes(write_sor2([*before, *after]))
    with open_history(path, ReadOptions()) as history:
        history.read(Day("2020-01-01"))
        assert gc.get_freeze_count() > 0
    assert (gc.get_freeze_count(), gc.isenabled()) == (0, True)


class Ring:
    def __init__(self) -> None:
        self.itself = self


def test_rings_that_were_made_in_a_pause_are_collected_soon_after_it() -> None:
    """A process that takes many nights would else keep them all."""
    with pause_collection():
        known = weakref.ref(Ring())
        assert known() is not None
    made = [[number] for number in range(2 * gc.get_threshold()[0])]
    assert known() is None
    assert len(made) == 2 * gc.get_threshold()[0]
