"""Small choices that the maker draws: dates near the night, texts, unknown elements.

Every draw is made so that the lowest outcome is the simplest, for hypothesis shrinks towards it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from .elements import DEFAULT, V1
from .numbers import valid_sor_id
from .plain import Element

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_T = TypeVar("_T")

FAR = ("9999-12-31", "2999-12-31")
_NEAR = (1, -1, 0, 2, -2, 5, -5, 20, -20, 400, -400, -4000)
HOME = "urn:example:local"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

NAMES = (
    "Klinik",
    "Afdeling A",
    "Lægehus Ærø",
    "Åse & Søn <I/S>",
    "Klinik\u00a0",
    " Klinik ",
    "Afsnit\u009bB",
    "Praksis \u202eC",
    "]]> </OrganizationalUnitEntity>",
    "klinik",
    "Tandlæge\u0085 D",
    "10% 'rabat' \"E\"",
)
UNKNOWN = (
    Element("urn:oio:nsi:3.0.0", "OrganizationalLevel", "1"),
    Element("urn:oio:nsi:3.0.0", "OrganizationalLevel", "2"),
    Element(HOME, "EntityName", "andet navn"),
    Element(HOME, "Remark", "første"),
    Element(HOME, "Remark", "anden"),
    Element(HOME, "Remark", None, {"code": "1"}),
    Element(HOME, "Blank", "  "),
    Element(HOME, "Nothing", None, {_NIL: "true"}),
    Element(HOME, "Pair", None, {}, (Element(HOME, "Key", "1"), Element(HOME, "Value", "a"))),
    Element(HOME, "Pair", None, {}, (Element(HOME, "Key", "2"), Element(HOME, "Value", "b"))),
    Element(HOME, "Pair", None, {}, (Element(HOME, "Key", "1"), Element(HOME, "Value", "b"))),
    Element(HOME, "Mixed", "løst", {"{urn:oio:nsi:3.0.0}level": "3"}, (Element("", "Loose", "x"),)),
    Element("", "Loose", "y"),
    Element(
        DEFAULT[2],
        "FutureMove",
        None,
        {},
        (Element(V1, "SorIdentifier", valid_sor_id(7)), Element(V1, "ToDate", "2001-01-01")),
    ),
)


def chance(rng: random.Random, share: float) -> bool:
    """True in this share of the cases."""
    return rng.random() > 1 - share


def other(rng: random.Random, pool: Sequence[_T], present: object) -> _T:
    """One of the pool that isn't the present one."""
    return rng.choice([value for value in pool if value != present])


@cache
def shift(day: str, days: int) -> str:
    """The date so many days later."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def near(rng: random.Random, day: str, present: str | None = None) -> str:
    """A date about this day, often so near that one of the next nights passes it; never the present one."""
    return other(rng, _about(day), present)


@cache
def _about(day: str) -> tuple[str, ...]:
    return (*(shift(day, days) for days in _NEAR), *FAR)


def touch_unknown(rng: random.Random, elements: list[Element]) -> None:
    """Add, change or drop one of these unknown elements."""
    way = rng.choice(("change", "drop", "add")) if elements else "add"
    if way == "add":
        elements.append(rng.choice(UNKNOWN))
        return
    place = rng.randint(0, len(elements) - 1)
    if way == "drop":
        del elements[place]
    else:
        elements[place] = other(rng, UNKNOWN, elements[place])


def touch_attributes(rng: random.Random, attributes: dict[str, str]) -> None:
    """Set, change or drop an unknown attribute."""
    name = rng.choice(("level", f"{{{HOME}}}level"))
    value = other(rng, (None, "1", "2", " "), attributes.get(name))
    if value is None:
        del attributes[name]
    else:
        attributes[name] = value
