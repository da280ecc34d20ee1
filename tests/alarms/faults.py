"""What goes wrong with a register, done to an ordinary night."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from sordiff.anomalies.facts import RunFacts
from tests.alarms.histories import BYTES_A_UNIT

# A fault, done to tonight after these runs; None where a register can't have it.
Fault = Callable[[RunFacts, Sequence[RunFacts], random.Random], RunFacts | None]


def _with(tonight: RunFacts, more: dict[str, int], units: int = 0) -> RunFacts:
    counts = Counter(tonight.counts) + Counter(more)
    return replace(
        tonight,
        counts=dict(counts),
        units=tonight.units + units,
        size=tonight.size + units * BYTES_A_UNIT,
    )


def _without(tonight: RunFacts, share: float) -> RunFacts:
    units = round(tonight.units * share)
    opened = round(tonight.open_units * share)
    more = {
        "unit.removed": units,
        "unit.removed_while_open": opened,
        "unit.ceased": opened,
        "location_number.released": opened // 10,
    }
    lost = _with(tonight, more, -units)
    return replace(lost, open_units=tonight.open_units - opened)


def closings(tonight: RunFacts, before: Sequence[RunFacts], dice: random.Random) -> RunFacts | None:
    del dice
    busiest = max(run.counts.get("unit.ceased", 0) for run in before)
    many = max(10 * busiest, 201)
    if many > tonight.open_units:
        return None
    return _with(tonight, {"unit.closed": many, "unit.ceased": many})


def lost_region(
    tonight: RunFacts, before: Sequence[RunFacts], dice: random.Random
) -> RunFacts | None:
    del before
    share = dice.uniform(0.05, 0.3)
    return _without(tonight, share) if tonight.open_units * share >= 20 else None


def a_third_of_the_owners(
    tonight: RunFacts, before: Sequence[RunFacts], dice: random.Random
) -> RunFacts:
    del before, dice
    return _without(tonight, 1 / 3)


def half_of_the_owners(
    tonight: RunFacts, before: Sequence[RunFacts], dice: random.Random
) -> RunFacts:
    del before, dice
    return _without(tonight, 1 / 2)


def a_thousand_renamed(
    tonight: RunFacts, before: Sequence[RunFacts], dice: random.Random
) -> RunFacts | None:
    del before, dice
    return _with(tonight, {"unit.renamed": 1_000}) if tonight.units >= 1_000 else None


def twice_under_new_ids(
    tonight: RunFacts, before: Sequence[RunFacts], dice: random.Random
) -> RunFacts:
    del before, dice
    return _with(tonight, {"unit.created": tonight.units}, tonight.units)


FAULTS: dict[str, Fault] = {
    "ten times the closings of the busiest night, and more than 200": closings,
    "a region lost (5–30 % of the register, 20 open units or more)": lost_region,
    "a third of the owners missing": a_third_of_the_owners,
    "half of the owners missing": half_of_the_owners,
    "a thousand units renamed": a_thousand_renamed,
    "the content twice, the second time under new ids": twice_under_new_ids,
}
