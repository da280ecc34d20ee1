"""Codes are told by their texts: those of the register's own lists first, then the usual regions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import good
from tests.cli.practice import (
    CLINIC,
    GLN,
    MONDAY,
    OWNER,
    TUESDAY,
    clinic,
    doctor,
    night,
    practice,
    types,
)
from tests.making.plain import PlainEntry, PlainList, PlainUnit
from tests.scenarios.stories.trees import address, number

if TYPE_CHECKING:
    from pathlib import Path


def listed(name: str, code: str, text: str) -> PlainList:
    return PlainList(name=name, entries=[PlainEntry(code=code, text=text)])


LISTS = [
    types(),
    listed("Region", "1082", "Region Kattegat"),
    listed("SystemType", "225", "Kattegat Journal"),
    listed("SystemSupplier", "162", "Kattegat Data A/S"),
    listed("CommunicationSupplier", "41000035001", "Sundnet"),
    listed("EdiAdministrator", "639", "EDI-support"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic whose number goes from one region to another, and which gets another name."""
    folder = tmp_path_factory.mktemp("told")
    postal = address("Torvet", "1", "8000")
    assert postal.region_code == "1082"

    def as_of(region: str, name: str) -> list[PlainUnit]:
        held = number(711, region)
        return [practice(clinic(doctor(), name=name, location_number=held, postal=postal))]

    nights = [
        night(folder, MONDAY, *as_of("1081", "Klinik A"), lists=LISTS),
        night(folder, TUESDAY, *as_of("1082", "Klinik B"), lists=LISTS),
    ]
    good(folder, "ingest", *nights, "--accept", "--reason", "told")
    return folder


def test_the_regions_own_list_comes_before_the_usual_names(told: Path) -> None:
    report = json.loads(good(told, "report", "--format", "json"))
    assert report["regions"]["1082"] == "Region Kattegat"
    assert report["regions"]["1084"] == "Region Hovedstaden"
    assert report["units"][CLINIC]["region"] == "1082"
    for form in ("csv", "html"):
        page = good(told, "report", "--format", form)
        assert "Region Kattegat" in page
        assert "Region Midtjylland" not in page


def test_a_code_that_changed_is_told_by_its_texts(told: Path) -> None:
    expected = "region: Region Nordjylland (1081) → Region Kattegat (1082)"
    for command in (("report",), ("history", GLN)):
        assert expected in " ".join(good(told, *command, "--lang", "da").split())


def test_a_number_shows_the_texts_of_its_codes(told: Path) -> None:
    for subject in (GLN, CLINIC):
        said = good(told, "show", subject, "--lang", "da")
        for line in (
            "systemleverandør: Kattegat Data A/S (162)",
            "system: Kattegat Journal (225)",
            "kommunikationsleverandør: Sundnet (41000035001)",
            "EDI-administrator: EDI-support (639)",
            "region: Region Kattegat (1082)",
        ):
            assert line in said
    before = good(told, "show", GLN, "--as-of", MONDAY, "--lang", "da")
    assert "region: Region Nordjylland (1081)" in before


def test_who_has_a_number_is_named_before_the_way_to_it(told: Path) -> None:
    lines = good(told, "show", GLN, "--lang", "da").splitlines()
    assert [line.split(maxsplit=1) for line in lines[2:4]] == [
        ["hos", f"Klinik B ({CLINIC})"],
        ["placering", f"Lægerne I/S ({OWNER})"],
    ]
