"""[fields]: a renamed element is read as the field that it says, by both roads, and nothing false is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sordiff.model import Kind
from sordiff.service.ingest.compare import compare_files
from sordiff.service.ingest.read_snapshot import apply_settings, build_register
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, read_snapshot
from sordiff.snapshot.fast.root_frame import read_root_frame
from sordiff.snapshot.fast.template_reader import TemplateReader
from tests.cli.calling import called, events, good
from tests.coverage.nights import ELEMENTS, done_to, nights, register, written
from tests.coverage.test_lost import NOT_IN_V1, VERSIONS
from tests.making.elements import Version
from tests.making.plain import PlainAddress, PlainRegister
from tests.making.xml import write_snapshot


def mapped(*lines: str) -> Settings:
    return msgspec.convert({"fields": tomllib.loads("\n".join(lines))}, Settings)


def _told(found: Any) -> Any:
    return found.events, found.adoptions, found.alerts


@pytest.mark.parametrize("name", ELEMENTS)
@pytest.mark.parametrize("versions", VERSIONS, ids=str)
def test_a_renamed_element_tells_nothing_once_it_is_mapped(
    tmp_path: Path, name: str, versions: tuple[Version, Version]
) -> None:
    if 1 in versions and name in NOT_IN_V1:
        pytest.skip("version 1 has no such field")
    if versions[1] == 1 and len(ELEMENTS[name].v1) > 1:
        pytest.skip("three names in version 1")
    old, new = nights(tmp_path, ELEMENTS[name], "renamed", *versions)
    lines = [
        line.replace("SpecialityIdentifier", "SpecialityCode") for line in ELEMENTS[name].lines
    ]
    lines = lines if versions[1] == 1 else list(ELEMENTS[name].lines)
    for plain in (True, False):
        found = compare_files(old, new, mapped(*lines), _told, ReadOptions(plain=plain))
        assert [event.name for event in found[0]] == []
        # Nothing at all: of that a working day warns, and of what only version 2 can hold.
        warned = {"quiet.no_change", "coverage.gained"} if 1 in versions else {"quiet.no_change"}
        assert {alert.code for alert in found[2]} <= warned


@pytest.mark.parametrize("name", ELEMENTS)
def test_both_roads_read_the_same_and_all_of_it(tmp_path: Path, name: str) -> None:
    _, new = nights(tmp_path, ELEMENTS[name], "renamed")
    settings = mapped(*ELEMENTS[name].lines)
    usual = tmp_path / "usual.xml"
    usual.write_bytes(written("2024-05-03", 2))
    expected = read_snapshot(usual).units
    for plain in (True, False):
        found = read_snapshot(new, apply_settings(ReadOptions(plain=plain), settings))
        assert build_register(found).units == expected


@pytest.mark.parametrize("name", ELEMENTS)
def test_mapped_records_need_no_parser(tmp_path: Path, name: str) -> None:
    _, new = nights(tmp_path, ELEMENTS[name], "renamed")
    how = apply_settings(ReadOptions(), mapped(*ELEMENTS[name].lines))
    content = new.read_bytes()
    frame = read_root_frame(content, "Sor.xml", how.mapping)
    templates = TemplateReader(frame.root_tag, frame.namespaces, how.mapping)
    records = re.findall(rb"<HealthInstitution>.*?</HealthInstitution>", content, re.DOTALL)
    found = [templates.read_unit(record, Kind.INSTITUTION, None) for record in records]
    units = read_snapshot(new, msgspec.structs.replace(how, plain=True)).units
    assert len(found) == 58
    for unit in found:
        assert unit is not None
        assert msgspec.structs.replace(units[unit.sor_id], parent_id=None) == unit


@pytest.mark.parametrize("name", ELEMENTS)
def test_ingest_takes_the_proposed_line(tmp_path: Path, name: str) -> None:
    old, new = nights(tmp_path, ELEMENTS[name], "renamed")
    good(tmp_path, "ingest", old)
    (tmp_path / "sordiff.toml").write_text("[fields]\n" + "\n".join(ELEMENTS[name].lines))
    good(tmp_path, "ingest", new)
    assert events(tmp_path) == []


def ordinary_night() -> PlainRegister:
    night = register("2024-05-04")
    night.units[0].children[4].shak = "9999"
    return night


def test_the_next_nights_are_read_by_the_mapping_too(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "renamed")
    good(tmp_path, "ingest", old)
    (tmp_path / "sordiff.toml").write_text("[fields]\n" + "\n".join(ELEMENTS["shak"].lines))
    good(tmp_path, "ingest", new)
    third = tmp_path / "3.xml"
    third.write_bytes(
        write_snapshot(ordinary_night()).replace(b"ShakIdentifier", b"NewShakIdentifier")
    )
    good(tmp_path, "ingest", third)
    assert [e["data"]["after"] for e in events(tmp_path)] == ["9999"]


def test_another_mapping_reads_unchanged_bytes_anew(tmp_path: Path) -> None:
    # The subtrees of the last night are known byte for byte, but by another mapping.
    old, new = nights(tmp_path, ELEMENTS["shak"], "renamed")
    good(tmp_path, "ingest", old)
    good(tmp_path, "ingest", "--accept", "--reason", "to see", new)
    (tmp_path / "sordiff.toml").write_text("[fields]\n" + "\n".join(ELEMENTS["shak"].lines))
    third = tmp_path / "3.xml"
    third.write_bytes(
        write_snapshot(register("2024-05-04")).replace(b"ShakIdentifier", b"NewShakIdentifier")
    )
    good(tmp_path, "ingest", third)
    told = [e for e in events(tmp_path) if e["data"]["snapshot"]["after"] == "2024-05-04"]
    assert {e["data"].get("after") for e in told if e["type"].count("shak")} == {
        f"{1000 + index}" for index in range(59)
    }


def test_a_known_element_goes_before_a_mapped_one(tmp_path: Path) -> None:
    file = tmp_path / "Sor.xml"
    text = write_snapshot(register()).decode()
    text = text.replace("<ShakIdentifier>1004</", "<Gammel>77</Gammel>\n<ShakIdentifier>1004</")
    text = text.replace("<ShakIdentifier>1006</ShakIdentifier>", "<Gammel>78</Gammel>")
    file.write_text(text, encoding="utf-8")
    read = [
        read_snapshot(
            file, apply_settings(ReadOptions(plain=plain), mapped('shak = ["Gammel"]'))
        ).units
        for plain in (True, False)
    ]
    assert read[0] == read[1]
    by_name = {unit.name: unit for unit in read[0].values()}
    assert (by_name["Enhed 4"].shak, by_name["Enhed 6"].shak) == ("1004", "78")
    assert list(by_name["Enhed 4"].other.values()) == ["77"]
    assert by_name["Enhed 6"].other == {}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('shack = ["X"]', "there is no field shack; there are sor_id, name, unit_type"),
        ('shak = ["A/B/C"]', "'A/B/C' is neither the local name of an element nor Parent/Local"),
        ('shak = ["{urn:x}A"]', "is neither the local name"),
        ('shak = ["LocalCode"]', "the element LocalCode is read as local_code already"),
        ('shak = ["SorStatus/ToDate"]', "the element SorStatus/ToDate is read as"),
        ('shak = ["SorStatus"]', "SorStatus is read as"),
        ('"address/postal/country_scheme" = ["X"]', "there is no field"),
    ],
)
def test_what_can_not_be_meant_is_refused(tmp_path: Path, line: str, says: str) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "renamed")
    (tmp_path / "sordiff.toml").write_text(f"[fields]\n{line}\n")
    found = called(tmp_path, "diff", old, new)
    assert found.exit == 2
    assert says in found.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("ToDate", ('to = ["NewToDate"]', '"location_number/to" = ["NewToDate"]')),
        (
            "StreetName",
            (
                '"address/postal/street_name" = ["NewStreetName"]',
                '"address/visiting/street_name" = ["NewStreetName"]',
            ),
        ),
    ],
)
def test_what_few_units_say_in_an_element_of_that_name_is_proposed_too(
    tmp_path: Path, name: str, lines: tuple[str, str]
) -> None:
    days = ("2024-05-02", "2024-05-03")
    old, new = [register(day) for day in days]
    for night in (old, new):
        for unit in night.units[0].children[:8]:
            assert unit.location_number is not None
            unit.location_number.from_, unit.location_number.to = "2019-01-01", "2031-12-31"
            unit.visiting = PlainAddress(street_name=f"Gade {unit.shak}", post_code="8000")
    files = tmp_path / "1.xml", tmp_path / "2.xml"
    files[0].write_bytes(write_snapshot(old))
    files[1].write_bytes(done_to(write_snapshot(new), (name,), "renamed"))
    for plain in (True, False):
        how = ReadOptions(plain=plain)
        [lost] = [
            alert
            for alert in compare_files(*files, Settings(), _told, how)[2]
            if alert.code == "coverage.lost"
        ]
        assert lost.message.count(f"in sordiff.toml: {', '.join(lines)}") == 1
        assert [e.name for e in compare_files(*files, mapped(*lines), _told, how)[0]] == []
