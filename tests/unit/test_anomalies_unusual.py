"""Unusual for this register: against the nights before, and severe only above half of a limit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sordiff.anomalies.limits import Limits, Unusual
from sordiff.anomalies.rules import judge_run
from tests.unit.facts import LIMITS, TONIGHT, alerts, nights, run

if TYPE_CHECKING:
    from sordiff.alerts import Alert
    from sordiff.anomalies.facts import RunFacts

RENAMED = "unit.renamed"
CODE = "unusual.unit.renamed"


def renamed(*counts: int) -> list[dict[str, int]]:
    return [{RENAMED: count} for count in counts]


def first_unusual(history: list[RunFacts], name: str = RENAMED, nights: int = 1) -> int:
    """The smallest count a run that is told of."""
    return next(
        count
        for count in range(1, 1_000)
        if f"unusual.{name}" in alerts(run({name: count}, nights=nights), history)
    )


def test_without_any_spread_it_is_the_distance_and_the_multiple_that_count() -> None:
    assert first_unusual(nights(renamed(*[6] * 30))) == 19  # three times six, and ten more
    assert first_unusual(nights(renamed(*[0] * 30))) == 11
    assert first_unusual(nights(renamed(*[2] * 30))) == 13  # ten more than the median


def test_where_most_are_alike_the_mean_deviation_takes_the_place_of_the_median() -> None:
    # Mean deviation of the logarithms: a third of log(41 / 7); 7 * e ** (3.5 * 1.2533 * 0.589) = 92.8.
    assert first_unusual(nights(renamed(*[6] * 20, *[40] * 10))) == 92


def test_the_score_is_of_median_and_deviation_on_logarithms() -> None:
    # Logs of 1 + n: 2, 3 and 4 times log 2; median 3, deviation 1: 1 + n = 2 ** (3 + 3.5 * 1.4826).
    history = nights(renamed(*[3, 7, 15] * 10, *[3, 15]))
    assert first_unusual(history) == 291
    alert = alerts(run({RENAMED: 291}), history)[CODE]
    assert (alert.severity, alert.saw) == ("warning", 291)
    assert alert.limit == pytest.approx(2 ** (3 + 3.5 * 1.4826) - 1)
    assert alert.message == (
        "291 new names; usually about 7 a night and at most 290, "
        "by 32 nights from 2024-04-13 to 2024-05-14"
    )


def test_silent_until_there_are_fourteen_nights() -> None:
    loud = run({RENAMED: 900})
    assert alerts(loud, nights(renamed(*[6] * 13))) == {}
    assert CODE in alerts(loud, nights(renamed(*[6] * 14)))


@pytest.mark.parametrize("kind", ["baseline", "reissue", "rebaseline"])
def test_other_kinds_stay_out_of_the_history(kind: str) -> None:
    history = nights(renamed(*[6] * 13))
    history += nights(renamed(6), until=date(2024, 5, 1), kind=kind)
    assert alerts(run({RENAMED: 900}), history) == {}


def test_exceptional_runs_stay_out_of_the_history() -> None:
    calm = nights(renamed(*[6] * 20), until=TONIGHT - timedelta(days=20))
    wild = nights(renamed(*[600] * 20), exceptional=True)
    assert first_unusual(calm + wild) == first_unusual(calm) == 19
    assert alerts(run({RENAMED: 100}), [replace(one, exceptional=False) for one in wild]) == {}


def test_runs_of_that_day_or_later_are_no_history() -> None:
    for ahead in (1, 2):
        history = nights(renamed(*[6] * 14), until=TONIGHT + timedelta(days=ahead))
        assert alerts(run({RENAMED: 900}), history) == {}


def test_only_the_newest_nights_count() -> None:
    history = nights(renamed(*[60] * 200 + [6] * 180))
    assert first_unusual(history) == 19
    assert first_unusual(list(reversed(history))) == 19  # in whatever order they are given


def test_the_same_weekday_where_there_are_eight_of_them() -> None:
    # Wednesdays have 60, all other days 6.
    weeks = renamed(60, *[6] * 6) * 8
    history = nights(weeks)  # the first is eight weeks before tonight, a Wednesday
    assert first_unusual(history) == 181
    assert first_unusual(history[1:]) < 60
    alert = alerts(run({RENAMED: 300}), history)[CODE]
    assert alert.expected == (
        "usually about 60 a night and at most 180, by 8 Wednesdays from 2024-03-20 to 2024-05-08"
    )


def test_counts_are_compared_by_the_night() -> None:
    history = nights(renamed(*[6] * 30))
    assert first_unusual(history, nights=4) == 4 * 18 + 1
    alert = alerts(run({RENAMED: 120}, nights=4), history)[CODE]
    assert alert.message.startswith("30 new names a night, over 4 nights; usually about 6 a night")
    assert (alert.saw, alert.limit) == (120, 4 * 18)
    spanning = nights(renamed(*[24] * 30), nights=4)
    assert first_unusual(spanning) == 19


def test_a_reissue_counts_as_one_night() -> None:
    history = nights(renamed(*[6] * 30))
    assert CODE in alerts(run({RENAMED: 19}, kind="reissue", nights=0), history)


def test_severe_only_above_half_of_the_limit() -> None:
    history = nights(renamed(*[6] * 30))
    assert alerts(run({RENAMED: 500}), history)[CODE].severity == "warning"
    assert alerts(run({RENAMED: 501}), history)[CODE].severity == "critical"
    assert list(alerts(run({RENAMED: 1_001}), history)) == ["limit.unit.renamed"]


def test_ten_times_the_busiest_night_holds_a_large_register_from_the_floor_on() -> None:
    history = nights([{"unit.closed": 20}, *[{"unit.closed": 5}] * 29])
    large = run(units=150_000, open_units=120_000)  # the limit is 600

    def alert(closings: int) -> Alert:
        tonight = run({"unit.closed": closings}, units=150_000, open_units=120_000)
        return alerts(tonight, history, last=large)["unusual.unit.ceased"]

    def severity(closings: int) -> str:
        return alert(closings).severity

    assert severity(200) == "warning"
    assert severity(201) == "critical"
    assert alert(201).limit == 200
    assert alert(201).message == (
        "201 closings; the busiest of 30 ordinary nights from 2024-04-15 to 2024-05-14 had 20"
    )
    history[0] = replace(history[0], counts={"unit.closed": 25})
    assert severity(249) == "warning"
    assert severity(250) == "critical"


def test_the_turn_of_a_month_is_compared_with_the_turns_before() -> None:
    turns = [
        run(
            {RENAMED: 100 if (TONIGHT - timedelta(days=back)).day == 1 else 6},
            day=TONIGHT - timedelta(days=back),
        )
        for back in range(60, 0, -1)
    ]
    first = date(2024, 6, 1)
    until = [*turns, *nights(renamed(*[6] * 17), until=first)]
    assert alerts(run({RENAMED: 300}, day=first), until) == {}
    alert = alerts(run({RENAMED: 301}, day=first), until)[CODE]
    assert str(alert.expected).endswith(", and up to 100 when a month began")
    assert alert.limit == 300
    assert CODE in alerts(run({RENAMED: 100}, day=first + timedelta(days=1)), until)
    assert alerts(run({RENAMED: 100}, day=first + timedelta(days=1), nights=2), until) == {}
    without = nights(renamed(*[6] * 17), until=first)
    without = [one for one in without if one.day != "2024-06-01"]
    assert CODE in alerts(run({RENAMED: 100}, day=first), without)


def test_the_turn_of_a_month_is_not_compared_with_a_busy_night_between() -> None:
    first = date(2024, 6, 1)
    days = [first - timedelta(days=back) for back in range(60, 0, -1)]
    counts = {date(2024, 5, 1): 100, date(2024, 5, 10): 400}
    until = [run({RENAMED: counts.get(day, 6)}, day=day) for day in days]
    alert = alerts(run({RENAMED: 301}, day=first), until)[CODE]
    assert str(alert.expected).endswith(", and up to 100 when a month began")
    assert alert.limit == 300


def test_the_nights_that_a_run_spans_are_told_from_two_on() -> None:
    history = nights(renamed(*[6] * 30))
    for spanned, told in (
        (1, "100 new names; "),
        (2, "100 new names a night, over 2 nights; "),
        (7, "100 new names a night, over 7 nights; "),
        (8, "100 new names a night, over 8 nights, of which 7 count; "),
    ):
        counts = {RENAMED: 100 * min(spanned, 7)}
        assert alerts(run(counts, nights=spanned), history)[CODE].message.startswith(told)


def test_the_total_is_told_only_where_no_type_is_and_never_holds() -> None:
    kinds = ["unit.renamed", "unit.contact_changed", "unit.address_changed", "unit.details_changed"]
    history = nights([{kinds[index % 4]: 6} for index in range(60)])
    spread = dict.fromkeys(kinds, 9)
    assert list(alerts(run(spread), history)) == ["unusual.total"]
    assert alerts(run(spread), history)["unusual.total"].severity == "warning"
    found = alerts(run({**spread, RENAMED: 100}), history)
    assert list(found) == [CODE]


def test_the_rules_can_be_told_otherwise() -> None:
    history = nights(renamed(*[6] * 5))
    limits = Limits(unusual=Unusual(nights=5, least=2, times=1.0))
    assert [a.code for a in judge_run(run({RENAMED: 9}), run(), history, limits)] == [CODE]
    assert judge_run(run({RENAMED: 9}), run(), history, LIMITS) == ()
