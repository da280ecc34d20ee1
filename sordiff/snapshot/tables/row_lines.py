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

# What a chunk is split into fits into the caches of a processor. No line is longer than a chunk,
# and so no cell is longer than a text may be.
_CHUNK: Final = 64 * 1024
LONGEST_LINE: Final = _CHUNK - 1


class Lines(NamedTuple):
    """Lines that follow each other, without their line feeds, and where each begins."""

    lines: list[bytes]
    starts: list[int]


def iterate_texts(
    content: mmap.mmap, start: int, stop: int | None = None
) -> Iterator[tuple[int, bytes]]:
    """The lines from a byte on, some hundreds at a time: where they begin, and their bytes.

    `stop`: the end of the last of them. UnsureError if it has no end, or a line is very long.
    """
    stop = len(content) if stop is None else stop
    while start < stop:
        end = content.rfind(b"\n", start, min(start + _CHUNK, stop)) + 1
        if not end or end < stop <= start + _CHUNK:
            raise UnsureError("a line without an end, or a very long one")
        yield start, content[start:end]
        start = end


def iterate_lines(content: mmap.mmap, start: int) -> Iterator[Lines]:
    """The lines from a byte on, some hundreds at a time; UnsureError as above."""
    for begin, text in iterate_texts(content, start):
        lines = text.split(b"\n")[:-1]
        yield Lines(lines, list_starts(lines, begin))


def list_starts(lines: list[bytes], start: int) -> list[int]:
    """Where lines begin that follow each other, the first of them at `start`."""
    # Each line is longer by its line feed.
    lengths = accumulate(map(len, lines[:-1]), initial=start)
    return list(map(add, lengths, range(len(lines))))


def digest_lines(lines: list[bytes]) -> list[bytes]:
    """The digest of each line."""
    return list(map(xxh3_128_digest, lines))


def digest_row(content: mmap.mmap, start: int, end: int) -> bytes:
    """The digest of a row, as that of its line; NO_DIGEST for a row of several lines."""
    line = content[start:end]
    return NO_DIGEST if line.find(b"\n") != len(line) - 1 else xxh3_128_digest(line[:-1])
