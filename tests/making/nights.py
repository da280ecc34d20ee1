"""From one night to the next: a new register in which some things, or nothing, or only the date has changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from . import codes, holdings, moving
from .dice import chance, shift, touch_unknown
from .growing import created_at, random_register
from .number_touches import NUMBER_TOUCHES
from .plain import ADDRESSES, Kind, PlainNumber, PlainRegister, PlainUnit, copy_register, walk
from .touches import ADDRESS_PARTS, DATE_TOUCHES, FIELD_TOUCHES, UNKNOWN_TOUCHES, Touch

__all__ = [
    "CHANGES",
    "GROUPS",
    "change_something",
    "next_night",
    "random_night",
    "random_register",
    "to_version_shared",
]

Change = Callable[[random.Random, PlainRegister], bool]
DAYS = (1, 1, 1, 2, 0, 3, 7, 40)


def _touch_unit(
    kinds: tuple[Kind, ...], touch: Touch, rng: random.Random, register: PlainRegister
) -> bool:
    fitting = [unit for unit in walk(register) if unit.kind in kinds]
    if not fitting:
        return False
    touch(rng, rng.choice(fitting), register.snapshot_date)
    return True


def _unknown_in_root(rng: random.Random, register: PlainRegister) -> bool:
    touch_unknown(rng, register.unknown)
    return True


def _on_units(touches: Mapping[str, tuple[tuple[Kind, ...], Touch]]) -> dict[str, Change]:
    return {name: partial(_touch_unit, kinds, touch) for name, (kinds, touch) in touches.items()}


def _named(*changes: Change) -> dict[str, Change]:
    return {change.__name__: change for change in changes}


GROUPS: dict[str, dict[str, Change]] = {
    "dates": _on_units(DATE_TOUCHES),
    "fields": {**_on_units(FIELD_TOUCHES), "remake": moving.remake},
    "tree": _named(
        moving.create,
        moving.remove,
        moving.bring_back,
        moving.move,
        moving.replant,
        moving.remove_alone,
        moving.swap_with_child,
        moving.exchange_ids,
    ),
    "numbers": {
        **_named(
            holdings.assign,
            holdings.release,
            holdings.release_all,
            holdings.reassign,
            holdings.renumber,
            holdings.hand_down,
            holdings.hand_up,
            holdings.swap,
            holdings.share,
            holdings.lose_number,
        ),
        **{name: partial(holdings.touch_one, name) for name in NUMBER_TOUCHES},
    },
    "codes": _named(
        codes.change_text,
        codes.change_field,
        codes.add_code,
        codes.drop_code,
        codes.add_list,
        codes.miss_list,
        codes.miss_file,
        codes.return_lists,
    ),
    "unknown": {**_on_units(UNKNOWN_TOUCHES), "unknown_in_root": _unknown_in_root},
}
CHANGES: dict[str, Change] = {
    name: change for group in GROUPS.values() for name, change in group.items()
}


def next_night(
    rng: random.Random, register: PlainRegister, *, days: int | None = None
) -> PlainRegister:
    """A copy, so many days later (None: drawn), in which nothing has changed but lists that were missing are back.

    0 days make a reissue: the same date, extracted a minute later.
    """
    new = copy_register(register)
    new.made = []
    days = rng.choice(DAYS) if days is None else days
    new.snapshot_date = shift(register.snapshot_date, days)
    hour, minute = register.created_at[11:16].split(":")
    new.created_at = created_at(
        new.snapshot_date, 0 if days else (int(hour) - 1) * 60 + int(minute) + 1
    )
    if new.absent_lists and not chance(rng, 0.3):
        codes.return_lists(rng, new)
        new.made.append("return_lists")
    return new


def change_something(
    rng: random.Random, register: PlainRegister, groups: Sequence[str] = tuple(GROUPS)
) -> None:
    """Make one change of any kind to the register itself and note its name in `made`."""
    group = GROUPS[rng.choice(groups)]
    name = rng.choice(tuple(group))
    if group[name](rng, register):
        register.made.append(name)


def random_night(
    rng: random.Random,
    register: PlainRegister,
    *,
    days: int | None = None,
    intensity: int = 4,
    groups: Sequence[str] = tuple(GROUPS),
) -> PlainRegister:
    """The register of a later night; the given one stays untouched.

    days: 0 to 40, None: drawn. intensity: the most changes made; often fewer and sometimes none. groups: names of
    GROUPS that the changes are taken from. `made` of the new register names them.
    """
    new = next_night(rng, register, days=days)
    for _ in range(rng.randint(0, intensity)):
        change_something(rng, new, groups)
    return new


_UNIT_SHARED = [
    "sor_id",
    "kind",
    "name",
    "unit_type",
    "shak",
    "provider_number",
    "pharmacy_number",
    "location_number",
    "location_number_inherited",
    "postal",
    "visiting",
    "activity",
    "contact",
    "from_",
    "to",
    "updated",
    "first_from",
    "children",
]
_NUMBER_SHARED = [
    "number",
    "internal_only",
    "inactive",
    "network",
    "administrator",
    "region",
    "from_",
    "to",
    "updated",
    "first_from",
]
_ADDRESS_SHARED = ADDRESS_PARTS[: ADDRESS_PARTS.index("municipality_code")]


def to_version_shared(register: PlainRegister) -> PlainRegister:
    """A copy with only what is compared between versions 1 and 2, hence what both hold; code lists stay."""
    new = copy_register(register)
    new.unknown = []
    new.units = [_shared_unit(unit) for unit in new.units]
    return new


def _shared_unit(unit: PlainUnit) -> PlainUnit:
    kept = PlainUnit(**{name: getattr(unit, name) for name in _UNIT_SHARED})
    if unit.location_number is not None:
        number = unit.location_number
        kept.location_number = PlainNumber(
            **{name: getattr(number, name) for name in _NUMBER_SHARED}
        )
    for block in ADDRESSES:
        address = getattr(unit, block)
        if address is not None:
            shared = type(address)(**{name: getattr(address, name) for name in _ADDRESS_SHARED})
            setattr(kept, block, shared)
    if kept.contact is not None:
        kept.contact.unknown = []
    kept.children = [_shared_unit(child) for child in unit.children]
    return kept
