"""Lists by a rule also tell what left them: a unit that went, moved away, or is of another type or region now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sordiff.events import (
    UnitAddressChanged,
    UnitMoved,
    UnitRemoved,
    UnitRenamed,
    UnitTypeChanged,
    find_event_name,
)
from tests.cli.calling import events, good, said
from tests.making.plain import valid_sor_id
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.nights import Telling
from tests.scenarios.stories.trees import address, changed, clinic, institution, municipality

if TYPE_CHECKING:
    from pathlib import Path

DAYS = ("2024-03-01", "2024-03-02", "2024-03-03")
OWN, OTHER, GONE, MOVED, STAYS, RETYPED, FAR = 1001, 1002, 1011, 1021, 1031, 1041, 1051
RULES = {
    "own": ("--under", valid_sor_id(OWN)),
    "typed": ("--under", valid_sor_id(OWN), "--type", codes.PLEJEHJEM.code),
    "region": ("--region", "1082"),
}


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lists are kept before anything happens."""
    folder = tmp_path_factory.mktemp("ruled")
    homes = [
        institution(one, f"Hjem {one}", codes.PLEJEHJEM) for one in (GONE, MOVED, STAYS, RETYPED)
    ]
    story = Telling(
        municipality(OWN, "Åhavn Kommune", address("Torvet", "1", "8600"), *homes),
        municipality(OTHER, "Bhavn Kommune", address("Torvet", "2", "9800")),
        clinic(FAR - 1, "Ejer", "Klinik", codes.ALMEN_PRAKSIS, address("Bakken", "3", "8700"), "Læge Holm"),
    )  # fmt: skip
    story.night(DAYS[0])
    own, other = story[OWN], story[OTHER]
    own.children = [unit for unit in own.children if unit.sor_id != valid_sor_id(GONE)]
    moved = changed(story[MOVED], DAYS[1])
    own.children = [unit for unit in own.children if unit is not moved]
    other.children = [moved]
    changed(story[RETYPED], DAYS[1]).unit_type = codes.BOSTED.code
    changed(story[FAR], DAYS[1]).postal = address("Bakken", "3", "9000")
    story.night(DAYS[1])
    changed(moved, DAYS[2]).name = "Nyt navn hos naboen"
    story.night(DAYS[2])
    for name, content in story.nights.items():
        (folder / name).write_bytes(content)
    first, *later = sorted(story.nights)
    good(folder, "ingest", first)
    for name, rule in RULES.items():
        good(folder, "list", "add", name, *rule)
    good(folder, "ingest", *later, "--accept", "--reason", "a story")
    return folder


REMOVED, AWAY = (
    (find_event_name(UnitRemoved), valid_sor_id(GONE)),
    (find_event_name(UnitMoved), valid_sor_id(MOVED)),
)
TYPE, ADDRESS = (
    (find_event_name(UnitTypeChanged), valid_sor_id(RETYPED)),
    (find_event_name(UnitAddressChanged), valid_sor_id(FAR)),
)
LEFT = {
    "own": {REMOVED, AWAY, TYPE},
    "typed": {REMOVED, AWAY, TYPE},
    "region": {REMOVED, AWAY, TYPE, ADDRESS},
}


@pytest.mark.parametrize("name", LEFT)
def test_what_left_a_list_is_told_as_the_last_of_it(ruled: Path, name: str) -> None:
    assert set(said(events(ruled, "--list", name))) == LEFT[name]
    # What a unit does among its new neighbours is not told any more.
    renamed = (find_event_name(UnitRenamed), valid_sor_id(MOVED))
    assert renamed in said(events(ruled))
    night = good(ruled, "report", "--run", "2", "--list", name, "--format", "json")
    changes = {(one["type"], one["subject"]) for one in json.loads(night)["changes"]}
    assert changes == LEFT[name]


def test_a_rule_is_kept_with_the_units_that_are_there(ruled: Path) -> None:
    again = good(ruled, "list", "add", "again", *RULES["own"], "--lang", "en")
    assert again == ""
    rows = [
        json.loads(line) for line in good(ruled, "list", "show", "--format", "json").splitlines()
    ]
    assert [row["name"] for row in rows] == ["again", "own", "region", "typed"]
    good(ruled, "list", "remove", "again")
