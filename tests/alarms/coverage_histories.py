"""Ordinary histories as the fields that units carry: what changes a night, and fields that come and go little by little.

The nights are those of `histories`: so many changes of each kind. Of the changes of a field a third takes it away from
its unit, a third brings it, and a third says it otherwise; which is more loss than any real register has.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sordiff.anomalies.coverage_rules import CoverageRules
from sordiff.coverage.counts import EVERY_UNIT, Carriers, CoverageTurns, Untouched
from sordiff.coverage.losses import FieldTurn, find_gains, find_losses
from sordiff.model import Kind
from tests.alarms.histories import NIGHTS, history

RULES = CoverageRules()
# What each event may take and bring, and the most units that carry it, as a share of all.
FIELDS = {
    "unit.contact_changed": ("contact/email", "contact/phone", "contact/fax", "contact/website"),
    "unit.address_changed": ("address/postal/floor", "address/visiting", "address/activity"),
    "unit.provider_number_changed": ("provider_number",),
    "unit.specialities_changed": ("specialities", "specialities/type"),
    "unit.shak_changed": ("shak",),
    "unit.details_changed": ("local_attribute_1", "ambulant_activity", "replaces", "local_code"),
    "location_number.details_changed": ("location_number/system", "location_number/note"),
    "unit.closure_scheduled": ("to",),
    "unit.effective_location_number_changed": ("location_number_inherited",),
}
# Where a unit of that kind is one of a hundred.
KINDS = {Kind.OWNER: 10, Kind.INSTITUTION: 30, Kind.ORGANIZATIONAL_UNIT: 60}
# A field that comes, and one that goes, over so many nights at least and at most.
ARRIVING, LEAVING = "cvr", "pharmacy_number"
SHORTEST, LONGEST = 10, 60


@dataclass
class CoverageFigures:
    """What became of so many nights: how many were held or warned of, and what little by little did."""

    nights: int = 0
    held: int = 0
    warned: int = 0
    slow_nights: int = 0
    slow_held: int = 0
    by_field: Counter[str] = field(default_factory=Counter)


@dataclass
class Register:
    """How many units carry each field, by kind."""

    carriers: Carriers

    def judged(self, lost: Carriers, gained: Carriers) -> tuple[list[FieldTurn], list[FieldTurn]]:
        """What the rules say of a night that takes and brings so much; then the night has been."""
        night = CoverageTurns(lost=lost, gained=gained, kept=Counter())
        untouched = Untouched(self._without(lost))
        losses = find_losses(night, untouched, RULES.least, RULES.share)
        gains = find_gains(night, untouched, RULES.gained_least, RULES.gained_share)
        self.carriers = self._without(lost)
        self.carriers.update(gained)
        return losses, gains

    def _without(self, lost: Carriers) -> Carriers:
        left = self.carriers.copy()
        left.subtract(lost)
        return left


def simulated_coverage(histories: int, *, small: bool) -> CoverageFigures:
    """Every night of so many histories, with a field that arrives and one that leaves."""
    figures = CoverageFigures()
    for seed in range(histories):
        dice = random.Random(f"coverage/{seed}/{small}")
        register, counts = _begin(dice, seed, small=small)
        slow = dice.randint(SHORTEST, LONGEST)
        for at, night in enumerate(counts):
            lost, gained = _turns(dice, night, register)
            is_slow = at < slow
            if is_slow:
                lost, gained = lost + _leaves(register, slow), gained + _arrives(register, slow)
            losses, gains = register.judged(lost, gained)
            figures.nights += 1
            figures.held += bool(losses)
            figures.warned += bool(gains)
            figures.slow_nights += is_slow
            figures.slow_held += any(loss.field == LEAVING for loss in losses)
            figures.by_field.update(loss.field for loss in losses)
    return figures


def _begin(dice: random.Random, seed: int, *, small: bool) -> tuple[Register, list[Counter[str]]]:
    character, runs = history(seed, small=small, nights=NIGHTS)
    carriers: Carriers = Counter()
    for kind, percent in KINDS.items():
        units = character.units * percent // 100
        carriers[EVERY_UNIT, kind] = units
        carriers[LEAVING, kind] = units
        for fields in FIELDS.values():
            for name in fields:
                # Some fields stand on nearly all units, some on a handful.
                carriers[name, kind] = round(units * dice.random() ** 4)
    return Register(carriers), [Counter(run.counts) for run in runs[1:]]


def _turns(
    dice: random.Random, night: Counter[str], register: Register
) -> tuple[Carriers, Carriers]:
    lost: Carriers = Counter()
    gained: Carriers = Counter()
    for event, fields in FIELDS.items():
        for _ in range(night[event]):
            kind = dice.choices([*KINDS], [*KINDS.values()])[0]
            key = dice.choice(fields), kind
            has, units = register.carriers[key] - lost[key], register.carriers[EVERY_UNIT, kind]
            # A change is of a unit that has the field, where any does; some then lose it.
            if has and dice.random() < 1 / 3:
                lost[key] += 1
            elif has + gained[key] < units and dice.random() < 1 / 2:
                gained[key] += 1
    return lost, gained


def _leaves(register: Register, nights: int) -> Carriers:
    """Each night the same share of what is left, until one in a hundred is."""
    share = 1 - 0.01 ** (1 / nights)
    return Counter({key: round(share * n) for key, n in _of(register, LEAVING)})


def _arrives(register: Register, nights: int) -> Carriers:
    """Each night an equal part of all units."""
    units = dict(register.carriers)
    return Counter({(ARRIVING, kind): units[EVERY_UNIT, kind] // nights for kind in KINDS})


def _of(register: Register, name: str) -> Iterator[tuple[tuple[str, Kind], int]]:
    return ((key, n) for key, n in register.carriers.items() if key[0] == name)
