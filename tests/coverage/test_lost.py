"""One element gone from every unit, renamed or emptied: the night is held, and never told as thousands of changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sordiff.coverage.said_elements import choose_elements
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions
from tests.cli.calling import called, events, good, rows
from tests.coverage.nights import ELEMENTS, Way, done_to, nights, register, written
from tests.made_once import copy_once_made
from tests.making.elements import Version
from tests.making.xml import write_snapshot

WAYS: tuple[Way, ...] = ("gone", "renamed", "emptied")
VERSIONS: tuple[tuple[Version, Version], ...] = ((1, 1), (2, 2), (1, 2), (2, 3))
# What version 1 can't hold is no loss in it.
NOT_IN_V1 = {"p_number"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ELEMENTS)
@pytest.mark.parametrize("versions", VERSIONS, ids=str)
def test_both_roads_alert(
    tmp_path: Path, name: str, way: Way, versions: tuple[Version, Version]
) -> None:
    if 1 in versions and name in NOT_IN_V1:
        pytest.skip("version 1 has no such field")
    element = ELEMENTS[name]
    old, new = nights(tmp_path, element, way, *versions)
    for plain in (True, False):
        found = compare_files(old, new, Settings(), _itself, ReadOptions(plain=plain))
        lost = {alert.subject: alert for alert in found.alerts if alert.code == "coverage.lost"}
        alert = lost[element.field]
        assert alert.severity == "critical"
        counts = {alert.message.split()[0], alert.message.split(", and ")[1].split()[0]}
        assert counts == {"30" if element.field == "to" else "59", "0"}
        if way == "renamed" and versions[1] != 1:
            for line in element.lines:
                assert f"under [fields] in sordiff.toml: {line}" in alert.message


def _itself(found: Comparison) -> Comparison:
    return found


@pytest.fixture
def first_recorded(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> Callable[[Version], None]:
    """Called with a version: the changelog of the ordinary night before lies in the folder of the test."""

    def record(version: Version) -> None:
        def make(folder: Path) -> None:
            (folder / "1.xml").write_bytes(written("2024-05-02", version))
            good(folder, "ingest", "1.xml")

        copy_once_made(tmp_path_factory, f"first-of-version-{version}", make, tmp_path)

    return record


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ELEMENTS)
def test_ingest_holds(
    tmp_path: Path, first_recorded: Callable[[Version], None], name: str, way: Way
) -> None:
    first_recorded(2)
    _, new = nights(tmp_path, ELEMENTS[name], way)
    held = called(tmp_path, "ingest", new)
    assert held.exit == 3
    assert f"carried {ELEMENTS[name].field}" in held.stderr + held.stdout
    assert good(tmp_path, "events") == ""


def test_diff_says_it(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "renamed")
    found = called(tmp_path, "diff", old, new)
    assert found.exit == 0
    assert 'write under [fields] in sordiff.toml: shak = ["NewShakIdentifier"]' in found.stderr
    assert "would be held" in found.stderr


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ELEMENTS)
@pytest.mark.parametrize("versions", [(1, 2), (2, 3)], ids=str)
def test_across_versions_it_tells_no_event(
    tmp_path: Path,
    first_recorded: Callable[[Version], None],
    name: str,
    way: Way,
    versions: tuple[Version, Version],
) -> None:
    if 1 in versions and name in NOT_IN_V1:
        pytest.skip("version 1 has no such field")
    first_recorded(versions[0])
    _, new = nights(tmp_path, ELEMENTS[name], way, *versions)
    assert called(tmp_path, "ingest", new).exit == 3
    good(tmp_path, "release", "2", "--reason", "it is so")
    assert events(tmp_path) == []
    # The state is what the new file says, by the adoptions.
    again = tmp_path / "3.xml"
    tonight = written("2024-05-04", versions[1])
    again.write_bytes(done_to(tonight, ELEMENTS[name].names(versions[1]), way))
    good(tmp_path, "ingest", again)
    assert events(tmp_path) == []


def test_across_versions_other_changes_are_told(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["to"], "gone", 2, 3)
    text = new.read_bytes().replace(b">Enhed 7<", b">Enhed syv<").replace(b">1005<", b">9999<")
    new.write_bytes(text)
    told = compare_files(old, new, Settings(), _itself).events
    assert [event.name for event in told] == ["unit.renamed", "unit.shak_changed"]


def test_a_rebaseline_says_it_and_is_not_held(tmp_path: Path) -> None:
    """Somebody takes the night as it is: what it lost, with the line that maps it, is a warning."""
    old, new = nights(tmp_path, ELEMENTS["shak"], "renamed")
    good(tmp_path, "ingest", old)
    taken = called(tmp_path, "ingest", "--rebaseline", new)
    assert taken.exit == 0
    assert "carried shak" in taken.stderr
    assert 'shak = ["NewShakIdentifier"]' in taken.stderr
    assert rows(tmp_path, "SELECT code, severity FROM alerts") == [("coverage.lost", "warning")]
    assert events(tmp_path) == []
    kept = rows(tmp_path, "SELECT kind, json_extract(notice, '$.severity') FROM notices")
    assert kept == [("alert.raised", "warning")]


@pytest.mark.parametrize(
    ("name", "old_version", "new_version"),
    [("unit_type", 1, 1), ("to", 2, 2), ("email", 2, 3), ("gln", 1, 2)],
)
def test_the_proposed_lines_can_be_copied(
    tmp_path: Path, name: str, old_version: Version, new_version: Version
) -> None:
    """They stand alone, are one TOML table, and with them the same night tells what it should."""
    old, new = nights(tmp_path, ELEMENTS[name], "renamed", old_version, new_version)
    good(tmp_path, "ingest", old)
    found = called(tmp_path, "diff", old, new, "--lang", "da").stderr
    held = called(tmp_path, "ingest", new)
    assert held.exit == 3
    before, table, lines = held.stderr.partition("[fields]\n")
    assert before.startswith("sordiff: ")
    assert f"{table}{lines}" in found
    report = json.loads(good(tmp_path, "report", "--run", "2", "--format", "json"))
    told = [line for each in report["alerts"] for line in each["alert"].get("mapping", ())]
    assert told
    (tmp_path / "sordiff.toml").write_text(table + lines)
    assert called(tmp_path, "ingest", new).exit == 0
    assert events(tmp_path) == []


def test_the_limits_are_tried_on_what_was_recorded(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone")
    good(tmp_path, "ingest", old)
    good(tmp_path, "ingest", "--accept", "--reason", "announced", new)
    assert "59 units carried shak" in good(tmp_path, "alarms", "test")
    (tmp_path / "sordiff.toml").write_text("[anomalies.coverage]\nleast = 60\n")
    assert "shak" not in good(tmp_path, "alarms", "test")


def test_a_purge_is_no_loss_by_the_figures_either(tmp_path: Path) -> None:
    purged = register("2024-05-03", institutions=10)
    for day, night in (("2024-05-02", register("2024-05-02")), ("2024-05-03", purged)):
        (tmp_path / f"{day}.xml").write_bytes(write_snapshot(night, version=2))
        good(tmp_path, "ingest", "--accept", "--reason", "announced", f"{day}.xml")
    assert "carried" not in good(tmp_path, "alarms", "test")


def test_several_elements_may_say_a_field_together() -> None:
    """As the types of owners, institutions and units in version 1; what says it by chance is left out."""
    told = [frozenset({"UnitKind"})] * 60 + [frozenset({"PlaceKind", "Chance"})] * 34
    told += [frozenset({"OwnerKind"})] * 3 + [frozenset({"Chance"})] * 2 + [frozenset[str]()]
    there = Counter({"UnitKind": 60, "PlaceKind": 35, "OwnerKind": 3, "Chance": 99})
    assert choose_elements(told, there) == ["UnitKind", "PlaceKind", "OwnerKind"]
    assert choose_elements(told + told[-3:] * 2, there) == []


def test_what_fields_gain_is_tried_by_the_figures_too(tmp_path: Path) -> None:
    for day, content in (
        ("2024-05-02", done_to(written("2024-05-02", 2), ELEMENTS["shak"].names(2), "gone")),
        ("2024-05-03", written("2024-05-03", 2)),
    ):
        (tmp_path / f"{day}.xml").write_bytes(content)
        good(tmp_path, "ingest", "--accept", "--reason", "announced", f"{day}.xml")
    assert "58 of 58 institutions came to carry shak" in good(tmp_path, "alarms", "test")
