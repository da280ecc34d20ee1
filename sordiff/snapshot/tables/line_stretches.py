"""Where two files differ, as stretches of whole lines.

What lies between two stretches is equal byte for byte, and is compared in large pieces. A stretch
may hold lines that the other file has elsewhere.
"""

import mmap
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from sordiff.snapshot.source.equal_bytes import count_equal

# So many lines of both files are looked through for one that both have.
_FEW_LINES: Final = 8
_MANY_LINES: Final = 8192


class Stretch(NamedTuple):
    """Lines of the old file in whose place the new file has others; one of both may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def find_stretches(
    old: mmap.mmap, old_start: int, new: mmap.mmap, new_start: int
) -> Iterator[Stretch]:
    """The stretches in their order, from the beginning of a line in each file on."""
    here, there = old_start, new_start
    while True:
        same = _count_same(old, here, new, there)
        here, there = here + same, there + same
        if here == len(old) and there == len(new):
            return
        skipped, replacing = _find_common_line(old, here, new, there)
        yield Stretch(here, here + skipped, there, there + replacing)
        here, there = here + skipped, there + replacing


def _count_same(old: mmap.mmap, here: int, new: mmap.mmap, there: int) -> int:
    """The length of the lines that both files have from there on."""
    same = count_equal(old, here, new, there)
    if here + same == len(old) and there + same == len(new):
        return same
    # Back to the beginning of the line; what is before it is the same in both.
    return max(0, old.rfind(b"\n", here, here + same) + 1 - here)


def _find_common_line(old: mmap.mmap, here: int, new: mmap.mmap, there: int) -> tuple[int, int]:
    """How many bytes of both files lie before a line that both have; all, if none is near."""
    count = _FEW_LINES
    while True:
        lines, others = _read_lines(old, here, count), _read_lines(new, there, count)
        places = {line: place for place, line in reversed([*enumerate(others)])}
        found = min(
            (
                (place + places[line], place, places[line])
                for place, line in enumerate(lines)
                if line in places
            ),
            default=None,
        )
        if found is not None:
            _, before, behind = found
            return sum(map(len, lines[:before])), sum(map(len, others[:behind]))
        if count >= _MANY_LINES or max(len(lines), len(others)) < count:
            return len(old) - here, len(new) - there
        count *= 4


def _read_lines(content: mmap.mmap, start: int, count: int) -> list[bytes]:
    content.seek(start)
    lines = iter(content.readline, b"")
    return [*islice(lines, count)]
