"""The lines of `sordiff diff` for what the scenarios do not show: rare fields, and parts of events that are mostly absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.making.plain import PlainEntry, PlainUnit
from tests.scenarios.stories.trees import number

from .calling import good
from .practice import (
    CLINIC,
    MONDAY,
    OWNER,
    REGION,
    SECOND,
    TUESDAY,
    WEDNESDAY,
    clinic,
    doctor,
    night,
    practice,
    second,
    types,
)

if TYPE_CHECKING:
    from pathlib import Path


def _told(folder: Path, old: list[PlainUnit], new: list[PlainUnit]) -> str:
    return good(folder, "diff", night(folder, MONDAY, *old), night(folder, TUESDAY, *new))


def test_created_with_its_last_day_and_its_relations(tmp_path: Path) -> None:
    born = second(to="2030-12-31", replaces=[OWNER], replaced_by=[CLINIC])
    told = _told(tmp_path, [practice()], [practice(), born])
    assert "Created (1)" in told
    assert "last valid day 31 December 2030" in told
    assert f"replaces Lægerne I/S ({OWNER})" in told
    assert f"replaced by Lægehuset Torvet ({CLINIC})" in told


def test_opened_with_its_day_its_place_and_its_number(tmp_path: Path) -> None:
    units = [practice(clinic(doctor(first_from=TUESDAY)))]
    told = _told(tmp_path, units, units)
    assert "Opened (1)" in told
    assert f"\n      Lægerne I/S ({OWNER}) › Lægehuset Torvet ({CLINIC})\n" in told
    assert "the day passed; nothing was edited" in told
    assert "location number" in told


def test_an_owner_is_opened_below_nothing(tmp_path: Path) -> None:
    units = [practice(), second(first_from=TUESDAY)]
    told = _told(tmp_path, units, units)
    assert "Opened (1)" in told
    assert "›" not in told


def test_closed_with_who_comes_after_it(tmp_path: Path) -> None:
    units = [practice(), second(to=MONDAY, replaced_by=[OWNER])]
    told = _told(tmp_path, units, units)
    assert "last valid day 4 March 2024\n" in told
    assert "the day passed; nothing was edited" in told
    assert f"replaced by Lægerne I/S ({OWNER})" in told


@pytest.mark.parametrize(
    ("field", "before", "after", "title"),
    [
        ("p_number", "1003418838", "1003418839", "P number"),
        ("p_number", None, "1003418839", "P number"),
        ("cvr", "12345674", None, "CVR number"),
        ("shak", "6690", "6691", "SHAK code"),
        ("provider_number", "019062", "019063", "Provider number (ydernummer)"),
        ("pharmacy_number", "1", "2", "Pharmacy number"),
        ("local_code", "a", "b", "Other details"),
    ],
)
def test_single_values(tmp_path: Path, field: str, before: Any, after: Any, title: str) -> None:
    told = _told(
        tmp_path,
        [practice(), second(**{field: before})],
        [practice(), second(**{field: after})],
    )
    assert f"{title} (1)" in told
    assert f"{before or '–'} → {after or '–'}" in told
    assert SECOND in told


def test_entries_that_change_come_and_go(tmp_path: Path) -> None:
    nights = []
    for day, remark in ((MONDAY, "a"), (TUESDAY, "b"), (WEDNESDAY, None)):
        listed = types()
        listed.entries[0].fields = {"Version": "1"} | ({"Remark": remark} if remark else {})
        if day == TUESDAY:
            listed.entries.append(PlainEntry(code="1", text="ny"))
        nights.append(night(tmp_path, day, lists=[listed]))
    told = good(tmp_path, "diff", *nights[:2])
    assert "Code changed (1)" in told
    assert "Remark: a → b" in told
    assert "Version" not in told
    assert "New code (1)" in told
    told = good(tmp_path, "diff", *nights[1:])
    assert "Remark: b → –" in told
    assert "Code removed (1)" in told
    assert "ny" in told


def test_a_number_made_inactive(tmp_path: Path) -> None:
    inactive = number(711, REGION, inactive=True)
    told = _told(tmp_path, [practice()], [practice(clinic(doctor(), location_number=inactive))])
    assert "Location number closed (1)" in told
    assert f"on Lægehuset Torvet ({CLINIC})" in told
    assert "inactive: no → yes" in told


def test_nothing_changed_is_said(tmp_path: Path) -> None:
    assert "no changes" in _told(tmp_path, [practice()], [practice()])
