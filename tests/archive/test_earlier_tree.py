"""An archive whose nights lean in eights, and whose patches are packed once, goes on as it was written."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from sordiff.archive import Archive
from sordiff.archive.records import NewNight
from tests.archive.keeping import AT
from tests.cli.calling import events, good
from tests.making.demo import DEMO
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = ROOT / "fixtures" / "archives" / "leaning-in-eights"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The nights of the demo, in the archive of an earlier build."""
    shutil.copytree(WRITTEN, tmp_path / "archive")
    (tmp_path / "sordiff.toml").write_text('[archive]\ndir = "archive"\n')
    return tmp_path


def test_it_is_sound_and_rebuilt(folder: Path) -> None:
    good(folder, "archive", "verify")
    good(folder, "rebuild", "--db", "rebuilt.db")
    (fresh := folder / "fresh").mkdir()
    good(fresh, "ingest", *sorted(DEMO.glob("*.zip")))
    rebuilt = events(folder, "--db", "rebuilt.db")
    assert len(rebuilt) == 46
    assert rebuilt == events(fresh)


def test_the_next_nights_lean_on_it(folder: Path) -> None:
    archive = Archive.open(folder / "archive")
    archive.get(archive.find("2024-03-06"), folder / "night.xml")
    last = (folder / "night.xml").read_bytes()
    for number in range(7, 19):
        day = f"2024-03-{number:02}"
        content = last.replace(b"2024-03-06", day.encode())
        (folder / "next.xml").write_bytes(content)
        night = NewNight(day=day, created_at=f"{day}T01:00:00+01:00", name="next.xml", at=AT)
        archive.add(night, folder / "next.xml")
        archive.get(archive.find(day), folder / "back.xml")
        assert (folder / "back.xml").read_bytes() == content
    assert archive.verify().faults == ()
    told = good(folder, "archive", "list", "--format", "json")
    nights = [json.loads(line) for line in told.splitlines()]
    assert len(nights) == 15
    assert [night["leans_on"] for night in nights].count(None) == 1
