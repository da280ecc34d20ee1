"""Days that can't be right are held or refused, and never end the watch over the age of the register."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.anomalies.dates import find_date_ahead_alert, find_gap_alert
from sordiff.errors import SnapshotRefused
from sordiff.model import Day, Header
from sordiff.render.language import catalogue
from tests.cli.calling import called
from tests.unit.facts import alerts, nights, run
from tests.wrong_nights.recording import ingest, register, written

if TYPE_CHECKING:
    from pathlib import Path


def header(day: str, instant: str) -> Header:
    return Header(
        snapshot_date=Day(day),
        created_at=f"{instant}+00:00",
        instant=f"{instant}.0000000",
        version="2.0.0",
        sha256="",
        size=1,
    )


def test_what_is_ahead_is_told_with_both_days_or_hours() -> None:
    now = "2024-03-01T12:00:00+00:00"
    late = find_date_ahead_alert(header("2024-03-03", "2024-03-01T01:00:00"), now)
    assert late is not None
    assert late.message == (
        "the snapshot is dated 2024-03-03, which is later than tomorrow (2024-03-02)"
    )
    early = find_date_ahead_alert(header("2024-03-02", "2024-03-03T02:00:00"), now)
    assert early is not None
    assert early.message == (
        "the snapshot was created at 2024-03-03T02:00:00+00:00, 38 hours ahead of the clock;"
        " at most 36 are let through"
    )


@pytest.mark.parametrize(
    ("now", "day", "is_ahead"),
    [
        # At 23:30 in Copenhagen tomorrow is the 2nd, half an hour later the 3rd.
        ("2024-03-01T22:30:00+00:00", "2024-03-02", False),
        ("2024-03-01T22:30:00+00:00", "2024-03-03", True),
        ("2024-03-01T23:00:00+00:00", "2024-03-03", False),
        # The night in which the clock goes forward: midnight is at 23:00 UTC, the next at 22:00.
        ("2024-03-30T22:59:59+00:00", "2024-04-01", True),
        ("2024-03-30T23:00:00+00:00", "2024-04-01", False),
        ("2024-03-31T21:59:59+00:00", "2024-04-02", True),
        ("2024-03-31T22:00:00+00:00", "2024-04-02", False),
        # And back.
        ("2024-10-26T21:59:59+00:00", "2024-10-28", True),
        ("2024-10-26T22:00:00+00:00", "2024-10-28", False),
        ("2024-10-27T22:59:59+00:00", "2024-10-29", True),
        ("2024-10-27T23:00:00+00:00", "2024-10-29", False),
        # A caller elsewhere is at the same moment.
        ("2024-03-01T17:30:00-05:00", "2024-03-03", True),
    ],
)
def test_tomorrow_is_copenhagens(now: str, day: str, is_ahead: bool) -> None:
    early = header(day, "2024-01-01T00:00:00")
    assert (find_date_ahead_alert(early, now) is not None) is is_ahead


@pytest.mark.parametrize(
    ("minutes", "is_ahead"), [(36 * 60, False), (36 * 60 + 1, True), (-9, False)]
)
def test_a_clock_that_is_a_little_slow_holds_nothing(minutes: int, is_ahead: bool) -> None:
    now = datetime(2024, 3, 1, 12, tzinfo=timezone.utc)
    created = (now + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")
    found = find_date_ahead_alert(header("2024-03-02", created), now.isoformat())
    assert (found is not None) is is_ahead
    if found is not None:
        assert (found.code, found.severity) == ("date.future", "critical")
        assert "timer forud" in catalogue("da").sentence(found.message)


@pytest.mark.parametrize("plain", [False, True])
def test_a_night_dated_a_year_ahead_is_held_and_the_next_is_taken(
    tmp_path: Path, plain: bool
) -> None:
    ingest(tmp_path, register("2024-03-05"), register("2024-03-06"))
    wrong = register("2025-03-07")
    (trial,) = ingest(tmp_path, wrong, plain=plain, dry_run=True)
    (held,) = ingest(tmp_path, wrong, plain=plain)
    assert (trial.outcome, held.outcome) == ("would_hold", "held")
    assert {alert.code for alert in held.alerts if alert.severity == "critical"} == {"date.future"}
    (taken,) = ingest(tmp_path, register("2024-03-07"), plain=plain)
    assert (taken.outcome, taken.superseded) == ("recorded", held.run_id)


@pytest.mark.parametrize("how", ["baseline", "rebaseline"])
def test_what_nothing_can_be_held_against_is_refused(tmp_path: Path, how: str) -> None:
    if how == "rebaseline":
        ingest(tmp_path, register("2024-03-05"))
    wrong = register("2024-05-07")
    again: Any = {"rebaseline": how == "rebaseline"}
    with pytest.raises(SnapshotRefused) as refused:
        ingest(tmp_path, wrong, **again)
    assert refused.value.problems[0].code == "date.future"
    assert "--accept" in str(refused.value.advice)
    (taken,) = ingest(tmp_path, wrong, accept=True, **again)
    assert (taken.outcome, next(alert.code for alert in taken.alerts)) == (
        "recorded",
        "date.future",
    )


def test_diff_and_status_say_it(tmp_path: Path) -> None:
    today = datetime.now(timezone.utc)
    days = [(today + timedelta(days=days)).date().isoformat() for days in (-2, 400)]
    old, new = (written(tmp_path, register(day)) for day in days)
    compared = called(tmp_path, "diff", old, new)
    assert compared.exit == 0
    assert f"the snapshot is dated {days[1]}" in compared.stderr
    assert "would be held" in compared.stderr
    assert called(tmp_path, "ingest", old).exit == 0
    assert called(tmp_path, "status", "--max-age", "100").exit == 0
    assert called(tmp_path, "ingest", new).exit == 3
    assert called(tmp_path, "ingest", new, "--accept", "--reason", "a trial").exit == 0
    aged = called(tmp_path, "status", "--max-age", "100")
    assert aged.exit == 7
    assert "hours ahead of the clock" in aged.stderr
    assert called(tmp_path, "status").exit == 0


def test_many_missing_nights_are_warned_of(tmp_path: Path) -> None:
    assert find_gap_alert(31) is None
    ingest(tmp_path, register("2024-01-01"))
    (taken,) = ingest(tmp_path, register("2024-02-02"))
    assert [alert.code for alert in taken.alerts if "date" in alert.code] == []
    (taken,) = ingest(tmp_path, register("2024-03-06"))
    assert (taken.outcome, taken.nights_missing) == ("recorded", 32)
    (gap,) = (alert for alert in taken.alerts if alert.code == "date.gap")
    assert gap.severity == "warning"
    assert catalogue("da").sentence(gap.message) == "der mangler 32 nætter før denne"


def test_a_gap_dilutes_by_seven_nights_at_most() -> None:
    """A hundred and ninety closings stay far above what is usual, however long nothing came."""
    history = nights([{"unit.closed": 3, "unit.ceased": 3}] * 60)
    for gap, is_unusual in ((5, True), (7, True), (40, True), (400, True)):
        tonight = run({"unit.closed": 190, "unit.ceased": 190}, nights=gap)
        found = alerts(tonight, history)
        assert ("unusual.unit.ceased" in found) is is_unusual, gap
        message = found["unusual.unit.ceased"].message
        assert ("of which 7 count" in message) is (gap > 7)
        assert "pr. nat over" in catalogue("da").sentence(message)
