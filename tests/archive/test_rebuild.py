"""A changelog made anew of the archive is the one that it replaces, whatever was decided in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from sordiff.archive import Archive
from sordiff.service.archive.rebuild import list_doubts, rebuild
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.archive.year import KINDS, Year, count_kinds, prove_rebuilt
from tests.cli.calling import called, good
from tests.cli.practice import MONDAY, TUESDAY, write_night

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


ENTRY = "<EntityType><Code>{}</Code><Name>{}</Name>{}</EntityType>"


def _archive_two_nights(folder: Path, more: str = "") -> None:
    (folder / "sordiff.toml").write_text('[archive]\ndir = "archive"\n', encoding="utf-8")
    for day, text in ((MONDAY, "a"), (TUESDAY, "b")):
        types = ENTRY.format(1, text, "") + ENTRY.format(2, "c", "") + more
        good(folder, "ingest", write_night(folder, day, types))


def test_runs_that_are_told_otherwise_are_named(tmp_path: Path) -> None:
    _archive_two_nights(tmp_path)
    assert called(tmp_path, "rebuild", "--db", "same.db").stderr == ""
    with (tmp_path / "sordiff.toml").open("a", encoding="utf-8") as file:
        file.write("[data_types.EntityType]\nignore = true\n")
    done = called(tmp_path, "rebuild", "--db", "other.db")
    assert done.exit == 0
    assert "1 runs have other events than were recorded, the first is run 2" in done.stderr


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("", False),
        (ENTRY.format(3, "d", "") + ENTRY.format(3, "e", "<ToDate>2001-01-01</ToDate>"), True),
    ],
)
def test_runs_that_an_earlier_release_noted_may_be_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, *, named: bool
) -> None:
    """It noted no digest of their events, and knew one entry of a code alone."""
    _archive_two_nights(tmp_path, more)
    list_done = Archive.list_done

    def list_as_before(archive: Archive) -> list[object]:
        return [msgspec.structs.replace(done, digest=None) for done in list_done(archive)]

    monkeypatch.setattr(Archive, "list_done", list_as_before)
    archive, new = Archive(tmp_path / "archive"), SqliteChangelog(tmp_path / "new.db")
    rebuilt = [*rebuild(archive, new, Settings(), at="2024-03-08T06:00:00+00:00")]
    assert [run.differs for run in rebuilt] == ([False, None] if named else [False, False])
    told = "".join(list_doubts(rebuilt))
    assert ("1 runs may have other events than were recorded, the first is run 2" in told) == named
