"""Which records a run changed, held against comparing every record of both registers, and the fold of its events.

The laws of tests/laws hold the same for registers drawn by lot; these are a few, always the same, and quick.
"""

from __future__ import annotations

import random

import pytest

from sordiff.register import Register
from sordiff.replay import (
    ROOT,
    Adoption,
    Fold,
    PartFold,
    derive_root_adoptions,
    list_concerned,
)
from sordiff.resolved import Resolver, StateKeys, state_keys_changed
from sordiff.service.ingest.compare import Comparison
from tests.laws.pairs import Version, between, read
from tests.laws.test_rebaseline import entries
from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.plain import copy_register

SEEDS = range(48)


def compared(seed: int, versions: tuple[Version, Version] = (2, 2)) -> Comparison:
    rng = random.Random(seed)
    old = random_register(rng, units=24)
    new = random_night(rng, old, days=rng.choice((1, 1, 3, 40)), intensity=8)
    return between(read(old, versions[0]), read(new, versions[1]))


def _all_that_differ(old: Register, new: Register) -> StateKeys:
    before, after = Resolver(old), Resolver(new)
    units = [
        sor_id
        for sor_id in sorted({*old.units, *new.units})
        if old.units.get(sor_id) != new.units.get(sor_id)
        or before.unit_state(old.units[sor_id]) != after.unit_state(new.units[sor_id])
    ]
    numbers = [
        number
        for number in sorted({*old.numbers(), *new.numbers()})
        if before.location_number_state(number) != after.location_number_state(number)
    ]
    return StateKeys(units=tuple(units), numbers=tuple(numbers))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_changed_records_are_all_that_differ(seed: int) -> None:
    changes = compared(seed).changes
    assert state_keys_changed(changes) == _all_that_differ(changes.old, changes.new)


@pytest.mark.parametrize("versions", [(2, 2), (1, 2), (2, 3)])
@pytest.mark.parametrize("seed", SEEDS)
def test_events_and_adoptions_lead_there_and_back(
    seed: int, versions: tuple[Version, Version]
) -> None:
    found = compared(seed, versions)
    old, new = found.changes.old, found.changes.new
    entry_adoptions = [one for one in found.adoptions if "/" in one.subject]
    assert {one.path for one in entry_adoptions} <= {""}
    if versions == (2, 2):  # only a list that is there for the first time has no events
        lists = {one.subject.partition("/")[0] for one in found.adoptions}
        assert lists <= {*found.changes.first_lists}
    fold = Fold(old.units.values(), entries(old))
    adoptions = [one for one in found.adoptions if one.subject != ROOT]
    fold.forwards(found.events, adoptions)
    assert (fold.as_units(), fold.entries) == (dict(new.units), entries(new))
    fold.backwards(found.events, adoptions)
    assert (fold.as_units(), fold.entries) == (dict(old.units), entries(old))


def test_of_the_root_only_what_differs_is_adopted() -> None:
    before, after = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "4", "d": "5"}
    assert derive_root_adoptions(before, after) == (
        Adoption(subject=ROOT, path="b", before="2", after="4"),
        Adoption(subject=ROOT, path="c", before="3", after=None),
        Adoption(subject=ROOT, path="d", before=None, after="5"),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_unit_alone_is_led_there_and_back_by_what_concerns_it(seed: int) -> None:
    found = compared(seed)
    old, new = found.changes.old.units, found.changes.new.units
    for sor_id in sorted(old.keys() & new.keys()):
        concerning = [event for event in found.events if sor_id in list_concerned(event)]
        fold = PartFold([old[sor_id]], {})
        fold.forwards(concerning)
        assert fold.as_units() == {sor_id: new[sor_id]}
        fold.backwards(concerning)
        assert fold.as_units() == {sor_id: old[sor_id]}


def test_a_list_that_is_there_for_the_first_time_changes_whoever_carries_its_codes() -> None:
    told = 0
    for seed in range(24):
        register = random_register(random.Random(seed), units=24)
        without = copy_register(register)
        without.lists = None
        changes = between(read(without), read(register)).changes
        found = state_keys_changed(changes)
        assert found == _all_that_differ(changes.old, changes.new)
        told += len(found.units)
    assert told
