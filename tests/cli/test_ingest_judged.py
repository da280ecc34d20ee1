"""Which snapshots are taken, which are refused, and what `ingest` says of each: the ingest rules."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.stories.nights import zipped

from .calling import called, dump, events, good, rows, said
from .practice import (
    MONDAY,
    OWNER,
    SUNDAY,
    TUESDAY,
    WEDNESDAY,
    night,
    practice,
    second,
    xml,
)

if TYPE_CHECKING:
    from pathlib import Path

RENAMED = ("unit.renamed", OWNER)


def test_the_first_snapshot_is_the_baseline(tmp_path: Path) -> None:
    told = good(tmp_path, "ingest", night(tmp_path, MONDAY))
    assert "baseline" in told
    assert rows(tmp_path, "SELECT id, kind, state, nights, compared_with FROM runs") == [
        (1, "baseline", "accepted", None, None)
    ]
    assert events(tmp_path) == []
    assert rows(tmp_path, "SELECT count(*) FROM units") == [(3,)]


def test_the_next_one_is_a_night(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    told = good(tmp_path, "ingest", night(tmp_path, TUESDAY, practice(name="Lægerne A/S")))
    assert "renamed" in told
    assert "missing" not in told
    assert rows(tmp_path, "SELECT kind, state, nights, nights_missing FROM runs WHERE id = 2") == [
        ("night", "accepted", 1, 0)
    ]
    (event,) = events(tmp_path)
    assert said([event]) == [RENAMED]
    assert event["data"]["snapshot"] == {"before": MONDAY, "after": TUESDAY, "nights": 1}
    assert event["data"]["run"] == {"id": 2, "order": 1, "count": 1}


def test_a_night_without_a_change_is_a_run_of_its_own(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY), night(tmp_path, TUESDAY))
    assert rows(tmp_path, "SELECT kind, event_count, first_sequence FROM runs") == [
        ("baseline", 0, None),
        ("night", 0, None),
    ]


@pytest.mark.parametrize("file", ["same.xml", "same.xml.gz", "same.zip", "same.zip.gz"])
@pytest.mark.parametrize("day", [MONDAY, TUESDAY, WEDNESDAY])
def test_known_content_in_any_container_is_already_recorded(
    tmp_path: Path, day: str, file: str
) -> None:
    """However old it is: the first night and the last one alike."""
    contents = {d: xml(d, practice(name=f"Lægerne {d}")) for d in (MONDAY, TUESDAY, WEDNESDAY)}
    for name, content in contents.items():
        (tmp_path / f"{name}.xml").write_bytes(content)
    good(tmp_path, "ingest", *(f"{name}.xml" for name in contents))
    before = dump(tmp_path)
    content = contents[day]
    if ".zip" in file:
        content = zipped({"SOR.XML": content})
    (tmp_path / file).write_bytes(gzip.compress(content) if file.endswith(".gz") else content)
    done = called(tmp_path, "ingest", file)
    assert done.exit == 0
    assert "already recorded" in done.stdout
    assert dump(tmp_path) == before


def test_known_content_is_already_recorded_whatever_else_is_asked(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY)
    good(tmp_path, "ingest", file)
    before = dump(tmp_path)
    for option in (["--rebaseline"], ["--accept", "--reason", "x"], ["--dry-run"]):
        assert "already recorded" in good(tmp_path, "ingest", file, *option)
    assert dump(tmp_path) == before


def test_what_is_adopted_is_a_change_too(tmp_path: Path) -> None:
    """Between versions no event tells it: still it is not said that nothing changed."""
    told = practice(cvr="29190623")
    good(tmp_path, "ingest", night(tmp_path, MONDAY, told, version=1))
    turned = called(tmp_path, "ingest", night(tmp_path, TUESDAY, told))
    assert "adopted without an event: 1" in turned.stdout
    assert turned.stderr == ""
    assert rows(tmp_path, "SELECT code FROM alerts") == []
    same = called(tmp_path, "ingest", night(tmp_path, WEDNESDAY, told))
    assert "nothing at all changed" in same.stderr


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (MONDAY, "2024-03-06T01:00:00+01:00"),  # an earlier day, though made later
        (TUESDAY, "2024-03-05T00:59:59+01:00"),  # the same day, made earlier
        (TUESDAY, "2024-03-05T01:00:00+01:00"),  # the same day, made at the same moment
        (TUESDAY, "2024-03-05T02:00:00+02:00"),  # the same moment, written otherwise
        (TUESDAY, "2024-03-05T00:00:00Z"),
    ],
)
def test_not_later_and_other_bytes_is_refused(tmp_path: Path, day: str, at: str) -> None:
    good(tmp_path, "ingest", night(tmp_path, TUESDAY, at="2024-03-05T01:00:00+01:00"))
    before = dump(tmp_path)
    for option in ([], ["--rebaseline"], ["--accept", "--reason", "x"], ["--dry-run"]):
        other = night(tmp_path, day, practice(name="Andre"), at=at, name="other.xml")
        done = called(tmp_path, "ingest", other, *option)
        assert done.exit == 5, (option, done)
        assert "other.xml" in done.stderr
        assert done.stdout == ""
    assert dump(tmp_path) == before


def test_diff_says_of_two_files_of_one_instant_that_ingest_refuses_the_second(
    tmp_path: Path,
) -> None:
    one = night(tmp_path, MONDAY)
    other = night(tmp_path, MONDAY, practice(name="Lægerne A/S"), name="other.xml")
    for road in ([], ["--no-fast"]):
        compared = called(tmp_path, "diff", *road, one, other)
        assert "`sordiff ingest` would refuse the second one" in compared.stderr
        assert called(tmp_path, "diff", *road, one, one).stderr == ""
    good(tmp_path, "ingest", one)
    assert called(tmp_path, "ingest", other).exit == 5


def test_the_same_day_later_is_a_reissue(tmp_path: Path) -> None:
    first = night(tmp_path, MONDAY, at="2024-03-04T01:00:00.0000001+01:00")
    again = night(
        tmp_path,
        MONDAY,
        practice(name="Lægerne A/S"),
        at="2024-03-04T01:00:00.0000002+01:00",
        name="again.xml",
    )
    assert "reissue" in good(tmp_path, "ingest", first, again)
    assert rows(tmp_path, "SELECT kind, nights, nights_missing FROM runs WHERE id = 2") == [
        ("reissue", 0, 0)
    ]
    (event,) = events(tmp_path)
    assert said([event]) == [RENAMED]
    assert event["data"]["snapshot"] == {"before": MONDAY, "after": MONDAY, "nights": 0}


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        # In summer 01:30 without an offset is 23:30 UTC, in winter 00:30.
        ("2024-07-02", "2024-07-02T01:29:59+02:00", "2024-07-02T01:30:00"),
        ("2024-07-02", "2024-07-02T01:30:00", "2024-07-01T23:30:01Z"),
        ("2024-01-03", "2024-01-03T01:29:59+01:00", "2024-01-03T01:30:00"),
        ("2024-01-03", "2024-01-03T01:30:00", "2024-01-03T00:30:01Z"),
    ],
)
def test_a_moment_without_offset_is_danish_time(
    tmp_path: Path, day: str, before: str, after: str
) -> None:
    first = night(tmp_path, day, at=before)
    later = night(tmp_path, day, practice(name="Andre"), at=after, name="later.xml")
    good(tmp_path, "ingest", first, later)
    assert called(tmp_path, "ingest", "--as-given", later, first, "--db", "reverse.db").exit == 5
    good(tmp_path, "ingest", later, first, "--db", "sorted.db")
    (event,) = events(tmp_path)
    assert event["time"].startswith(after)
    assert event["time"][19:] in {"Z", "+01:00", "+02:00"}


@pytest.mark.parametrize("at", ["", "i går", "2024-03-05", "2024-03-05T25:00:00+01:00"])
def test_without_a_moment_it_is_refused(tmp_path: Path, at: str) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    before = dump(tmp_path)
    (tmp_path / "bad.xml").write_bytes(xml(TUESDAY, at="WHEN").replace(b"WHEN", at.encode("utf-8")))
    done = called(tmp_path, "ingest", "bad.xml")
    assert done.exit == 5
    assert "CreatedAtTime" in done.stderr
    assert dump(tmp_path) == before


@pytest.mark.parametrize(("day", "missing"), [(WEDNESDAY, 1), (SUNDAY, 5)])
def test_a_gap_is_recorded_and_said(tmp_path: Path, day: str, missing: int) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    done = called(tmp_path, "ingest", night(tmp_path, day, practice(name="Lægerne A/S")))
    assert done.exit == 0
    (line,) = [line for line in done.stdout.splitlines() if "missing" in line]
    assert str(missing) in line
    assert rows(tmp_path, "SELECT kind, nights, nights_missing FROM runs WHERE id = 2") == [
        ("night", missing + 1, missing)
    ]
    assert events(tmp_path)[0]["data"]["snapshot"]["nights"] == missing + 1
    assert f"{missing} night" in good(tmp_path, "runs")


def test_of_several_what_came_before_a_refusal_stays(tmp_path: Path) -> None:
    names = [night(tmp_path, day, practice(name=day)) for day in (TUESDAY, MONDAY, WEDNESDAY)]
    done = called(tmp_path, "ingest", "--as-given", *names)
    assert done.exit == 5
    assert "Run 1" in done.stdout
    assert f"{MONDAY}.xml" in done.stderr
    assert rows(tmp_path, "SELECT id FROM runs") == [(1,)]
    # What came behind was not taken, and can be.
    good(tmp_path, "ingest", names[2])
    assert rows(tmp_path, "SELECT id FROM runs") == [(1,), (2,)]


def test_broken_is_refused_whole(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    before = dump(tmp_path)
    whole = xml(TUESDAY, practice(), second())
    (tmp_path / "cut.xml").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "cut.zip").write_bytes(zipped({"Sor.xml": whole})[:-200])
    twice = xml(TUESDAY, practice(), practice())
    (tmp_path / "twice.xml").write_bytes(twice)
    (tmp_path / "other.xml").write_bytes(b"<html/>")
    for name in ("cut.xml", "cut.zip", "twice.xml", "other.xml"):
        done = called(tmp_path, "ingest", name)
        assert (done.exit, done.stdout) == (5, ""), name
        assert name in done.stderr
    assert dump(tmp_path) == before


def test_a_refused_first_snapshot_is_no_baseline(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(b"<html/>")
    assert called(tmp_path, "ingest", "bad.xml").exit == 5
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    assert rows(tmp_path, "SELECT id, kind FROM runs") == [(1, "baseline")]
