"""The last nights, day by day, as both pictures of them count."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from sordiff.model import Day
from sordiff.report import Night, Report

# The nights that moved the register.
ACCEPTED: Final = frozenset({"accepted", "released"})


class LastNights(Struct, frozen=True, kw_only=True):
    """The nights of `days` days up to the last day of the report; `runs` are those it tells of."""

    days: int
    until: Day
    runs: frozenset[int]
    nights: tuple[Night, ...]


def last_nights(report: Report) -> LastNights:
    """The nights that the report knows, and how many days they go back."""
    until = report.headline.until
    first = min((night.day for night in report.nights), default=until)
    return LastNights(
        days=max(0, (date.fromisoformat(until) - date.fromisoformat(first)).days) + 1,
        until=until,
        runs=frozenset(report.headline.runs),
        nights=report.nights,
    )


def nights_by_day(last: LastNights) -> dict[Day, list[Night]]:
    """Every day with its runs, oldest first; a run for a later day has no place."""
    end = date.fromisoformat(last.until)
    back = range(last.days - 1, -1, -1)
    by_day: dict[Day, list[Night]] = {
        Day((end - timedelta(days=days)).isoformat()): [] for days in back
    }
    for night in last.nights:
        if night.day in by_day:
            by_day[night.day].append(night)
    return by_day


def counted_nights(nights: Sequence[Night]) -> Sequence[Night]:
    """Of the runs of one day those that count: the accepted ones, else the last one."""
    return [night for night in nights if night.state in ACCEPTED] or nights[-1:]


def has_counts(last: LastNights) -> bool:
    """Whether anything counts on any day."""
    days = nights_by_day(last).values()
    return any(sum(night.counts.values()) for day in days for night in counted_nights(day))
