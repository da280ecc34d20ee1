"""Phrases as pieces: a catalogue's text with values in it, each marked by what it is.

Nothing here is HTML. The template alone turns pieces into elements, and escapes every text.
"""

import functools
import re
from typing import Final, TypeAlias

from msgspec import Struct

# Below stand the Latin, Greek, Cyrillic and Armenian letters.
_FIRST_FROM_THE_RIGHT: Final = "\u0590"
_HOLE: Final = re.compile(r"\{(\w+)\}")


class Piece(Struct, frozen=True):
    """A text and the element that it stands in: bdi (runs from the right), del, ins, code, none."""

    text: str
    element: str = ""


Line: TypeAlias = tuple[Piece, ...]

# Between an old value and a new one.
ARROW: Final = Piece(" → ")
# Between parts of one line.
DOT: Final = Piece(" · ")


def outside(text: str | None) -> Line:
    """A text of the register; an absent one is a dash.

    What can only run from left to right needs no isolation, and is nearly all there is.
    """
    if not text:
        return (Piece("–"),)
    is_plain = text.isascii() or max(text) < _FIRST_FROM_THE_RIGHT
    return (Piece(text, "" if is_plain else "bdi"),)


def code(text: str | None) -> Line:
    """An id, a number or a code."""
    return (Piece(text, "code"),) if text else (Piece("–"),)


def words(text: str) -> Line:
    """Our own words; nothing where there are none."""
    return (Piece(text),) if text else ()


def filled(pattern: str, **values: Line | str) -> Line:
    """The pattern of a catalogue with its {holes} filled."""
    line: list[Piece] = []
    for place, part in enumerate(_split_pattern(pattern)):
        if place % 2:
            value = values[part]
            line += words(value) if isinstance(value, str) else value
        elif part:
            line.append(Piece(part))
    return tuple(line)


@functools.cache  # the patterns are those of the catalogues
def _split_pattern(pattern: str) -> tuple[str, ...]:
    """The parts of a pattern: what stands between holes, and every other one the name of a hole."""
    return tuple(_HOLE.split(pattern))


def joined(lines: list[Line], between: str) -> Line:
    """Several lines in one."""
    found: list[Piece] = []
    for place, line in enumerate(lines):
        if place:
            found.append(Piece(between))
        found += line
    return tuple(found)


def behind(line: Line, gap: str) -> Line:
    """A line to stand behind another one; nothing where it is empty."""
    return (Piece(gap), *line) if line else ()


def plain_text(line: Line) -> str:
    """A line as bare text, as it came."""
    return "".join(piece.text for piece in line)
