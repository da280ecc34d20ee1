"""`sordiff check --coverage`: who carries which field, read from where, and what nobody knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sordiff.coverage.carried import KNOWN_FIELDS
from tests.cli.calling import called, good
from tests.coverage.nights import ELEMENTS, nights, register
from tests.making.plain import Element, PlainContact
from tests.making.xml import write_snapshot


def _counted(folder: Path, file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        good(folder, "check", "--coverage", "--format", "json", file)
    )
    return found


def _field(found: dict[str, Any], name: str) -> dict[str, Any]:
    [field] = [each for each in found["fields"] if each["field"] == name]
    assert isinstance(field, dict)
    return field


def test_json_tells_every_field(tmp_path: Path) -> None:
    file, _ = nights(tmp_path, ELEMENTS["shak"], "renamed")
    found = _counted(tmp_path, file)
    assert [field["field"] for field in found["fields"]] == list(KNOWN_FIELDS)
    assert _field(found, "to") == {
        "field": "to",
        "read_from": ["SorStatus/ToDate"],
        "units": 30,
        "carriers": {"owner": 1, "institution": 29, "organizational_unit": 0},
    }
    assert _field(found, "location_number")["read_from"] == [
        "EanLocationCodeEntity",
        "EanLocationCodeOption/EanLocationCodeEntity",
    ]
    assert _field(found, "specialities/type")["units"] == 59
    assert _field(found, "address/visiting")["units"] == 0
    assert _field(found, "address/visiting")["read_from"] == []
    assert found["unknown"] == []


def test_the_unknown_is_counted_with_samples(tmp_path: Path) -> None:
    _, file = nights(tmp_path, ELEMENTS["shak"], "renamed")
    found = _counted(tmp_path, file)
    assert _field(found, "shak")["units"] == 0
    assert found["unknown"] == [
        {
            "path": "other/{urn:oio:nsi:2.0.0}NewShakIdentifier",
            "units": 59,
            "carriers": {"owner": 1, "institution": 58, "organizational_unit": 0},
            "samples": ["1000", "1001", "1002"],
        }
    ]


def test_a_mapped_field_tells_the_element_that_it_is_read_from(tmp_path: Path) -> None:
    _, file = nights(tmp_path, ELEMENTS["shak"], "renamed")
    (tmp_path / "sordiff.toml").write_text('[fields]\nshak = ["NewShakIdentifier"]\n')
    found = _counted(tmp_path, file)
    assert _field(found, "shak")["units"] == 59
    assert _field(found, "shak")["read_from"] == ["NewShakIdentifier"]
    assert found["unknown"] == []


def test_repeated_and_nested_unknown_elements_have_one_path_each(tmp_path: Path) -> None:
    night = register()
    inner = Element("urn:x", "B", "eight")
    night.units[0].unknown = [
        Element("urn:x", "A", None, {"k": "v"}, (inner,)),
        Element("urn:x", "A", None, {}, (Element("urn:x", "B", "nine"),)),
    ]
    night.units[0].contact = PlainContact(unknown=[Element("urn:x", "C", "only unknown")])
    file = tmp_path / "Sor.xml"
    file.write_bytes(write_snapshot(night))
    found = _counted(tmp_path, file)
    assert {each["path"]: each["samples"] for each in found["unknown"]} == {
        "other/{urn:x}A/@k": ["v"],
        "other/{urn:x}A/{urn:x}B": ["eight", "nine"],
        "contact/other/{urn:x}C": ["only unknown"],
    }
    # A block in which nothing known stands is not carried.
    assert _field(found, "contact")["carriers"]["owner"] == 0


def test_text_for_people(tmp_path: Path) -> None:
    _, file = nights(tmp_path, ELEMENTS["shak"], "renamed")
    text = good(tmp_path, "check", "--coverage", file)
    assert "to                                                1           29            0" in text
    assert "SorStatus/ToDate" in text
    assert "Carried by no unit: pharmacy_number, shak, " in text
    assert "address/visiting, address/activity, contact/website" in text
    assert "{urn:oio:nsi:2.0.0}NewShakIdentifier\n" in text
    assert 'such as "1000", "1001", "1002"' in text


def test_a_narrow_screen_is_not_written_beyond(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = nights(tmp_path, ELEMENTS["shak"], "renamed")
    wide = good(tmp_path, "check", "--coverage", file.name)
    monkeypatch.setenv("COLUMNS", "80")
    narrow = good(tmp_path, "check", "--coverage", file.name)
    assert max(map(len, narrow.splitlines())) <= 80 < max(map(len, wide.splitlines()))
    # The same is said, only a path has a line of its own, and no comma before it.
    assert narrow.replace(",", "").split() == wide.replace(",", "").split()
    assert "\n    SorStatus/ToDate\n" in narrow


def test_a_refused_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Sor.xml").write_bytes(b"<SorTree/>")
    assert called(tmp_path, "check", "--coverage", "Sor.xml").exit == 5
