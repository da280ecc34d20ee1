"""The claims on ordinary nights and on faults, by the simulation, and the table in docs/alarms.md."""

from __future__ import annotations

from tests.alarms.faults import FAULTS
from tests.alarms.histories import BUSIEST, NIGHTS, history
from tests.alarms.table import (
    BEGIN,
    DOCUMENT,
    END,
    LARGE,
    SMALL,
    refused,
    simulated,
    table,
    written,
)


def test_the_claims_hold_and_the_table_is_up_to_date() -> None:
    # One test, so that the simulation runs once, on however many workers.
    large, small = simulated(LARGE, small=False), simulated(SMALL, small=True)
    both = large + small
    assert (both.histories, both.nights) == (500, 500 * NIGHTS)
    assert large.held_per_thousand() < 1
    assert small.held_per_thousand() < 1
    assert both.stopped == both.injected
    assert all(both.injected[name] >= 400 for name in FAULTS)
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document.count(BEGIN) == document.count(END) == 1
    assert document == written(document, table(large, small)), "run `make alarms-table`"


def test_faulty_files_are_refused() -> None:
    assert all(refused().values())


def test_the_histories_are_ordinary_ones() -> None:
    register, runs = history(1, small=False)
    assert (register, runs) == history(1, small=False)
    assert history(2, small=False) != (register, runs)
    nights = [run for seed in range(20) for run in history(seed, small=False)[1][1:]]
    ordinary = [
        sum(count for name, count in run.counts.items() if name != "unit.ceased")
        for run in nights
        if run.nights == 1 and not run.day.endswith("-01")
    ]
    assert max(ordinary) <= BUSIEST
    assert min(ordinary) == 0
