"""The organisational level and the geographical relation: read, told when they change, and told in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import events, good
from tests.cli.practice import CLINIC, MONDAY, TUESDAY, clinic, doctor, night, practice
from tests.making.plain import PlainEntry, PlainList

if TYPE_CHECKING:
    from pathlib import Path


def levels(text: str) -> list[PlainList]:
    entries = [PlainEntry(code="2", text="Klinik"), PlainEntry(code="4", text=text)]
    return [PlainList(name="OrganisationalLevel", entries=entries)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic that comes to another level and to another location; a level gets another text."""
    folder = tmp_path_factory.mktemp("told")
    before = clinic(doctor(), organisational_level="2", geographical_parent_relation="2")
    after = clinic(
        doctor(),
        organisational_level="4",
        geographical_parent_relation="3",
        geographical_parent_id="1",
    )
    nights = [
        night(folder, MONDAY, practice(before), lists=levels("Afsnit")),
        night(folder, TUESDAY, practice(after), lists=levels("Sengeafsnit")),
    ]
    good(folder, "ingest", *nights)
    return folder


def test_a_change_is_a_detail_and_a_text_is_one_event(told: Path) -> None:
    classification, unit = events(told)
    assert classification["subject"] == "OrganisationalLevel/4"
    assert classification["data"]["units"] == 1
    assert unit["type"] == "sordiff.unit.details_changed.v1"
    assert unit["data"]["changes"] == [
        {"path": "geographical_parent_id", "before": None, "after": "1"},
        {"path": "geographical_parent_relation", "before": "2", "after": "3"},
        {"path": "organisational_level", "before": "2", "after": "4"},
    ]


@pytest.mark.parametrize(
    ("lang", "relation", "level"),
    [
        (
            "en",
            "geographical relation: that of the organisational parent (2) → that of another unit (3)",
            "organisational level: Klinik (2) → Sengeafsnit (4)",
        ),
        (
            "da",
            "geografisk tilknytning: den organisatoriske overenheds (2) → en anden enheds (3)",
            "organisatorisk niveau: Klinik (2) → Sengeafsnit (4)",
        ),
    ],
)
def test_diff_and_report_tell_them_in_words(
    told: Path, lang: str, relation: str, level: str
) -> None:
    # Of two texts of a level, diff and report know the newer one.
    files = sorted(path.name for path in told.glob("*.zip"))
    for command in (("diff", *files), ("report",), ("history", CLINIC)):
        said = " ".join(good(told, *command, "--lang", lang).split())
        assert relation in said
        assert level in said


@pytest.mark.parametrize(
    ("lang", "relation", "level"),
    [
        ("en", "geographical parent that of another unit (3) 1", "level Sengeafsnit (4)"),
        ("da", "geografisk tilknytning en anden enheds (3) 1", "niveau Sengeafsnit (4)"),
    ],
)
def test_show_tells_them_in_words(told: Path, lang: str, relation: str, level: str) -> None:
    shown = " ".join(good(told, "show", CLINIC, "--lang", lang).split())
    assert relation in shown
    assert level in shown
    earlier = good(told, "show", CLINIC, "--as-of", MONDAY, "--format", "json")
    assert json.loads(earlier)["state"]["unit"]["organisational_level"] == "2"


def test_a_unit_without_a_level_says_nothing_of_it(told: Path) -> None:
    found = json.loads(good(told, "check", "--coverage", "--format", "json", f"{MONDAY}.zip"))
    [carried] = [field for field in found["fields"] if field["field"] == "organisational_level"]
    assert sum(carried["carriers"].values()) == 1
