"""`sordiff show` with what people know of a unit: its name, or one of its numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import called, good
from tests.cli.practice import (
    CLINIC,
    DOCTOR,
    MONDAY,
    OWNER,
    SECOND,
    TUESDAY,
    clinic,
    doctor,
    night,
    practice,
    second,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice with numbers, and another owner that closed."""
    folder = tmp_path_factory.mktemp("search")
    house = clinic(
        doctor("Læge ÆSKE", provider_number=None), provider_number="019062", shak="3800D0E"
    )
    units = (practice(house, cvr="12345674"), second("Lægehuset", to="2024-03-04"))
    nights = [night(folder, day, *units) for day in (MONDAY, TUESDAY)]
    good(folder, "ingest", *nights, "--accept", "--reason", "told")
    return folder


def found(folder: Path, *words: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(good(folder, "show", *words, "--format", "json"))
    return shown


@pytest.mark.parametrize(
    ("text", "sor_id"),
    [
        ("019062", CLINIC),
        ("3800d0e", CLINIC),
        ("12345674", OWNER),
        ("læge æske", DOCTOR),
        ("  æske  LÆGE ", DOCTOR),
        (OWNER, OWNER),
    ],
)
def test_the_only_unit_that_fits_is_shown(register: Path, text: str, sor_id: str) -> None:
    shown = found(register, text)
    assert (shown["about"], shown["state"]["unit"]["sor_id"]) == ("unit", sor_id)


def test_several_are_candidates_and_the_open_ones_come_first(register: Path) -> None:
    shown = found(register, "lægehuset")
    assert (shown["about"], shown["count"]) == ("candidates", 2)
    assert [each["id"] for each in shown["candidates"]] == [CLINIC, SECOND]
    assert [each["state"] for each in shown["candidates"]] == ["open", "closed"]
    assert shown["candidates"][0]["path"] == ["Lægerne I/S"]
    said = good(register, "show", "lægehuset", "--lang", "da")
    assert said.startswith("2 enheder svarer til »lægehuset«:")
    assert f"({CLINIC}) · åben · " in said
    assert "019062" in said


@pytest.mark.parametrize("text", ["19062", "apotek", " ", "01906"])
def test_what_fits_nothing_is_refused_with_advice(register: Path, text: str) -> None:
    refused = called(register, "show", text)
    assert refused.exit == 2
    assert "words of a name" in refused.stderr
