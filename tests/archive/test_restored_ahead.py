"""The nights of a rebuild come whole and in order, from a thread and from a process."""

from __future__ import annotations

import os
import signal
from multiprocessing import active_children
from typing import TYPE_CHECKING

import pytest

from sordiff.archive import Archive
from sordiff.errors import ArchiveFailed
from sordiff.service.archive.restored_ahead import LARGE, restore_ahead
from tests.archive.keeping import day_of, keep_all

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 10
SMALLEST = 1


@pytest.mark.parametrize("large", [LARGE, SMALLEST])
def test_every_night_comes_whole_and_in_order(tmp_path: Path, large: int) -> None:
    written = keep_all(tmp_path / "archive", NIGHTS)
    archive = Archive.open(tmp_path / "archive")
    with restore_ahead(archive, archive.list_kept(), large=large) as restored:
        nights = list(restored)
    assert [night.night.day for night in nights] == [day_of(number) for number in range(NIGHTS)]
    assert [night.content[:] for night in nights] == written
    assert not active_children()


@pytest.mark.parametrize("large", [LARGE, SMALLEST])
def test_what_is_damaged_is_said_where_it_is_reached(tmp_path: Path, large: int) -> None:
    keep_all(tmp_path / "archive", 3)
    archive = Archive.open(tmp_path / "archive")
    kept = archive.list_kept()
    (tmp_path / "archive" / archive.list_nights()[2].file).unlink()
    with restore_ahead(archive, kept, large=large) as restored:
        assert [next(restored).night.day for _ in range(2)] == [day_of(0), day_of(1)]
        with pytest.raises(ArchiveFailed, match="damaged: it is missing"):
            next(restored)
    assert not active_children()


def test_a_process_that_is_ended_is_said(tmp_path: Path) -> None:
    keep_all(tmp_path / "archive", 3)
    archive = Archive.open(tmp_path / "archive")
    with restore_ahead(archive, archive.list_kept(), large=SMALLEST) as restored:
        (process,) = active_children()
        os.kill(process.pid or 0, signal.SIGKILL)
        with pytest.raises(ArchiveFailed, match="the process for it was ended"):
            list(restored)
    assert not active_children()


def test_whoever_stops_early_leaves_no_process(tmp_path: Path) -> None:
    keep_all(tmp_path / "archive", 3)
    archive = Archive.open(tmp_path / "archive")
    with restore_ahead(archive, archive.list_kept(), large=SMALLEST) as restored:
        next(restored)
        assert active_children()
    assert not active_children()
