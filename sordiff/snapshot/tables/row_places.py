"""Where the rows of a table begin, one line each: found when it is asked for."""

import mmap
from bisect import bisect_right
from typing import Final

from sordiff.snapshot.tables.row_lines import list_starts

# So many blocks stay known into which somebody has looked: rows that are read together lie near.
_MOST_BLOCKS: Final = 256


class RowPlaces:
    """Knows where blocks of rows begin, and looks into a block for a row of it."""

    def __init__(self, content: mmap.mmap) -> None:
        """Blocks are added in order of the file."""
        self._content = content
        self._starts: list[int] = []
        self._first_rows: list[int] = []
        self._end = 0
        self.count = 0
        self._looked_into: dict[int, list[int]] = {}
        self._asked = -1  # the block that was asked for last

    def add_block(self, start: int, end: int, rows: int) -> None:
        """Add a block that begins where the one before ended."""
        self._starts.append(start)
        self._first_rows.append(self.count)
        self._end = end
        self.count += rows

    def find_start(self, row: int) -> int:
        """Where a row begins, by its number from 0 on."""
        block = bisect_right(self._first_rows, row) - 1
        return self._list_starts(block)[row - self._first_rows[block]]

    def find_bounds(self, row: int) -> tuple[int, int]:
        """Where a row begins, and where the next one does."""
        block = bisect_right(self._first_rows, row) - 1
        place = row - self._first_rows[block]
        if block != self._asked and block not in self._looked_into:
            # Rows far from each other are asked for: most of a block would be split for nothing.
            self._asked = block
            return self._walk_to(block, place)
        starts = self._list_starts(block)
        if place + 1 < len(starts):
            return starts[place], starts[place + 1]
        return starts[place], self._find_end(block)

    def _walk_to(self, block: int, place: int) -> tuple[int, int]:
        """The bounds of one row of a block, found line by line."""
        find, start = self._content.find, self._starts[block]
        for _ in range(place):
            start = find(b"\n", start) + 1
        return start, find(b"\n", start) + 1

    def find_row(self, start: int) -> int:
        """The number of the row that begins there; behind the last row, the number of rows."""
        if start >= self._end:
            return self.count
        block = bisect_right(self._starts, start) - 1
        return self._first_rows[block] + self._list_starts(block).index(start)

    def _list_starts(self, block: int) -> list[int]:
        known = self._looked_into.get(block)
        if known is None:
            if len(self._looked_into) >= _MOST_BLOCKS:
                self._looked_into.clear()
            start = self._starts[block]
            lines = self._content[start : self._find_end(block)].split(b"\n")[:-1]
            known = self._looked_into[block] = list_starts(lines, start)
        return known

    def _find_end(self, block: int) -> int:
        return self._starts[block + 1] if block + 1 < len(self._starts) else self._end
