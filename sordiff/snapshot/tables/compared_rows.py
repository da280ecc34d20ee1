"""The rows of a daily file set against those of an earlier one: which stayed, and which are new.

A row whose bytes are known is not read: under the same header it says the same as before.
UnsureError where a line is no row, a row has a problem, or days are written in another way.
"""

import mmap
from collections.abc import Collection, Iterable, Iterator
from itertools import compress
from typing import NamedTuple

from sordiff.row_index import NO_DIGEST, RowIndex
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.line_stretches import Stretch
from sordiff.snapshot.tables.row_lines import LONGEST_LINE, digest_lines, iterate_lines
from sordiff.snapshot.tables.row_places import RowPlaces
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile


class ComparedRows(NamedTuple):
    """The rows of a file: those that the earlier one has, by their number there, and the new ones.

    `places`: where the row of each stayed one is found. `gone`: the rows of the earlier file that
    this one has not. `digests`: of the rows that stayed and of the new ones; empty if they were
    compared as they are. `ways`: column -> how its days are written in both files.
    """

    stayed: list[int]
    places: list[int]
    gone: Collection[int]
    new: list[StatedUnit]
    digests: bytes
    ways: dict[str, str]


class RowComparison:
    """Compares the rows of a file with those that an index has; `reader` reads the new ones."""

    def __init__(self, table: TableFile, content: mmap.mmap, before: RowIndex) -> None:
        """UnsureError if equal rows say other things, for they stand under another header."""
        if before.key != table.reading_key:
            raise UnsureError("another header")
        self.reader = RowUnits(table)
        self._table, self._content, self._before = table, content, before

    def compare_digests(self) -> ComparedRows:
        """Compare the lines by their digests; a row is found where it begins in this file."""
        digests = self._before.list_digests()
        known = dict(zip(digests, range(len(digests)), strict=True))
        known.pop(NO_DIGEST, None)
        stayed: list[int] = []
        places: list[int] = []
        new: list[StatedUnit] = []
        new_digests: list[bytes] = []
        for lines in iterate_lines(self._content, self._table.rows_start):
            found = digest_lines(lines.lines)
            rows = list(map(known.get, found))
            if None not in rows:
                places += lines.starts
                stayed += rows  # type: ignore[arg-type]  # none of them is None
                continue
            for row, line, digest in zip(rows, lines.lines, found, strict=True):
                if row is None:
                    units = [*self._read(line)]
                    new += units
                    new_digests += [digest] * len(units)
            places += compress(lines.starts, (row is not None for row in rows))
            stayed += (row for row in rows if row is not None)
        if len({*stayed}) != len(stayed):
            raise UnsureError("one row twice")
        gone = {*range(len(digests))}.difference(stayed)
        joined = b"".join([*map(digests.__getitem__, stayed), *new_digests])
        return ComparedRows(stayed, places, gone, new, joined, self._join_ways())

    def compare_lines(
        self, old: mmap.mmap, places: RowPlaces, stretches: Iterable[Stretch]
    ) -> ComparedRows:
        """Compare the lines with those of the earlier file; a row is found by its number there."""
        stayed: list[int] = []
        gone: dict[bytes, int] = {}
        others: list[bytes] = []
        row = 0
        for stretch in stretches:
            first = places.find_row(stretch.old_start)
            stayed += range(row, first)
            lines = _split_lines(old[stretch.old_start : stretch.old_end])
            row = first + len(lines)
            gone.update(zip(lines, range(first, row), strict=True))
            others += _split_lines(self._content[stretch.new_start : stretch.new_end])
        stayed += range(row, places.count)
        new: list[StatedUnit] = []
        for line in others:
            known = gone.pop(line, None)  # it may stand elsewhere in the earlier file
            if known is None:
                new += self._read(line)
            else:
                stayed.append(known)
        return ComparedRows(stayed, stayed, gone.values(), new, b"", self._join_ways())

    def _read(self, line: bytes) -> Iterator[StatedUnit]:
        """What the row in a line states; nothing in a blank one."""
        for split in self._table.split_line(line):
            head = self.reader.read_head(split)
            if head is None or self._table.problems:
                raise UnsureError("a row with a problem")
            unit = self.reader.read(split, head)
            unit.settle_parent()
            yield unit

    def _join_ways(self) -> dict[str, str]:
        ways = [*self._before.ways.items(), *self.reader.list_ways().items()]
        if len({*ways}) != len(dict(ways)) or self.reader.are_days_mixed:
            raise UnsureError("days that are written in two ways")
        return dict(ways)


def _split_lines(text: bytes) -> list[bytes]:
    lines = text.split(b"\n")
    if lines.pop():
        raise UnsureError("a line without an end")
    if any(len(line) > LONGEST_LINE for line in lines):
        raise UnsureError("a very long line")
    return lines
