"""Runs in figures, by hand: an ordinary night of a register of 30,000 units, unless told otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.rules import judge_run
from sordiff.model import Day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sordiff.alerts import Alert

TONIGHT = date(2024, 5, 15)  # a Wednesday, no holiday, no turn of a month
LIMITS = Limits()


def run(counts: dict[str, int] | None = None, *, day: date = TONIGHT, **fields: Any) -> RunFacts:
    made = RunFacts(
        run_id=None,
        kind="night",
        day=Day(day.isoformat()),
        nights=1,
        counts={"unit.contact_changed": 5} if counts is None else counts,
        units=40_000,
        open_units=30_000,
        size=80_000_000,
        exceptional=False,
    )
    return replace(made, **fields)


def nights(
    counts: Sequence[dict[str, int]], *, until: date = TONIGHT, **fields: Any
) -> list[RunFacts]:
    """One run a day, the last on the day before."""
    return [
        run(one, day=until - timedelta(days=back), **fields)
        for back, one in zip(range(len(counts), 0, -1), counts, strict=True)
    ]


def alerts(
    facts: RunFacts,
    history: Sequence[RunFacts] = (),
    *,
    last: RunFacts | None = None,
    limits: Limits = LIMITS,
) -> dict[str, Alert]:
    """What judge says, by code; the last accepted run is one like tonight's unless given."""
    found = judge_run(facts, last or run(), history, limits)
    assert len({alert.code for alert in found}) == len(found)
    return {alert.code: alert for alert in found}
