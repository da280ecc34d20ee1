"""Malformed dates and times are refused at their line; a zone behind a date says nothing."""

from pathlib import Path

import pytest

from tests.unit.small_snapshot import line_of, problems, read, said, spoiled

DATES = [
    "2019-02-30",
    "2019-02-29",
    "19-1-1",
    "2019-1-1",
    "20190101",
    "2019-01-01T00:00:00",
    "2019-01-01T00:00:00+02:00",
    "2019-13-01",
    "01-01-2019",
    "0000-01-01",
    "02019-01-01",
    "-2019-01-01",
    "2019-01-01 x",
    "２０１９-01-01",
    "today",
]


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize(
    "day", ["2001-01-01", "2031-12-31", "2002-02-02", "2003-03-03", "2034-12-31", "2004-04-04"]
)
def test_a_malformed_date_of_a_unit_or_its_number(tmp_path: Path, day: str, text: str) -> None:
    (found,) = problems(tmp_path, spoiled(day, text))
    assert (found.code, found.line) == ("date.malformed", line_of(day))
    assert text in found.message


@pytest.mark.parametrize("text", DATES)
def test_a_malformed_snapshot_date(tmp_path: Path, text: str) -> None:
    bad = spoiled(">2024-09-02<", f">{text}<")
    assert said(tmp_path, bad) == [("date.malformed", line_of("SnapshotDate"))]


@pytest.mark.parametrize(
    "text",
    [
        "2024-09-02",
        "2024-09-31T01:00:00+02:00",
        "2024-09-02T25:00:00+02:00",
        "2024-09-02T01:60:00+02:00",
        "2024-09-02T01:00+02:00",
        "2024-09-02 01:00:00+02:00",
        "2024-09-02T01:00:00 +02:00",
        "2024-09-02T01:00:00+0200",
        "2024-09-02T01:00:00+99:00",
        "2024-09-02T01:00:00CEST",
        "01:00:00",
        "tonight",
    ],
)
def test_a_malformed_time_of_creation(tmp_path: Path, text: str) -> None:
    bad = spoiled("2024-09-02T01:00:29.6269718+02:00", text)
    assert said(tmp_path, bad) == [("time.malformed", line_of("CreatedAtTime"))]


def test_a_zone_behind_a_date_is_dropped(tmp_path: Path) -> None:
    text = spoiled(">2024-09-02<", ">2024-09-02+02:00<")
    text = spoiled("2001-01-01", " 2001-01-01Z ", text)
    text = spoiled("2031-12-31", "2031-12-31-01:00", text)
    snapshot = read(tmp_path, text)
    assert snapshot.header.snapshot_date == "2024-09-02"
    (owner,) = (unit for unit in snapshot.units.values() if unit.sor_id == "1101")
    assert (owner.from_, owner.to) == ("2001-01-01", "2031-12-31")
