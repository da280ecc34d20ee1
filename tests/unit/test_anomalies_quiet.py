"""Too quiet: no change on a working day, or the same file for too long."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from sordiff.anomalies.limits import Limits, Quiet
from sordiff.anomalies.quiet import find_same_file_alert
from sordiff.anomalies.working_days import compute_easter, holds_a_working_day, is_working_day
from sordiff.model import Day
from tests.unit.facts import LIMITS, TONIGHT, alerts, nights, run

CODE = "quiet.no_change"
SOME = {"unit.contact_changed": 5}


@pytest.mark.parametrize(
    "sunday",
    [
        "1818-03-22",
        "1954-04-18",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2018-04-01",
        "2019-04-21",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2038-04-25",
        "2049-04-18",
    ],
)
def test_easter(sunday: str) -> None:
    assert compute_easter(int(sunday[:4])) == date.fromisoformat(sunday)


FREE = {
    2018: {
        "01-01",
        "03-29",
        "03-30",
        "04-02",
        "04-27",
        "05-10",
        "05-21",
        "06-05",
        "12-24",
        "12-25",
        "12-26",
        "12-31",
    },
    2023: {"04-06", "04-07", "04-10", "05-05", "05-18", "05-29", "06-05", "12-25", "12-26"},
    2024: {
        "01-01",
        "03-28",
        "03-29",
        "04-01",
        "05-09",
        "05-20",
        "06-05",
        "12-24",
        "12-25",
        "12-26",
        "12-31",
    },
}


@pytest.mark.parametrize("year", FREE)
def test_the_free_days_of_a_year(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=count) for count in range(365 + (year % 4 == 0))]
    free = {f"{day:%m-%d}" for day in days if day.weekday() < 5 and not is_working_day(day)}
    assert free == FREE[year]
    assert not any(is_working_day(day) for day in days if day.weekday() >= 5)


@pytest.mark.parametrize(
    ("day", "spanned", "holds"),
    [
        ("2024-05-15", 1, True),
        ("2024-05-18", 1, False),  # a Saturday
        ("2024-05-18", 2, True),
        ("2024-05-20", 3, False),  # Whit Monday, and the weekend before it
        ("2024-05-20", 4, True),
        ("2024-05-15", 0, False),
        ("2024-05-15", 100_000, True),
    ],
)
def test_the_days_that_a_run_spans(day: str, spanned: int, holds: bool) -> None:
    assert holds_a_working_day(Day(day), spanned) is holds


def test_nothing_on_a_working_day_is_told() -> None:
    alert = alerts(run({}))[CODE]
    assert (alert.severity, alert.saw) == ("warning", 0)
    assert alert.message == "nothing at all changed; expected some change on a working day"
    alert = alerts(run({}), nights([SOME] * 29 + [{}]))[CODE]
    assert alert.message == (
        "nothing at all changed; expected some change on a working day, as 20 of 21 nights from "
        "2024-04-15 to 2024-05-14 had"
    )
    alert = alerts(run({}), nights([SOME]))[CODE]
    assert str(alert.expected).endswith(", as 1 of 1 night (2024-05-14) had")
    assert alerts(run({}), nights([{}]))[CODE].expected == "some change on a working day"


def test_one_change_is_enough() -> None:
    assert alerts(run({"classification.code_added": 1})) == {}


@pytest.mark.parametrize(
    "day", ["2024-05-18", "2024-05-19", "2024-05-20", "2024-05-09", "2024-12-24"]
)
def test_nothing_on_a_free_day_is_not(day: str) -> None:
    assert alerts(run({}, day=date.fromisoformat(day))) == {}


@pytest.mark.parametrize("kind", ["baseline", "reissue", "rebaseline"])
def test_only_a_night_is_expected_to_change_something(kind: str) -> None:
    assert alerts(run({}, kind=kind, nights=0)) == {}


def test_one_quiet_night_does_not_make_the_next_one_usual() -> None:
    assert CODE in alerts(run({}), nights([SOME, {}, SOME, SOME]))
    assert CODE in alerts(run({}), nights([SOME] * 40 + [{}] * 2 + [SOME]))


def test_where_it_is_often_quiet_it_is_not_told() -> None:
    assert alerts(run({}), nights([SOME, {}] * 15)) == {}


def test_where_wednesdays_are_quiet_wednesdays_are_not_told() -> None:
    # An extract made in the small hours tells on one day what was done on the day before.
    history = nights([{}, *[SOME] * 6] * 10)
    assert alerts(run({}), history) == {}
    thursday = TONIGHT + timedelta(days=1)
    assert CODE in alerts(run({}, day=thursday), [*history, run({})])


def test_it_can_be_switched_off() -> None:
    silent = Limits(quiet=Quiet(warn=False))
    assert alerts(run({}), limits=silent) == {}
    assert find_same_file_alert(NOW - timedelta(days=9), NOW, silent) is None


NOW = datetime(2024, 5, 15, 4, 0, tzinfo=timezone.utc)


def test_the_same_file_again_is_told_when_the_newest_is_too_old() -> None:
    assert find_same_file_alert(NOW - timedelta(hours=36), NOW, LIMITS) is None
    alert = find_same_file_alert(NOW - timedelta(hours=51), NOW, LIMITS)
    assert alert is not None
    assert (alert.code, alert.severity, alert.saw, alert.limit) == (
        "quiet.same_file",
        "warning",
        51,
        36,
    )
    assert alert.message == (
        "the file delivered is one already recorded, and the newest accepted snapshot is 51 hours "
        "old; expected a new snapshot within 36 hours"
    )
