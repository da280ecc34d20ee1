"""Changes to who owns which location number. Each answers whether it could do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dice import chance
from .growing import every_number, fresh_number, new_number, used_numbers
from .number_touches import NUMBER_TOUCHES
from .numbers import valid_gln
from .plain import below, parents, twin, walk

if TYPE_CHECKING:
    import random

    from .plain import PlainRegister, PlainUnit

_POOL = tuple(valid_gln(sequence) for sequence in range(1, 15))


def _some_number(rng: random.Random, register: PlainRegister) -> str:
    """Mostly a number that nobody owns now, perhaps somebody did; else any of a small pool, owned or not."""
    return fresh_number(used_numbers(register)) if chance(rng, 0.6) else rng.choice(_POOL)


def assign(rng: random.Random, register: PlainRegister) -> bool:
    """A unit without a number gets one, now and then two units the same one."""
    if not (bare := [unit for unit in walk(register) if unit.location_number is None]):
        return False
    block = new_number(rng, _some_number(rng, register), register.snapshot_date)
    rng.choice(bare).location_number = block
    if chance(rng, 0.3):
        rng.choice(bare).location_number = twin(block)
    return True


def release(rng: random.Random, register: PlainRegister) -> bool:
    """A unit loses its number."""
    if not (owned := every_number(register)):
        return False
    rng.choice(owned)[0].location_number = None
    return True


def release_all(rng: random.Random, register: PlainRegister) -> bool:
    """All owners of a number lose it, or all but one; a shared number if there is any."""
    if not (owned := every_number(register)):
        return False
    owners: dict[str | None, list[PlainUnit]] = {}
    for unit, block in owned:
        owners.setdefault(block.number, []).append(unit)
    shared = [units for units in owners.values() if len(units) > 1]
    losing = rng.choice(shared or list(owners.values()))
    for unit in losing[chance(rng, 0.3) :]:
        unit.location_number = None
    return True


def renumber(rng: random.Random, register: PlainRegister) -> bool:
    """A unit owns another number in the same block."""
    if not (owned := every_number(register)):
        return False
    rng.choice(owned)[1].number = _some_number(rng, register)
    return True


def _hand(
    rng: random.Random, register: PlainRegister, ways: list[tuple[PlainUnit, PlainUnit]]
) -> bool:
    """A number goes from the first to the second of one of these pairs, which loses what it had."""
    if not ways:
        return False
    giver, taker = rng.choice(ways)
    taker.location_number, giver.location_number = giver.location_number, None
    if taker.location_number is not None and chance(rng, 0.3):
        touch = rng.choice(tuple(NUMBER_TOUCHES.values()))
        touch(rng, taker.location_number, register.snapshot_date)
    return True


def reassign(rng: random.Random, register: PlainRegister) -> bool:
    """A number goes to any other unit."""
    owners, units = [unit for unit, _ in every_number(register)], list(walk(register))
    return _hand(
        rng,
        register,
        [(giver, taker) for giver in owners for taker in units if taker is not giver],
    )


def hand_down(rng: random.Random, register: PlainRegister) -> bool:
    """A number goes to a unit below."""
    owners = [unit for unit, _ in every_number(register)]
    return _hand(
        rng,
        register,
        [(giver, taker) for giver in owners for taker in below(giver) if taker is not giver],
    )


def hand_up(rng: random.Random, register: PlainRegister) -> bool:
    """A number goes to a unit above."""
    above, ways = parents(register), []
    for giver, _ in every_number(register):
        taker = above[giver.sor_id]
        while taker is not None:
            ways.append((giver, taker))
            taker = above[taker.sor_id]
    return _hand(rng, register, ways)


def swap(rng: random.Random, register: PlainRegister) -> bool:
    """Two units exchange their numbers, blocks and all or the bare numbers."""
    owned = every_number(register)
    if len(owned) < 2:
        return False
    (first, one), (second, two) = rng.sample(owned, 2)
    if chance(rng, 0.3):
        one.number, two.number = two.number, one.number
    else:
        first.location_number, second.location_number = two, one
    return True


def share(rng: random.Random, register: PlainRegister) -> bool:
    """A number gets one more owner, with the same block."""
    if not (owned := every_number(register)):
        return False
    owner, block = rng.choice(owned)
    others = [unit for unit in walk(register) if unit is not owner]
    if not others:
        return False
    rng.choice(others).location_number = twin(block)
    return True


def lose_number(rng: random.Random, register: PlainRegister) -> bool:
    """A block loses the number itself: what is left is no location number."""
    if not (owned := every_number(register)):
        return False
    rng.choice(owned)[1].number = rng.choice((None, " "))
    return True


def touch_one(name: str, rng: random.Random, register: PlainRegister) -> bool:
    """One number block changes in this way."""
    if not (owned := every_number(register)):
        return False
    NUMBER_TOUCHES[name](rng, rng.choice(owned)[1], register.snapshot_date)
    return True
