"""The lines of a table of SOR2 as bytes, where each line is one row.

The fast road reads rows by their lines. Where a row has several lines, or a line is none, it is
not sure, and the table is read row by row.
"""

import mmap
from collections.abc import Iterator
from itertools import accumulate
from operator import add
from typing import Final, NamedTuple

from xxhash import xxh3_128_digest

from sordiff.row_index import NO_DIGEST
from sordiff.snapshot.source.unsure import UnsureError

# What a chunk is split into fits into the caches of a processor.
_CHUNK: Final = 64 * 1024
# No cell of such a line is longer than a text may be.
_LONGEST: Final = 65_536


class Lines(NamedTuple):
    """Lines that follow each other, without their line feeds, and where each begins."""

    lines: list[bytes]
    starts: list[int]


def iterate_lines(content: mmap.mmap, start: int) -> Iterator[Lines]:
    """The lines from a byte on, some hundreds at a time; UnsureError if the last has no end."""
    size = len(content)
    while start < size:
        end = size if start + _CHUNK >= size else content.rfind(b"\n", start, start + _CHUNK) + 1
        lines = content[start:end].split(b"\n")
        if lines.pop() or not lines:
            raise UnsureError("a line without an end")
        lengths = list(map(len, lines))
        if max(lengths) > _LONGEST:
            raise UnsureError("a very long line")
        # Each line is longer by its line feed.
        starts = list(map(add, accumulate(lengths[:-1], initial=start), range(len(lines))))
        yield Lines(lines, starts)
        start = end


def digest_lines(lines: list[bytes]) -> list[bytes]:
    """The digest of each line."""
    return list(map(xxh3_128_digest, lines))


def digest_row(content: mmap.mmap, start: int, end: int) -> bytes:
    """The digest of a row, as that of its line; NO_DIGEST for a row of several lines."""
    line = content[start:end]
    return NO_DIGEST if line.find(b"\n") != len(line) - 1 else xxh3_128_digest(line[:-1])
