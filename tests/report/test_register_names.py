"""Two registers name what a report of the same night names: `diff` tells a change as `report` does."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from sordiff.model import Classification, Day, Entry
from sordiff.register import Register
from sordiff.render.language import LANGUAGES, Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.register_names import RegisterNames
from sordiff.render.text.rich_text import Line, plain_text
from sordiff.report import Asked, Change
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.service.query.report import read_report
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.scenarios.telling import REASON, SCENARIOS, nights, sordiff

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sordiff.render.report.unit_names import KnownNames


def told(known: KnownNames, changes: tuple[Change, ...]) -> list[list[str]]:
    """All that is said of all changes, in both languages."""
    texts = [ChangeText(known, Catalogue(language)) for language in LANGUAGES]
    parts: list[Callable[[ChangeText, Change], tuple[Line, ...]]] = [
        lambda text, one: (text.name(one), text.about(one), text.path_above(one)),
        lambda text, one: text.lines(one),
        lambda text, one: (text.example(one),),
    ]
    return [
        [plain_text(line) for part in parts for line in part(text, change)]
        for text in texts
        for change in changes
    ]


@pytest.mark.parametrize(
    "story",
    ["05-message-standards", "10-private-actors", "18-branch-types", "23-purge", "31-rare-fields"],
)
def test_two_registers_tell_the_changes_of_a_night_as_its_report_does(
    story: str, tmp_path: Path
) -> None:
    folder, database = SCENARIOS / story, tmp_path / "sordiff.db"
    names = nights(folder)
    accepted = ("--accept", "--reason", REASON, "--db", str(database))
    sordiff("ingest", *names, *accepted, folder=folder)
    changes_told = 0
    for run, (old, new) in enumerate(pairwise(names), start=2):
        report = read_report(SqliteChangelog(database), Asked(run=run))

        def tell(
            found: Comparison, changes: tuple[Change, ...] = report.changes
        ) -> list[list[str]]:
            return told(RegisterNames(found.changes.new, found.changes.old), changes)

        assert compare_files(folder / old, folder / new, Settings(), tell) == told(
            report, report.changes
        )
        changes_told += len(report.changes)
    assert changes_told


def register(day: str, texts: dict[str, str]) -> Register:
    entries = {code: Entry(code=code, text=text) for code, text in texts.items()}
    types = Classification(name="EntityType", serves="unit_type", entries=entries)
    return Register(day=Day(day), created_at="", version="2", units={}, lists={"EntityType": types})


def test_a_code_that_is_gone_keeps_its_text_and_another_one_has_its_new_text() -> None:
    old = register("2024-03-05", {"1": "klinik", "2": "praksis"})
    new = register("2024-03-06", {"2": "lægepraksis"})
    assert RegisterNames(new, old).unit_types == {"1": "klinik", "2": "lægepraksis"}


def test_regions_have_their_names_without_any_list() -> None:
    names = RegisterNames(register("2024-03-06", {}), register("2024-03-05", {}))
    assert names.codes["location_number/region"]["1082"] == "Region Midtjylland"
