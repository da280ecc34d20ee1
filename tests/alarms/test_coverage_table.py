"""Fields that come and go little by little, and ordinary nights, hold nothing that they should not."""

from __future__ import annotations

from tests.alarms.coverage_histories import simulated_coverage
from tests.alarms.coverage_table import BEGIN, END, coverage_table, with_coverage_table
from tests.alarms.table import DOCUMENT, LARGE, SMALL


def test_the_claims_hold_and_the_table_is_up_to_date() -> None:
    large, small = simulated_coverage(LARGE, small=False), simulated_coverage(SMALL, small=True)
    for figures in (large, small):
        assert figures.held / figures.nights < 0.001
        assert (figures.slow_held, figures.warned) == (0, 0)
        assert figures.slow_nights > 1_000
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document.count(BEGIN) == document.count(END) == 1
    table = coverage_table(large, small)
    assert document == with_coverage_table(document, table), "run `make alarms-table`"
