"""Lines as wide as the screen, whatever colours are in them."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

# What a terminal does not show: the codes of Paint, the only ones that ever come so far.
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")

# A word that is not to be torn apart, and the white space behind it.
Word: TypeAlias = tuple[str, str]


def shown_length(text: str) -> int:
    """How wide a text is on the screen."""
    return len(_COLOUR.sub("", text))


def filled_lines(words: Iterable[Word], width: int, first: str, hanging: str) -> Iterator[str]:
    """The words on as many lines as the width asks for; a line ends without white space."""
    line, length, gap = first, shown_length(first), ""
    is_empty = True
    for word, behind in words:
        size = shown_length(word)
        if not is_empty and length + len(gap) + size > width:
            yield line.rstrip()
            line, length, gap = hanging, len(hanging), ""
        line += gap + word
        length += len(gap) + size
        gap, is_empty = behind, False
    yield line.rstrip()


def split_words(text: str) -> Iterator[Word]:
    """The words of a text, each with the white space behind it."""
    for found in re.finditer(r"(\S+)(\s*)", text):
        yield found[1], found[2]
