"""One change to one location number block; the numbers themselves are dealt out in holdings."""

from __future__ import annotations

import random
from collections.abc import Callable

from .dice import FAR, near, other, touch_unknown
from .plain import PlainNumber

NumberTouch = Callable[[random.Random, PlainNumber, str], None]

_CODES: dict[str, tuple[str, ...]] = {
    "system_supplier": ("91001", "91002"),
    "system": ("92001", "92002"),
    "network": ("93001", "93002"),
    "administrator": ("116", "639"),
    "region": ("1084", "1081"),
    "note": ("husk", "Husk"),
}


def _code(rng: random.Random, number: PlainNumber, _day: str) -> None:
    name = rng.choice(tuple(_CODES))
    setattr(number, name, other(rng, (*_CODES[name], None, " "), getattr(number, name)))


def _internal(rng: random.Random, number: PlainNumber, _day: str) -> None:
    number.internal_only = other(rng, (True, False, None), number.internal_only)


def _inactive(rng: random.Random, number: PlainNumber, _day: str) -> None:
    number.inactive = other(rng, (True, False, None), number.inactive)


def _to(rng: random.Random, number: PlainNumber, day: str) -> None:
    number.to = (
        None if number.to is not None and rng.choice((True, False)) else near(rng, day, number.to)
    )


def _reopen(_rng: random.Random, number: PlainNumber, _day: str) -> None:
    number.to, number.inactive = (FAR[0] if number.to is None else None), False


def _first_from(rng: random.Random, number: PlainNumber, day: str) -> None:
    number.first_from = near(rng, day, number.first_from)


def _bookkeeping(rng: random.Random, number: PlainNumber, day: str) -> None:
    name = rng.choice(("from_", "updated"))
    setattr(number, name, near(rng, day, getattr(number, name)))


def _unknown(rng: random.Random, number: PlainNumber, _day: str) -> None:
    touch_unknown(rng, number.unknown)


def _unknown_in_status(rng: random.Random, number: PlainNumber, _day: str) -> None:
    touch_unknown(rng, number.unknown_in_status)


NUMBER_TOUCHES: dict[str, NumberTouch] = {
    "number_code": _code,
    "number_to": _to,
    "number_inactive": _inactive,
    "number_reopen": _reopen,
    "number_internal": _internal,
    "number_first_from": _first_from,
    "number_bookkeeping": _bookkeeping,
    "number_unknown": _unknown,
    "number_unknown_in_status": _unknown_in_status,
}
