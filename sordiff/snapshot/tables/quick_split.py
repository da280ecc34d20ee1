"""Many rows split into cells at once; one with quotes that are no guards is split by itself."""

import re
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Final

from sordiff.snapshot.source.unsure import UnsureError

_GUARD: Final = re.compile(rb'"=""[^"]*"""')
_QUOTES_OF_GUARD: Final = 6


class _Quotes(dict[bytes, int]):
    """A cell as written -> how many quotes it may have: those of a guard, or none."""

    def __missing__(self, cell: bytes) -> int:
        found = self[cell] = _QUOTES_OF_GUARD if _GUARD.fullmatch(cell) else 0
        return found


class QuickSplit:
    """Splits lines by their delimiters alone, where quotes stand in no place but around ids."""

    def __init__(self, width: int, split_alone: Callable[[bytes], list[bytes]]) -> None:
        """`split_alone` gives the cells of a line with other quotes, without quotes and guards."""
        self._width = width
        self._split_alone = split_alone
        self._quotes = _Quotes()
        self._guarded: set[int] = set()

    def split(self, lines: Sequence[bytes]) -> list[list[bytes]]:
        """The cells of each line as written; UnsureError if one is no row of this width."""
        text = b"\n".join(lines)
        if text.count(b"\r") != text.count(b"\r\n") + text.endswith(b"\r"):
            raise UnsureError("a line end inside of a line")
        rows = [line.split(b";") for line in lines]
        quotes = text.count(b'"')
        if {*map(len, rows)} != {self._width} or not self._are_guards(rows, quotes):
            for number in self._find_quoted(lines, rows):
                rows[number] = self._split_alone(lines[number])
        if {*map(len, rows)} != {self._width}:
            raise UnsureError("a row of another width")
        return rows

    def _are_guards(self, rows: Sequence[Sequence[bytes]], quotes: int) -> bool:
        """Whether all these quotes are those of guards, in the columns where any row has some."""
        if quotes == self._count_guarding(rows):
            return True
        for row in rows:
            self._guarded.update(index for index, cell in enumerate(row) if cell[:1] == b'"')
        return quotes == self._count_guarding(rows)

    def _count_guarding(self, rows: Sequence[Sequence[bytes]]) -> int:
        taken = (map(self._quotes.__getitem__, map(itemgetter(i), rows)) for i in self._guarded)
        return sum(map(sum, taken))

    def _find_quoted(
        self, lines: Sequence[bytes], rows: Sequence[Sequence[bytes]]
    ) -> Iterator[int]:
        """The lines with other quotes than those of guards."""
        for number, (line, row) in enumerate(zip(lines, rows, strict=True)):
            quotes = line.count(b'"')
            if quotes and quotes != sum(map(self._quotes.__getitem__, row)):
                yield number
