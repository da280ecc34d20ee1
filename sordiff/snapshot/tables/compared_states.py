"""The states of a table that hold on a day, set against those of the last accepted night.

All rows are judged, but of a state that was known the night before nothing more is read.
"""

from xxhash import xxh3_128_digest

from sordiff.model import Day
from sordiff.row_index import NO_DIGEST, RowIndex
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.compared_rows import ComparedRows
from sordiff.snapshot.tables.row_lines import digest_row
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.scanned_states import scan_states
from sordiff.snapshot.tables.state_rows import State, StateRows
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile


def write_states_key(table: TableFile) -> bytes:
    """The key of an index of states: a row says something else in a file of one row a unit."""
    return b"states " + table.reading_key


def digest_state(table: TableFile, states: StateRows, state: State) -> bytes:
    """The digest of the row of a state, and of whether another state follows it at once."""
    place = states.find_place(state.row)
    digest = digest_row(table.content, place.start, place.end)
    if digest == NO_DIGEST or not states.is_continued(state.row):
        return digest
    return xxh3_128_digest(digest)


class StateComparison:
    """Compares the states of a day with those that an index has."""

    def __init__(self, table: TableFile, before: RowIndex, day: Day) -> None:
        """Scan all states; UnsureError if the file is to be read otherwise."""
        if before.key != write_states_key(table):
            raise UnsureError("another header, or another kind of file")
        self._table, self._before, self._day = table, before, day
        self._reader = RowUnits(table)
        self._states = scan_states(table, table.content, self._reader)
        if self._reader.are_days_mixed:
            raise UnsureError("days that are written in two ways")
        if not self._states.are_of_units:
            raise UnsureError("another kind of file")

    def compare_digests(self) -> ComparedRows:
        """Compare the states by their digests; a row is found by its number."""
        states, before = self._states, self._before.list_digests()
        known = dict(zip(before, range(len(before)), strict=True))
        known.pop(NO_DIGEST, None)
        stayed: list[int] = []
        places: list[int] = []
        new: list[StatedUnit] = []
        digests: list[bytes] = []
        for row in states.choose_rows(self._day):
            state = states.read_state(row)
            if state.begins > self._day:
                continue
            digest = digest_state(self._table, states, state)
            found = known.get(digest)
            if found is not None:
                stayed.append(found)
                places.append(row)
            else:
                new.append(self.read_row(row))
                digests.append(digest)
        gone = {*range(len(before))}.difference(stayed)
        joined = b"".join([*map(before.__getitem__, stayed), *digests])
        return ComparedRows(stayed, places, gone, new, joined, self._reader.list_ways())

    def read_row(self, row: int) -> StatedUnit:
        """What the row of a state says of its unit on the day."""
        read = self._table.read_row(*self._states.find_place(row))
        head = self._reader.read_head(read)
        if head is None or self._table.problems:
            raise UnsureError("a row with a problem")
        unit = self._reader.read(read, head)
        if self._states.is_continued(row):
            unit.days.pop("to", None)
        unit.settle_parent()
        return unit
