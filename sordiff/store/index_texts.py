"""The texts of the index of the register, folded when they are written and when sought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sordiff.reconcile.names import fold_letters

if TYPE_CHECKING:
    from sordiff.brief_unit import IndexedAddress, IndexedUnit

_WORDS: Final = re.compile(r"[a-z0-9]+")
# A number that people copied with spaces in it; shorter ones may be words of an address.
_SPACED_NUMBER: Final = re.compile(r"[0-9][0-9 ]{6,}[0-9]")
# Shorter ones are parts of numbers, or numbers of houses.
_SHORTEST_NUMBER: Final = 4
_MOST_WORDS: Final = 8
_LONGEST_WORD: Final = 60
# Behind z, in this order; aa is å.
_ALPHABET: Final = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})


def split_words(text: str) -> list[str]:
    """The words of a name, of an address or of what somebody types, in letters from a to z."""
    folded = fold_letters(text).strip()
    if _SPACED_NUMBER.fullmatch(folded):
        folded = folded.replace(" ", "")
    return _WORDS.findall(folded)


def build_sort_key(name: str | None) -> str:
    """By this names stand in the order of the Danish alphabet."""
    return (name or "~").casefold().replace("aa", "å").translate(_ALPHABET)


def fold_numbers(unit: IndexedUnit) -> str:
    """All numbers and codes; a ydernummer also without the zeros that people leave away."""
    location_number = unit.location_number.number if unit.location_number else None
    provider = unit.provider_number
    numbers = (
        unit.sor_id,
        location_number,
        provider,
        provider.lstrip("0") if provider else None,
        unit.shak,
        unit.cvr,
        unit.p_number,
        unit.pharmacy_number,
    )
    return " ".join(word for number in numbers if number for word in split_words(number))


def fold_address(address: IndexedAddress | None) -> str:
    """The words of the address blocks, each once."""
    if address is None:
        return ""
    blocks = (address.postal, address.visiting, address.activity)
    lines = (
        part
        for block in blocks
        if block is not None
        for part in (
            block.street_name,
            block.street_building,
            block.post_code,
            block.district_name,
        )
        if part
    )
    return " ".join(dict.fromkeys(word for line in lines for word in split_words(line)))


def write_number(words: Sequence[str]) -> str:
    """What FTS5 is asked for to find a whole number or code; nothing where it can be none."""
    text = " ".join(_shorten(words))
    is_number = len(text) >= _SHORTEST_NUMBER and any(map(str.isdigit, text))
    return f'numbers : "{text}"' if is_number else ""


def write_beginnings(words: Sequence[str]) -> Iterator[str]:
    """The same for names that begin with the text, then for all words anywhere, each begun."""
    wanted = _shorten(words)
    if wanted:
        yield f'name : ^ "{" ".join(wanted)}" *'
        yield " ".join(f'"{word}" *' for word in wanted)


def _shorten(words: Sequence[str]) -> list[str]:
    return [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]
