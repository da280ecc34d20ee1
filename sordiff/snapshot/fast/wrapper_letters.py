"""The wrappers that are open, as a text with a letter for each, from the root on.

Whatever is not nested as in an ordinary file raises UnsureError: the plain road reads it then.
"""

from typing import Final

from sordiff.model import Kind
from sordiff.snapshot.fast.split_records import RECORD_NAMES, wrapper_letters
from sordiff.snapshot.format.limits import MAX_DEPTH
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS

LETTERS: Final = {RECORD_NAMES[kind].encode(): letter for kind, letter in KIND_LETTERS.items()}
_OWNER: Final = KIND_LETTERS[Kind.OWNER]
_INSTITUTION: Final = KIND_LETTERS[Kind.INSTITUTION]


def close_wrappers(opened: str, closed: str) -> str:
    """What stays open when the wrappers of these letters end, in this order."""
    for letter in closed:
        if opened[-1:] != letter:
            raise UnsureError("wrappers that are not nested")
        opened = opened[:-1]
    return opened


def open_wrapper(opened: str, letter: str) -> str:
    """What is open in the wrapper of a unit; owners stand at the root, institutions below them."""
    depth = len(opened)
    fits = depth == 0 if letter == _OWNER else depth == 1 if letter == _INSTITUTION else depth > 0
    if not fits or depth >= MAX_DEPTH:
        raise UnsureError("a unit out of place")
    return opened + letter


class WrapperLetters:
    """The wrappers that are open on the way through a file; each way between two texts is kept."""

    def __init__(self, opened: str) -> None:
        """Begin where these are open."""
        self._opened = opened
        self._ways: dict[tuple[str, bytes, bytes], str] = {}

    def move_by_tags(self, end_tags: bytes, name: bytes) -> int:
        """Close these wrappers and open that of the record of this name; its depth, from 0 on."""
        way = self._opened, end_tags, name
        opened = self._ways.get(way)
        if opened is None:
            stay_open = close_wrappers(self._opened, wrapper_letters(end_tags))
            opened = self._ways[way] = open_wrapper(stay_open, LETTERS[name])
        self._opened = opened
        return len(opened) - 1

    def move(self, closed: str, letter: str) -> int:
        """The same for letters."""
        self._opened = open_wrapper(close_wrappers(self._opened, closed), letter)
        return len(self._opened) - 1

    def end(self, closed: str) -> str:
        """What is open behind the last record, where these are closed."""
        return close_wrappers(self._opened, closed)
