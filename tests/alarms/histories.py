"""Ordinary histories of registers large and small, as the figures of their runs; the dice are seeded.

No statistics of the real register's nights are published, so these are meant to be harder than it: nights vary by the
weekday and by chance, now and then somebody works through one kind of change, and at the turn of a month much is
opened, closed and corrected at once.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.working_days import is_working_day
from sordiff.model import Day

NIGHTS = 90
BUSIEST = 150
BYTES_A_UNIT = 1_900
# How often one kind of change happens among a hundred.
MIX = {
    "unit.address_changed": 17,
    "unit.contact_changed": 14,
    "unit.details_changed": 12,
    "unit.renamed": 9,
    "unit.created": 8,
    "unit.closure_scheduled": 7,
    "unit.closed": 6,
    "unit.opened": 4,
    "unit.provider_number_changed": 4,
    "unit.specialities_changed": 3,
    "unit.effective_location_number_changed": 3,
    "location_number.assigned": 3,
    "location_number.details_changed": 2,
    "unit.moved": 2,
    "unit.shak_changed": 2,
    "unit.type_changed": 1,
    "unit.replaced": 1,
    "location_number.released": 1,
    "unit.removed": 1,
}
# What somebody may work through in one night, and how much of it at most.
CAMPAIGNS = {
    "unit.contact_changed": 120,
    "unit.address_changed": 120,
    "unit.renamed": 80,
    "unit.details_changed": 120,
    "unit.created": 60,
    "unit.moved": 30,
    "unit.closed": 30,
    "unit.effective_location_number_changed": 60,
    "location_number.released": 10,
    "classification.text_changed": 6,
}


@dataclass(frozen=True)
class Character:
    """What one register is like: its size, its usual working night, its weekend, its deliveries."""

    units: int
    open_share: float
    usual: float
    weekend: float
    campaigns: float
    month: float
    delivers_at_weekends: bool

    @property
    def is_small(self) -> bool:
        return self.units <= 3_000


def character(dice: random.Random, *, small: bool) -> Character:
    units = dice.randint(100, 3_000) if small else dice.randint(40_000, 150_000)
    return Character(
        units=units,
        open_share=dice.uniform(0.5, 0.95),
        usual=dice.uniform(0.1, 5) if small else dice.uniform(6, 60),
        weekend=dice.uniform(0.02, 0.3),
        campaigns=0.0 if small else dice.uniform(0, 0.05),
        month=dice.uniform(0.0002, 0.001),
        delivers_at_weekends=dice.random() < 0.8,
    )


def history(seed: int, *, small: bool, nights: int = NIGHTS) -> tuple[Character, list[RunFacts]]:
    """A baseline and so many nights."""
    dice = random.Random(f"{seed}/{small}")
    register = character(dice, small=small)
    day = date(2018, 1, 1) + timedelta(days=dice.randrange(2_500))
    units = register.units
    runs = [_facts(register, 0, day, nights=0, counts=Counter(), units=units)]
    missed = Counter[str]()
    spanned = 0
    while len(runs) <= nights:
        day += timedelta(days=1)
        spanned += 1
        counts = missed + _night(dice, register, day)
        missed = counts
        is_weekend = day.weekday() >= 5
        if (is_weekend and not register.delivers_at_weekends) or dice.random() < 0.005:
            continue  # nothing is delivered: what happened comes with the next
        units += counts["unit.created"] - counts["unit.removed"]
        runs.append(_facts(register, len(runs), day, nights=spanned, counts=counts, units=units))
        missed, spanned = Counter(), 0
    return register, runs


def _facts(
    register: Character, run_id: int, day: date, *, nights: int, counts: Counter[str], units: int
) -> RunFacts:
    derived = {"unit.ceased": counts["unit.closed"]} if counts["unit.closed"] else {}
    return RunFacts(
        run_id=run_id,
        kind="night" if run_id else "baseline",
        day=Day(day.isoformat()),
        nights=nights,
        counts={**counts, **derived},
        units=units,
        open_units=int(units * register.open_share),
        size=units * BYTES_A_UNIT,
        exceptional=False,
    )


def _night(dice: random.Random, register: Character, day: date) -> Counter[str]:
    share = 1.0 if is_working_day(day) else register.weekend
    expected = register.usual * share * dice.gammavariate(3, 1 / 3)
    counts = Counter(dice.choices([*MIX], [*MIX.values()], k=_poisson(dice, expected)))
    if dice.random() < register.campaigns * share:
        kind = dice.choice([*CAMPAIGNS])
        counts[kind] += dice.randint(1, CAMPAIGNS[kind])
    excess = counts.total() - BUSIEST
    if excess > 0:
        counts -= Counter(dice.sample([*counts.elements()], excess))
    if day.day == 1:
        counts += _month_turn(dice, register)
    return counts


def _month_turn(dice: random.Random, register: Character) -> Counter[str]:
    """Contracts end with the month: closings, and about as many openings and corrections."""
    size = register.units * register.month * dice.lognormvariate(0, 0.5)
    parts = {"unit.closed": 1, "unit.opened": 0.6, "unit.created": 0.4, "unit.details_changed": 1.5}
    return Counter({kind: _poisson(dice, size * part) for kind, part in parts.items()})


def _poisson(dice: random.Random, expected: float) -> int:
    """By the exponential gaps between what happens."""
    count, gap = 0, dice.expovariate(1)
    while gap < expected:
        count += 1
        gap += dice.expovariate(1)
    return count
