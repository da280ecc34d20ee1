"""How events look: their signs, their colours, and the parts of the line of counts.

Everything here follows from the rows of the catalogue. A name that the catalogue doesn't have, such
as one of a later version, looks as any other change.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from sordiff.events import (
    CATALOGUE,
    TYPE_BY_NAME,
    CountName,
    Family,
    UnitEffectiveLocationNumberChanged,
    find_event_name,
)


class EventStyle(Struct, frozen=True, kw_only=True):
    """Sign and colour of a family; `page_class` is the family's class in the style sheet."""

    sign: str
    colour: str
    page_class: str


class Part(Struct, frozen=True, kw_only=True):
    """One part of the line of counts: the event types that are counted together, and their look.

    `sign` ends with a space where it would otherwise touch the number.
    """

    key: str
    sign: str
    colour: str
    names: tuple[str, ...]


_STYLES: Final[Mapping[Family, EventStyle]] = {
    Family.CREATED: EventStyle(sign="+", colour="green", page_class="created"),
    Family.CLOSED: EventStyle(sign="−", colour="red", page_class="closed"),
    Family.MOVED: EventStyle(sign="→", colour="blue", page_class="moved"),
    Family.RENAMED: EventStyle(sign="~", colour="yellow", page_class="renamed"),
    Family.CLOSURES: EventStyle(sign="…", colour="magenta", page_class="text"),
    Family.LOCATION_NUMBERS: EventStyle(sign="⇄", colour="cyan", page_class="number"),
    Family.CLASSIFICATIONS: EventStyle(sign="✎", colour="magenta", page_class="text"),
    Family.OTHER: EventStyle(sign="~", colour="yellow", page_class="other"),
}
_WIDE_SIGNS: Final = frozenset("…⇄✎")


def _part(key: CountName) -> Part:
    rows = [row for row in CATALOGUE if row.count is key]
    style = _STYLES[rows[0].family]
    sign = f"{style.sign} " if style.sign in _WIDE_SIGNS else style.sign
    names = tuple(row.name for row in rows)
    return Part(key=key.value, sign=sign, colour=style.colour, names=names)


# In the order of the line of counts, and of the rows of the chart of nights.
ALL_PARTS: Final = tuple(_part(key) for key in CountName)
_PART_BY_NAME: Final = {name: part for part in ALL_PARTS for name in part.names}
_OTHER: Final = ALL_PARTS[-1]


def find_style(name: str) -> EventStyle:
    """The look of an event type, by its name."""
    row = TYPE_BY_NAME.get(name)
    return _STYLES[row.family if row else Family.OTHER]


# What a reader looks for first: data are lost where a unit or its number is gone.
_BY_IMPORTANCE: Final = (
    Family.CLOSED,
    Family.LOCATION_NUMBERS,
    Family.CLOSURES,
    Family.MOVED,
    Family.CREATED,
    Family.CLASSIFICATIONS,
    Family.RENAMED,
    Family.OTHER,
)


def find_rank(name: str) -> int:
    """How early a reader looks for changes of this type, from 0; by its name."""
    row = TYPE_BY_NAME.get(name)
    return _BY_IMPORTANCE.index(row.family if row else Family.OTHER)


def find_part(name: str) -> Part:
    """The part of the line of counts in which an event type is counted, by its name."""
    return _PART_BY_NAME.get(name, _OTHER)


def find_mark(name: str) -> EventStyle:
    """The look of an event type in the text of `diff` and `ingest`, by its name.

    There a change of the effective location number looks as any other change of a unit.
    """
    if name == find_event_name(UnitEffectiveLocationNumberChanged):
        return _STYLES[Family.OTHER]
    return find_style(name)
