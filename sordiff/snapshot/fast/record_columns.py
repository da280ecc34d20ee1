"""What the scan finds of all records of a file, column by column: few objects, little memory."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from sordiff.model import Day, Gln, SorId

# In the place of a parent, for the units at the root.
NO_ROW: Final = -1


class ScannedPart(Struct, array_like=True):
    """Records that follow each other, with one entry for each in the columns.

    `ids`: SOR ids. `letters`: the kinds, see KIND_LETTERS. The others are the bytes of an array.
    `steps`: how many rows before a unit its parent stands, 0 for none. `starts` and `ends`: offsets
    of the records in the file, the end tags of wrappers before them left out. `to`, `first_from`
    and `number_to`: days, see `count_day`. `numbered`: for each location number, how many rows it
    stands behind the first; `numbers`: these.
    """

    ids: list[SorId]
    letters: str
    steps: bytes
    starts: bytes
    ends: bytes
    to: bytes
    first_from: bytes
    number_to: bytes
    numbered: list[int]
    numbers: list[Gln]


class RecordColumns:
    """The records of a file in order; a row is the place of a record, from 0 on.

    The columns are those of ScannedPart. `numbers`: the row and the location number of each record
    that has one.
    """

    def __init__(self, begin: int) -> None:
        """Nothing is scanned yet; `begin`: where the first record begins."""
        self.begin = begin
        self.ids: list[SorId] = []
        self.letters = ""
        self.steps, self.starts, self.ends = array("I"), array("Q"), array("Q")
        self.to, self.first_from, self.number_to = array("I"), array("I"), array("I")
        self.numbers: list[tuple[int, Gln]] = []

    def add(self, part: ScannedPart) -> None:
        """Add the records that follow those that are there."""
        rows = (len(self.ids) + step for step in part.numbered)
        self.numbers += zip(rows, part.numbers, strict=True)
        self.ids += part.ids
        self.letters += part.letters
        self.steps.frombytes(part.steps)
        self.starts.frombytes(part.starts)
        self.ends.frombytes(part.ends)
        self.to.frombytes(part.to)
        self.first_from.frombytes(part.first_from)
        self.number_to.frombytes(part.number_to)

    def __len__(self) -> int:
        """The number of records."""
        return len(self.ids)

    def find_begin(self, row: int) -> int:
        """Where a record begins with the end tags before it; behind the last row, its end."""
        return self.ends[row - 1] if row else self.begin

    def count_ended(self, offset: int) -> int:
        """How many records end at this offset or before it."""
        return bisect_right(self.ends, offset)

    def find_parent(self, row: int) -> int:
        """The row of the unit in which a unit is, or NO_ROW."""
        step = self.steps[row]
        return row - step if step else NO_ROW

    def parent_id(self, row: int) -> SorId | None:
        """The id of the unit in which a unit is."""
        step = self.steps[row]
        return self.ids[row - step] if step else None

    def list_path(self, row: int) -> list[int]:
        """The rows from the root down to this one; none for NO_ROW."""
        path: list[int] = []
        while row != NO_ROW:
            path.append(row)
            row = self.find_parent(row)
        path.reverse()
        return path

    def closes_wrappers(self, row: int) -> bool:
        """Whether wrappers end before a record: else it stands in the one before it."""
        return row > 0 and self.steps[row] != 1

    def iterate_children(self, row: int) -> Iterator[int]:
        """The rows of the units directly in this one; for NO_ROW those at the root."""
        steps = self.steps
        if row == NO_ROW:
            yield from (root for root, step in enumerate(steps) if not step)
            return
        for below in range(row + 1, len(steps)):
            step = steps[below]
            if step == below - row:
                yield below
            elif not step or step > below - row:
                return


def count_day(day: Day | None) -> int:
    """A day as a number that sorts as the day does; 0 for none."""
    return 0 if day is None else int(day.replace("-", ""))
