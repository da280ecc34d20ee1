"""Changes to the tree: units come, go, come back and move. Each answers whether it could do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dice import chance
from .growing import DEEPEST, Garden, depth, fit, height, set_dates, subtree_ids
from .plain import below, copy_unit, parents, walk
from .touches import FIELD_TOUCHES

if TYPE_CHECKING:
    import random

    from .plain import PlainRegister, PlainUnit

_GRAVES = 12


def _siblings(register: PlainRegister, parent: PlainUnit | None) -> list[PlainUnit]:
    return register.units if parent is None else parent.children


def _take_out(register: PlainRegister, unit: PlainUnit) -> None:
    siblings = _siblings(register, parents(register)[unit.sor_id])
    siblings[:] = [sibling for sibling in siblings if sibling is not unit]


def _put(register: PlainRegister, unit: PlainUnit, parent: PlainUnit | None) -> None:
    fit(unit, parent)
    _siblings(register, parent).append(unit)


def _spare(register: PlainRegister) -> list[PlainUnit]:
    """The units that can go: all but the last owner."""
    return [unit for unit in walk(register) if unit.kind != "owner" or len(register.units) > 1]


def _bury(register: PlainRegister, unit: PlainUnit) -> None:
    register.graveyard.append(copy_unit(unit, alone=True))
    del register.graveyard[:-_GRAVES]


def create(rng: random.Random, register: PlainRegister) -> bool:
    """A new unit."""
    Garden(register).grow(rng)
    return True


def remove(rng: random.Random, register: PlainRegister) -> bool:
    """A unit goes with all below it; one with little below more often."""
    spare = sorted(_spare(register), key=height)
    if not spare:
        return False
    unit = spare[min(rng.randint(0, len(spare) - 1), rng.randint(0, len(spare) - 1))]
    for one in below(unit):
        _bury(register, one)
    _take_out(register, unit)
    return True


def remove_alone(rng: random.Random, register: PlainRegister) -> bool:
    """A unit goes, what was below it stays: below its parent or, when it was an owner, as owners."""
    if not (spare := _spare(register)):
        return False
    unit = rng.choice(spare)
    parent = parents(register)[unit.sor_id]
    _bury(register, unit)
    _take_out(register, unit)
    for child in unit.children:
        _put(register, child, parent)
    return True


def bring_back(rng: random.Random, register: PlainRegister) -> bool:
    """A unit removed earlier comes back, as it was or altered, in any place."""
    if not register.graveyard:
        return False
    unit = register.graveyard.pop(rng.randint(0, len(register.graveyard) - 1))
    if chance(rng, 0.5):
        set_dates(rng, unit, register.snapshot_date)
    above = parents(register)
    shallow = [place for place in walk(register) if depth(place, above) < DEEPEST]
    _put(register, unit, rng.choice((None, *shallow)))
    return True


def _move(rng: random.Random, register: PlainRegister, *, same_kind: bool) -> bool:
    above = parents(register)
    movable = [unit for unit in _spare(register) if not (same_kind and unit.kind == "owner")]
    if not movable:
        return False
    unit = rng.choice(movable)
    within, tall = subtree_ids(unit), height(unit)
    places: list[PlainUnit | None] = [
        place
        for place in walk(register)
        if place.sor_id not in within
        and place is not above[unit.sor_id]
        and depth(place, above) + tall <= DEEPEST
        and (not same_kind or (place.kind == "owner") == (unit.kind == "institution"))
    ]
    if not same_kind and unit.kind != "owner":
        places.append(None)
    if not places:
        return False
    _take_out(register, unit)
    _put(register, unit, rng.choice(places))
    return True


def move(rng: random.Random, register: PlainRegister) -> bool:
    """A unit moves with all below it and stays what it is: institutions to another owner, the others anywhere."""
    return _move(rng, register, same_kind=True)


def replant(rng: random.Random, register: PlainRegister) -> bool:
    """A unit moves anywhere and becomes what its place makes it, as do those below it."""
    return _move(rng, register, same_kind=False)


def swap_with_child(rng: random.Random, register: PlainRegister) -> bool:
    """A unit changes places with one directly below it: parent and child the other way round."""
    pairs = [(unit, child) for unit in walk(register) for child in unit.children]
    if not pairs:
        return False
    unit, child = rng.choice(pairs)
    parent = parents(register)[unit.sor_id]
    siblings = _siblings(register, parent)
    siblings[:] = [child if sibling is unit else sibling for sibling in siblings]
    rest = [other for other in unit.children if other is not child]
    unit.children, child.children = child.children, [unit, *rest]
    fit(child, parent)
    return True


def exchange_ids(rng: random.Random, register: PlainRegister) -> bool:
    """Two units exchange their ids and keep all else: each id is now in the other's place."""
    units = list(walk(register))
    if len(units) < 2:
        return False
    first, second = rng.sample(units, 2)
    first.sor_id, second.sor_id = second.sor_id, first.sor_id
    return True


def remake(rng: random.Random, register: PlainRegister) -> bool:
    """Many fields of one unit change at once."""
    unit = rng.choice(list(walk(register)))
    for kinds, touch in FIELD_TOUCHES.values():
        if unit.kind in kinds and chance(rng, 0.5):
            touch(rng, unit, register.snapshot_date)
    return True
