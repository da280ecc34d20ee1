"""One element gone from every unit, renamed or emptied: the night is held, and never told as thousands of changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions
from tests.cli.calling import called, events, good
from tests.coverage.nights import ELEMENTS, Way, done_to, nights, written
from tests.making.elements import Version

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


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ELEMENTS)
def test_ingest_holds(tmp_path: Path, name: str, way: Way) -> None:
    old, new = nights(tmp_path, ELEMENTS[name], way)
    good(tmp_path, "ingest", old)
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
    tmp_path: Path, name: str, way: Way, versions: tuple[Version, Version]
) -> None:
    if 1 in versions and name in NOT_IN_V1:
        pytest.skip("version 1 has no such field")
    old, new = nights(tmp_path, ELEMENTS[name], way, *versions)
    good(tmp_path, "ingest", old)
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
