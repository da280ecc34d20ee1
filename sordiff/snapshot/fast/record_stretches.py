"""Where the records of two files differ, as stretches of whole records.

What lies between two stretches is equal byte for byte, and is compared in large pieces: most of a
night is as it was the night before. A stretch may hold records that the other file has elsewhere.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.snapshot.fast.record_columns import RecordColumns
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_record
from sordiff.snapshot.source.equal_bytes import count_equal
from sordiff.snapshot.source.unsure import UnsureError

# So many records of both files are looked through for one that both have.
_FEW_RECORDS: Final = 2
_MANY_RECORDS: Final = 8192


class RecordStretch(Struct, frozen=True, gc=False):
    """Records of the earlier file in whose place the later one has others; either may be none.

    `first` and `stop` are rows of the earlier file. `begin`: the place in the later file where its
    records begin, with the end tags before them.
    """

    first: int
    stop: int
    begin: int
    records: list[RecordSlice]


class StretchFinder:
    """Finds the stretches; `tail`: where the records of the later file end, when all are found."""

    def __init__(self, old: Content, columns: RecordColumns, new: Content) -> None:
        """`columns`: the records of the earlier file."""
        self._old, self._columns, self._new = old, columns, new
        self.tail = 0

    def find(self, begin: int) -> Iterator[RecordStretch]:
        """The stretches in order; `begin`: where the first record of the later file begins.

        UnsureError where a record of the later file has no end.
        """
        columns, row, there = self._columns, 0, begin
        while True:
            here = columns.find_begin(row)
            ended = columns.count_ended(here + count_equal(self._old, here, self._new, there))
            there += columns.find_begin(ended) - here
            stop, records = self._find_common(ended, there)
            self.tail = records[-1].end if records else there
            if stop == ended and not records:
                return
            yield RecordStretch(ended, stop, there, records)
            row, there = stop, self.tail

    def _find_common(self, row: int, there: int) -> tuple[int, list[RecordSlice]]:
        """What stands before a record that both have; all, if none is near."""
        count = _FEW_RECORDS
        while True:
            stop = min(row + count, len(self._columns))
            records = [*islice(self._iterate_records(there), count)]
            places = {
                self._digest(record): place for place, record in reversed([*enumerate(records)])
            }
            found = min(
                (
                    (each - row + places[digest], each, places[digest])
                    for each in range(row, stop)
                    if (digest := self._digest_row(each)) in places
                ),
                default=None,
            )
            if found is not None:
                _, first, place = found
                if first == row and not place:
                    raise UnsureError("one digest of different bytes")
                return first, records[:place]
            if count >= _MANY_RECORDS or max(stop - row, len(records)) < count:
                return len(self._columns), [*self._iterate_records(there)]
            count *= 4

    def _iterate_records(self, there: int) -> Iterator[RecordSlice]:
        stop = len(self._new)
        while record := find_record(self._new, there, stop):
            yield record
            there = record.end

    def _digest(self, record: RecordSlice) -> bytes:
        return xxh3_128_digest(self._new[record.start : record.end])

    def _digest_row(self, row: int) -> bytes:
        columns = self._columns
        return xxh3_128_digest(self._old[columns.find_begin(row) : columns.ends[row]])
