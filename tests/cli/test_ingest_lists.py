"""Code lists and versions over the nights: where lists come from, what is missing, what is adopted."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.making.plain import PlainEntry, PlainList
from tests.making.xml import write_data_types
from tests.scenarios.stories.nights import zipped

from .calling import called, dump, events, good, rows, said
from .practice import (
    GENERAL_PRACTICE,
    MONDAY,
    OWNER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    night,
    practice,
    types,
    xml,
)

if TYPE_CHECKING:
    from pathlib import Path

OLD_TEXT, NEW_TEXT = "lægepraksis", "almen lægepraksis"
TEXT_CHANGED = ("classification.text_changed", f"EntityType/{GENERAL_PRACTICE}")
NOTHING_FITS = b"<SorDataTypes><Version>7</Version><Made>2024</Made></SorDataTypes>"
SPECIALITIES = PlainList(
    name="Speciality", entries=[PlainEntry(code="394579002", text="kardiologi")]
)


def _entries(folder: Path) -> list[tuple[str, str]]:
    return rows(folder, "SELECT list, code FROM classification_entries ORDER BY list, code")


def test_from_the_zip_and_from_an_option_they_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "old.xml").write_bytes(write_data_types([types(OLD_TEXT)]))
    (tmp_path / "new.xml.gz").write_bytes(gzip.compress(write_data_types([types(NEW_TEXT)])))
    good(tmp_path, "ingest", night(tmp_path, MONDAY), "--data-types", "old.xml")
    good(tmp_path, "ingest", night(tmp_path, TUESDAY), "--data-types", "new.xml.gz")
    zips = [
        night(tmp_path, MONDAY, lists=[types(OLD_TEXT)]),
        night(tmp_path, TUESDAY, lists=[types(NEW_TEXT)]),
    ]
    good(tmp_path, "ingest", *zips, "--db", "zip.db")
    assert events(tmp_path) == events(tmp_path, "--db", "zip.db")
    (event,) = events(tmp_path)
    assert said([event]) == [TEXT_CHANGED]
    data = event["data"]
    assert (data["before"], data["after"], data["units"]) == (OLD_TEXT, NEW_TEXT, 1)
    assert rows(tmp_path, "SELECT count(DISTINCT data_types_sha256) FROM snapshots") == [(2,)]


def test_data_types_by_an_option_go_before_those_in_the_zip(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY, lists=[types(OLD_TEXT)]))
    (tmp_path / "types.xml").write_bytes(write_data_types([types(NEW_TEXT)]))
    file = night(tmp_path, TUESDAY, lists=[types("noget tredje")])
    good(tmp_path, "ingest", file, "--data-types", "types.xml")
    assert [event["data"]["after"] for event in events(tmp_path)] == [NEW_TEXT]


def test_a_list_seen_for_the_first_time_is_a_baseline(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    told = good(tmp_path, "ingest", night(tmp_path, TUESDAY, lists=[types()]))
    assert "EntityType" in told
    assert events(tmp_path) == []
    codes = [code for _, code in _entries(tmp_path)]
    assert len(codes) == 3
    adopted = rows(tmp_path, "SELECT run_id, subject, path, before IS NULL FROM adoptions")
    assert sorted(adopted) == [(2, f"EntityType/{code}", "", 1) for code in codes]


def test_nothing_fits_in_the_option_is_a_refusal(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    before = dump(tmp_path)
    (tmp_path / "types.xml").write_bytes(NOTHING_FITS)
    done = called(tmp_path, "ingest", night(tmp_path, TUESDAY), "--data-types", "types.xml")
    assert (done.exit, done.stdout) == (5, "")
    assert "types.xml" in done.stderr
    assert "…Identifier" in done.stderr
    assert dump(tmp_path) == before


def test_nothing_fits_in_the_zip_is_a_warning(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY, lists=[types(OLD_TEXT)]))
    content = xml(TUESDAY, practice(name="Andre"))
    parts = {"Sor.xml": content, "SorDataTypes.xml": NOTHING_FITS}
    (tmp_path / "odd.zip").write_bytes(zipped(parts))
    done = called(tmp_path, "ingest", "odd.zip")
    assert done.exit == 0
    assert "warning" in done.stderr
    assert "…Identifier" in done.stderr
    assert said(events(tmp_path)) == [("unit.renamed", OWNER)]
    ((warnings,),) = rows(tmp_path, "SELECT warnings FROM runs WHERE id = 2")
    assert "Identifier" in warnings
    # The lists of the night before stay, and are compared with when lists come again.
    good(
        tmp_path,
        "ingest",
        night(tmp_path, WEDNESDAY, practice(name="Andre"), lists=[types(NEW_TEXT)]),
    )
    assert said(events(tmp_path))[1:] == [TEXT_CHANGED]


@pytest.mark.parametrize("whole", [False, True])
def test_a_list_missing_for_a_night_keeps_its_entries(tmp_path: Path, whole: bool) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY, lists=[types(OLD_TEXT), SPECIALITIES]))
    before = _entries(tmp_path)
    left = None if whole else [SPECIALITIES]
    done = called(tmp_path, "ingest", night(tmp_path, TUESDAY, lists=left))
    assert done.exit == 0
    assert "warning" in done.stderr
    assert ("EntityType" in done.stderr) or whole
    assert events(tmp_path) == []
    assert _entries(tmp_path) == before
    ((warnings,),) = rows(tmp_path, "SELECT warnings FROM runs WHERE id = 2")
    assert "stay" in warnings
    done = called(
        tmp_path, "ingest", night(tmp_path, WEDNESDAY, lists=[types(NEW_TEXT), SPECIALITIES])
    )
    assert done.stderr == ""
    assert said(events(tmp_path)) == [TEXT_CHANGED]


def test_codes_come_and_go(tmp_path: Path) -> None:
    more = types()
    more.entries.append(PlainEntry(code="1", text="ny"))
    good(tmp_path, "ingest", night(tmp_path, MONDAY, lists=[types()]))
    good(tmp_path, "ingest", night(tmp_path, TUESDAY, lists=[more]))
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY, lists=[types()]))
    assert said(events(tmp_path)) == [
        ("classification.code_added", "EntityType/1"),
        ("classification.code_removed", "EntityType/1"),
    ]


@pytest.mark.parametrize("versions", [(1, 2), (2, 1), (2, 3)])
def test_a_change_of_version_is_said_and_no_event(
    tmp_path: Path, versions: tuple[int, int]
) -> None:
    for day, version in zip((MONDAY, TUESDAY), versions, strict=True):
        night(tmp_path, day, version=version)  # type: ignore[arg-type]
    good(tmp_path, "ingest", f"{MONDAY}.xml")
    told = good(tmp_path, "ingest", f"{TUESDAY}.xml")
    assert f"{versions[0]}.0.0" in told
    assert f"{versions[1]}.0.0" in told
    assert events(tmp_path) == []
    assert rows(tmp_path, "SELECT version_changed FROM runs ORDER BY id") == [(0,), (1,)]
    assert "version" in good(tmp_path, "runs")


def test_what_both_versions_can_say_is_compared(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY, version=1))
    good(tmp_path, "ingest", night(tmp_path, TUESDAY, practice(name="Andre")))
    good(tmp_path, "ingest", night(tmp_path, THURSDAY, practice(name="Andre")))
    assert said(events(tmp_path)) == [("unit.renamed", OWNER)]


def test_known_content_with_data_types_says_that_they_were_not_looked_at(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY)
    good(tmp_path, "ingest", file)
    (tmp_path / "types.xml").write_bytes(write_data_types([types()]))
    done = called(tmp_path, "ingest", file, "--data-types", "types.xml")
    assert (done.exit, _entries(tmp_path)) == (0, [])
    assert "already recorded" in done.stdout
    assert "--data-types" in done.stderr


def test_data_types_go_with_one_snapshot(tmp_path: Path) -> None:
    names = night(tmp_path, MONDAY), night(tmp_path, TUESDAY)
    (tmp_path / "types.xml").write_bytes(write_data_types([types()]))
    done = called(tmp_path, "ingest", *names, "--data-types", "types.xml")
    assert (done.exit, done.stdout) == (2, "")
    assert "--data-types" in done.stderr
    assert not (tmp_path / "sordiff.db").exists()
