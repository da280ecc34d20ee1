"""Hard limits: what is just within, and what holds a run."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from sordiff.anomalies.coverage_rules import CoverageRules
from sordiff.anomalies.limits import DEFAULT_CEILINGS, Ceiling, Limits
from sordiff.anomalies.measures import MEASURES
from sordiff.anomalies.rules import is_held, judge_run
from sordiff.events import EVENT_TYPES
from sordiff.settings import Anomalies
from tests.scenarios.telling import ROOT
from tests.unit.facts import LIMITS, TONIGHT, alerts, nights, run

# In a register of 40,000 units, 30,000 of them open.
MOST = {
    "unit.ceased": 200,
    "unit.reopened": 200,
    "unit.removed_while_open": 25,
    "unit.created": 800,
    "unit.moved": 150,
    "unit.renamed": 1_000,
    "unit.effective_location_number_changed": 500,
    "location_number.lost": 50,
    "classification.text_changed": 30,
    "classification.code_removed": 10,
}


@pytest.mark.parametrize("name", MEASURES)
def test_the_limit_itself_passes_and_one_more_holds(name: str) -> None:
    most = MOST.get(name, 5_000)
    counted = MEASURES[name].parts[0]
    some = {"unit.contact_changed": 5}
    assert alerts(run({**some, counted: most})) == {}
    found = alerts(run({**some, counted: most + 1}))
    assert list(found) == [f"limit.{name}"]
    alert = found[f"limit.{name}"]
    assert (alert.severity, alert.saw, alert.limit) == ("critical", most + 1, most)
    assert is_held(found.values())


def test_every_event_type_is_counted_under_one_limit() -> None:
    parts = [part for measure in MEASURES.values() for part in measure.parts if part in EVENT_TYPES]
    assert sorted(parts) == sorted(EVENT_TYPES)
    assert set(MOST) == set(DEFAULT_CEILINGS)


def test_closings_and_removals_while_open_are_counted_together() -> None:
    assert (
        alerts(run({"unit.closed": 180, "unit.removed_while_open": 20, "unit.removed": 20})) == {}
    )
    found = alerts(run({"unit.closed": 181, "unit.removed_while_open": 20, "unit.removed": 20}))
    assert list(found) == ["limit.unit.ceased"]


def test_numbers_reassigned_and_released_are_counted_together() -> None:
    assert alerts(run({"location_number.reassigned": 25, "location_number.released": 25})) == {}
    found = alerts(run({"location_number.reassigned": 26, "location_number.released": 25}))
    assert found["limit.location_number.lost"].saw == 51


@pytest.mark.parametrize(("name", "share"), [("unit.closed", 0.005), ("unit.created", 0.02)])
def test_a_share_counts_where_it_is_above_the_floor(name: str, share: float) -> None:
    large = run(units=100_000, open_units=100_000)
    most = round(100_000 * share)
    tonight: dict[str, Any] = {"units": 100_000, "open_units": 100_000}
    assert alerts(run({name: most}, **tonight), last=large) == {}
    assert is_held(alerts(run({name: most + 1}, **tonight), last=large).values())


def test_a_share_is_told_with_what_it_is_of() -> None:
    large = run(units=90_000, open_units=60_000)
    found = alerts(run({"unit.closed": 301, "unit.created": 1_801}), last=large)
    assert found["limit.unit.ceased"].message.startswith(
        "301 closings, where 300 is the limit (0.5 % of 60,000 open units, at least 200); "
    )
    assert found["limit.unit.created"].message.startswith(
        "1,801 new units, where 1,800 is the limit (2 % of 90,000 units, at least 300); "
    )


def test_a_share_is_taken_of_the_register_before_which_is_whole() -> None:
    whole = run(units=100_000, open_units=100_000)
    found = alerts(run({"unit.closed": 450}, units=100_000, open_units=50_000), last=whole)
    assert found == {}
    [alert] = judge_run(run({"unit.closed": 450}, open_units=50_000), None, (), LIMITS)
    assert alert.message == (
        "450 closings, where 250 is the limit (0.5 % of 50,000 open units, at least 200); "
        "there is no history yet to compare it with"
    )


def test_a_limit_is_for_the_run_however_many_nights_it_spans() -> None:
    assert is_held(alerts(run({"unit.moved": 151}, nights=30)).values())


def test_it_says_what_the_history_had() -> None:
    history = nights([{"unit.moved": 3}] * 9 + [{"unit.moved": 14}])
    alert = alerts(run({"unit.moved": 400}), history)["limit.unit.moved"]
    assert (
        alert.expected == "the busiest of 10 ordinary nights from 2024-05-05 to 2024-05-14 had 14"
    )
    assert alert.message == f"400 moves, where 150 is the limit; {alert.expected}"


@pytest.mark.parametrize(
    ("last", "tonight", "is_off"),
    [
        ({"units": 40_000}, {"units": 32_000}, False),
        ({"units": 40_000}, {"units": 31_999}, True),
        ({"units": 40_000}, {"units": 48_000}, False),
        ({"units": 40_000}, {"units": 48_001}, True),
        ({"units": 100}, {"units": 50}, False),  # half of a small register
        ({"units": 100}, {"units": 49}, True),
        ({"units": 7}, {"units": 0}, True),
        ({"units": 1}, {"units": 0}, True),
        ({"units": 0}, {"units": 0}, False),
        ({"size": 80_000_000}, {"size": 64_000_000}, False),
        ({"size": 80_000_000}, {"size": 63_999_999}, True),
        ({"size": 80_000_000}, {"size": 96_000_001}, True),
        ({"size": 210_000}, {"size": 10_000}, False),
        ({"size": 210_000}, {"size": 9_999}, True),
        ({"size": 80, "version": "1.0.0"}, {"size": 80_000_000, "version": "2.0.0"}, False),
        ({"size": 80, "version": "2.0.0"}, {"size": 80_000_000, "version": "2.0.0"}, True),
    ],
)
def test_levels(last: dict[str, Any], tonight: dict[str, Any], is_off: bool) -> None:
    found = alerts(run(**tonight), last=run(**last))
    [figure] = last.keys() - {"version"}
    assert list(found) == ([f"level.{figure}"] if is_off else [])
    assert is_held(found.values()) is is_off


def test_a_level_says_what_was_expected_of_which_night() -> None:
    friday = run(day=TONIGHT - timedelta(days=5), exceptional=True)
    alert = alerts(run(units=20_000), last=friday)["level.units"]
    assert (alert.saw, alert.limit) == (20_000, 32_000)
    assert alert.message == (
        "the register has 20,000 units; expected 32,000 to 48,000, by the 40,000 units of "
        "2024-05-10, the last accepted run"
    )


def test_of_a_small_register_nothing_below_zero_is_expected() -> None:
    alert = alerts(run(units=0), last=run(units=7))["level.units"]
    assert (alert.limit, alert.severity) == (0, "critical")
    assert alert.message.startswith("the register has 0 units; expected 0 to 57, by the 7 units of")


def test_the_size_of_a_file_is_told_in_bytes_and_a_rebaseline_is_not_held() -> None:
    [alert] = alerts(run(kind="rebaseline", size=100_000_001), last=run()).values()
    assert (alert.code, alert.severity, alert.limit) == ("level.size", "warning", 96_000_000)
    assert alert.message == (
        "the file has 100,000,001 bytes; expected 64,000,000 to 96,000,000, by the 80,000,000 "
        "bytes of 2024-05-15, the last accepted run"
    )


def test_without_a_run_before_no_level_is_off() -> None:
    assert judge_run(run(units=3), None, (), LIMITS) == ()


def test_a_baseline_is_compared_with_nothing_and_a_rebaseline_only_warns() -> None:
    assert alerts(run({}, kind="baseline", units=0)) == {}
    found = alerts(run({}, kind="rebaseline", units=100))
    assert list(found) == ["level.units"]
    assert not is_held(found.values())


def test_critical_alerts_come_first() -> None:
    history = nights([{"unit.contact_changed": 3}] * 30)
    found = judge_run(
        run({"unit.contact_changed": 300, "unit.removed": 5_001}), run(), history, LIMITS
    )
    assert [alert.code for alert in found] == ["limit.unit.removed", "unusual.unit.contact_changed"]


def configured(text: str) -> Limits:
    return msgspec.convert(tomllib.loads(text), Limits)


def test_a_ceiling_is_a_number_or_a_table() -> None:
    limits = configured(
        'other = 7\n[counts]\n"unit.moved" = 5\n"unit.ceased" = { count = 10, share = 0.1 }'
    )
    assert limits.ceiling("unit.moved") == Ceiling(count=5)
    assert limits.ceiling("unit.ceased").most(units=1_000, open_units=500) == 50
    assert limits.ceiling("unit.renamed") == DEFAULT_CEILINGS["unit.renamed"]
    assert list(alerts(run({"unit.moved": 6}), limits=limits)) == ["limit.unit.moved"]
    assert list(alerts(run({"unit.opened": 8}), limits=limits)) == ["limit.unit.opened"]


@pytest.mark.parametrize(
    "text",
    [
        '[counts]\n"unit.moves" = 5',
        "[counts]\nclosed = 5",
        "[sizes]\nleast = 1",
        "other = -1",
        "[units]\nleast = 5\nshare = 20",
    ],
)
def test_a_typing_error_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        configured(text)


def test_the_example_of_the_document_is_the_defaults() -> None:
    text = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    shown = msgspec.convert(tomllib.loads(example)["alarms"], Limits)
    assert {name: shown.ceiling(name) for name in shown.counts} == DEFAULT_CEILINGS
    assert msgspec.structs.replace(shown, counts={}) == LIMITS
    assert msgspec.convert(tomllib.loads(example)["anomalies"], Anomalies) == Anomalies()
    assert all(f"{name} =" in example for name in CoverageRules.__struct_fields__)
    for table in (shown.units, shown.unusual, shown.quiet):
        names = table.__struct_fields__
        assert all(f"`{name}`" in text or f"{name} =" in example for name in names)
