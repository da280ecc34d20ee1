"""The units of the later of two files where they are touched: those that the earlier has not so.

A record whose bytes stand in the scanned file is not read: under the same root start tag it holds
the same unit. Only its parent may be another. If anything is unusual (an id twice, a wrapper out of
place, a record that is refused), UnsureError sends both files to the plain road.
"""

from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.record_columns import NO_ROW
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_stretches import RecordStretch, StretchFinder
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.scanned_register import ScannedFile
from sordiff.snapshot.fast.split_records import (
    Content,
    RecordSlice,
    check_distance,
    read_closing_tags,
)
from sordiff.snapshot.fast.touched_units import build_touched_units
from sordiff.snapshot.fast.wrapper_letters import close_wrappers, open_wrapper
from sordiff.snapshot.snapshot import TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS


def compare_records(old: ScannedFile, content: Content, frame: RootFrame) -> TouchedUnits:
    """Find the records that differ, and read those of the later file that are not known."""
    finder = StretchFinder(old.content, old.columns, content)
    stretches = [*finder.find(frame.records_start)]
    comparison = _RecordComparison(old, content, frame)
    comparison.compare(stretches, finder.tail)
    return build_touched_units(
        comparison.read, comparison.stayed, comparison.before, len(old.columns), old.has_any
    )


class _RecordComparison:
    """Goes through the later file along the stretches; used once.

    `before` has every unit of the earlier file that was looked at with its parent there, `read` the
    units that were read, and `stayed` those with known records, with their parents now.
    """

    def __init__(self, old: ScannedFile, content: Content, frame: RootFrame) -> None:
        self._old, self._columns = old, old.columns
        self._content = content
        self._begin = frame.records_start
        self._reader = RecordReader(frame, few=True)
        # The wrappers that are open, and the units to which they belong.
        self._letters = ""
        self._open: list[SorId] = []
        self._last_end = frame.records_start
        self._rows: dict[bytes, int] = {}
        self.before: dict[SorId, SorId | None] = {}
        self.read: dict[SorId, Unit] = {}
        self.stayed: dict[SorId, SorId | None] = {}

    def compare(self, stretches: list[RecordStretch], tail: int) -> None:
        """Compare; `tail`: where the last record of the later file ends."""
        columns = self._columns
        for stretch in stretches:
            for row in range(stretch.first, stretch.stop):
                self.before[columns.ids[row]] = columns.parent_id(row)
                self._rows[self._old.digest_record(row)] = row
        row = 0
        for stretch in stretches:
            shift = stretch.begin - columns.find_begin(stretch.first)
            self._follow_equal(row, stretch.first, shift)
            for record in stretch.records:
                self._read_record(record)
            row = stretch.stop
        self._follow_equal(row, len(columns), tail - columns.find_begin(len(columns)))
        stop = len(self._content)
        check_distance(self._last_end, stop)
        closed = read_closing_tags(self._content, tail, stop, last=True)
        if close_wrappers(self._letters, closed):
            raise UnsureError("wrappers that are not nested")

    def _follow_equal(self, row: int, stop: int, shift: int) -> None:
        """Follow rows whose bytes both files have; the later one has them so much later.

        From where the same wrappers are open as in the earlier file, units stand where they did.
        """
        while row < stop and not self._is_nested_alike(row):
            self._follow_row(row, shift)
            row += 1
        if row == stop:
            return
        columns = self._columns
        first = next((i for i in range(row, stop) if columns.closes_wrappers(i)), None)
        if first is not None:
            check_distance(self._last_end, columns.starts[first] + shift)
            last = next(i for i in range(stop - 1, row - 1, -1) if columns.closes_wrappers(i))
            self._last_end = columns.find_begin(last) + shift
        path = columns.list_path(stop - 1)
        self._open = [columns.ids[each] for each in path]
        self._letters = "".join(columns.letters[each] for each in path)

    def _is_nested_alike(self, row: int) -> bool:
        """Whether the same wrappers are open before the row in the earlier file."""
        columns = self._columns
        path = columns.list_path(row - 1 if row else NO_ROW)
        return (
            len(path) == len(self._open)
            and all(columns.ids[each] == i for each, i in zip(path, self._open, strict=True))
            and all(columns.letters[each] == i for each, i in zip(path, self._letters, strict=True))
        )

    def _follow_row(self, row: int, shift: int) -> None:
        """Follow one of these rows below other units: its own parent may be another."""
        columns = self._columns
        closed, above = "", row - 1
        while above != columns.find_parent(row):
            closed += columns.letters[above]
            above = columns.find_parent(above)
        begin, start = columns.find_begin(row) + shift, columns.starts[row] + shift
        self.before[columns.ids[row]] = columns.parent_id(row)
        self._close(closed, begin, start)
        self._note_unit(columns.ids[row], None)
        self._open_wrapper(columns.letters[row], columns.ids[row])

    def _read_record(self, record: RecordSlice) -> None:
        """Read a record, unless its bytes are known."""
        self._close(record.closed, record.start, record.record_start)
        letter = KIND_LETTERS[record.kind]
        written = self._content[record.record_start : record.end]
        row = self._rows.pop(xxh3_128_digest(written), None)
        if row is None:
            unit = self._reader.read(written, record.kind, self._parent_id)
            sor_id = unit.sor_id
            self._note_unit(sor_id, unit)
        else:
            sor_id = self._columns.ids[row]
            self._note_unit(sor_id, None)
        self._open_wrapper(letter, sor_id)

    @property
    def _parent_id(self) -> SorId | None:
        return self._open[-1] if self._open else None

    def _close(self, closed: str, begin: int, start: int) -> None:
        """Close the wrappers that end between these places of the later file."""
        if closed:
            check_distance(self._last_end, start)
            self._last_end = begin
            self._letters = close_wrappers(self._letters, closed)
            del self._open[len(self._letters) :]

    def _open_wrapper(self, letter: str, sor_id: SorId) -> None:
        self._letters = open_wrapper(self._letters, letter)
        self._open.append(sor_id)

    def _note_unit(self, sor_id: SorId, unit: Unit | None) -> None:
        if sor_id in self.read or sor_id in self.stayed:
            raise UnsureError("one SOR id twice")
        if unit is None:
            self.stayed[sor_id] = self._parent_id
        else:
            self.read[sor_id] = unit
