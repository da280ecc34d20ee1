"""The nights of a rebuild come whole and in order, one ahead of who takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sordiff.archive import Archive
from sordiff.errors import ArchiveFailed
from sordiff.service.archive.restored_ahead import restore_ahead
from tests.archive.keeping import day_of, keep_all

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 10


def test_every_night_comes_whole_and_in_order(tmp_path: Path) -> None:
    written = keep_all(tmp_path / "archive", NIGHTS)
    archive = Archive.open(tmp_path / "archive")
    with restore_ahead(archive, archive.list_kept()) as restored:
        nights = list(restored)
    assert [night.night.day for night in nights] == [day_of(number) for number in range(NIGHTS)]
    assert [night.content[:] for night in nights] == written


def test_what_somebody_has_is_not_written_over(tmp_path: Path) -> None:
    written = keep_all(tmp_path / "archive", NIGHTS)
    archive = Archive.open(tmp_path / "archive")
    held = []
    with restore_ahead(archive, archive.list_kept()) as restored:
        for number, night in enumerate(restored):
            assert night.content[:] == written[number]
            if number % 3 == 0:
                held.append((number, night.content))
    assert [(number, content[:]) for number, content in held] == [
        (number, written[number]) for number in range(0, NIGHTS, 3)
    ]


def test_what_is_damaged_is_said_where_it_is_reached(tmp_path: Path) -> None:
    keep_all(tmp_path / "archive", 3)
    archive = Archive.open(tmp_path / "archive")
    kept = archive.list_kept()
    (tmp_path / "archive" / archive.list_nights()[2].file).unlink()
    with restore_ahead(archive, kept) as restored:
        assert [next(restored).night.day for _ in range(2)] == [day_of(0), day_of(1)]
        with pytest.raises(ArchiveFailed, match="damaged: it is missing"):
            next(restored)
