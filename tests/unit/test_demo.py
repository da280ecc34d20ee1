"""The bundled demo register: reproducible, lifelike in size, and every field of the format in use."""

from __future__ import annotations

import zipfile
from typing import Any

import pytest
from msgspec.structs import fields

from sordiff.events import Cause, Event
from sordiff.fields import flatten_unit
from sordiff.model import Address, Contact, LocationNumber, PostalAddress, Unit
from sordiff.service.ingest.check import check_snapshot
from sordiff.service.ingest.compare import compare_files
from sordiff.service.ingest.read_snapshot import read_with_settings
from sordiff.settings import Settings
from tests.making.demo import DEMO, MONDAY, TUESDAY, WEDNESDAY, nights

NIGHTS = [f"{day}.zip" for day in (MONDAY, TUESDAY, WEDNESDAY)]
BLOCKS: dict[str, dict[str, Any]] = {
    "location_number": {name: {} for name in (f.encode_name for f in fields(LocationNumber))},
    "address": {f.encode_name: {p.encode_name: {} for p in fields(PostalAddress)} for f in fields(Address)},
    "contact": {f.encode_name: {} for f in fields(Contact)},
}  # fmt: skip


def paths(nested: dict[str, dict[str, Any]], prefix: str = "") -> set[str]:
    return {
        found
        for name, below in nested.items()
        for found in (paths(below, f"{prefix}{name}/") if below else {prefix + name})
    }


def events(old: str, new: str) -> list[Event]:
    return compare_files(DEMO / old, DEMO / new, Settings(), lambda found: list(found.events))


def test_the_same_bytes_are_made_again() -> None:
    made = nights()
    assert made == nights()
    assert sorted(made) == NIGHTS == sorted(path.name for path in DEMO.glob("*.zip"))
    for name, content in made.items():
        assert content == (DEMO / name).read_bytes(), f"{name}: python -m tests.making.demo"


@pytest.mark.parametrize("night", NIGHTS)
def test_a_night_is_a_sound_register_of_about_sixty_units(night: str) -> None:
    with zipfile.ZipFile(DEMO / night) as archive:
        assert archive.namelist() == ["Sor.xml", "SorDataTypes.xml"]
    report = check_snapshot(DEMO / night, Settings())
    assert 55 <= report.units <= 70
    assert report.findings == ()
    assert report.warnings == ()


def test_every_field_of_the_format_is_in_use() -> None:
    used = {
        path.partition("other/")[0] + "other" if "other/" in path else path
        for night in NIGHTS
        for unit in read_with_settings(DEMO / night, Settings()).units.values()
        for path in flatten_unit(unit)
    }
    known = paths({f.encode_name: BLOCKS.get(f.encode_name, {}) for f in fields(Unit)})
    # Of the addresses each part need be in use in one of the three, and what is unknown in units.
    used = {path.replace("visiting/", "postal/").replace("activity/", "postal/") for path in used}
    known = {path.replace("visiting/", "postal/").replace("activity/", "postal/") for path in known}
    assert known - used == {
        "location_number/other",
        "address/postal/other",
        "contact/other",
        "organisational_level",  # the nights are of versions that have none
    }
    assert used <= known


def test_the_tree_is_six_levels_deep() -> None:
    units = read_with_settings(DEMO / NIGHTS[0], Settings()).units
    depths = dict.fromkeys(units, 1)
    for sor_id, unit in units.items():
        above = unit.parent_id
        while above is not None:
            depths[sor_id] += 1
            above = units[above].parent_id
    assert max(depths.values()) == 6


def test_the_last_night_tells_a_lifelike_mix() -> None:
    told = events(*NIGHTS[1:])
    assert {event.name for event in told} >= {
        "classification.text_changed",
        "unit.created",
        "unit.opened",
        "unit.moved",
        "unit.renamed",
        "unit.specialities_changed",
        "unit.contact_changed",
        "unit.closure_scheduled",
        "unit.details_changed",
        "location_number.reassigned",
        "unit.effective_location_number_changed",
        "unit.closed",
        "unit.removed",
    }
    closed = [event for event in told if event.name == "unit.closed"]
    assert {event.data.cause for event in closed} == {Cause.DATE_ELAPSED}
    changed_on_tuesday = {event.subject for event in events(*NIGHTS[:2])}
    assert {event.subject for event in closed} <= changed_on_tuesday
