"""A night that was unpacked leaves no memory behind in a process that goes on."""

from __future__ import annotations

import filecmp
import random
import sys
from pathlib import Path

import pytest

from sordiff.archive import Archive, NewNight
from tests.looking.memory import count_megabytes

PIECE, PIECES = 2**20, 48


@pytest.mark.skipif(sys.platform != "linux", reason="the memory is read as Linux tells it")
def test_what_is_unpacked_leaves_no_memory_behind(tmp_path: Path) -> None:
    archive, file = Archive(tmp_path / "archive"), tmp_path / "Sor.xml"
    piece = random.Random(1).randbytes(PIECE)
    before = count_megabytes()
    for day in range(1, 4):
        with file.open("wb") as content:
            content.writelines(bytes([day]) + piece for _ in range(PIECES))
        night = NewNight(day=f"2026-01-0{day}", created_at="", name="Sor.zip", at="")
        archive.add(night, file)
    archive.get(archive.find("2026-01-03"), tmp_path / "back")
    assert filecmp.cmp(tmp_path / "back", file, shallow=False)
    assert archive.verify().faults == ()
    # One unpacked night would be more.
    assert count_megabytes() - before < PIECES / 2
