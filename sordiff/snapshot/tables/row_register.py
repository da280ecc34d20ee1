"""The earlier of two daily files that are compared: checked whole, though few units are read."""

import mmap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain, compress
from typing import Any

from sordiff.model import Classification, Day, Gln, Header, SorId, Unit
from sordiff.overlay import LazyRegister, LazyUnits
from sordiff.row_index import KnownRows
from sordiff.snapshot.tables.code_texts import note_code_texts
from sordiff.snapshot.tables.placed_rows import PlacedRows, bind_row_reader
from sordiff.snapshot.tables.scanned_rows import ScannedRows
from sordiff.snapshot.tables.stated_register import build_unit
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile


class _RowUnits(LazyUnits):
    def __init__(self, rows: PlacedRows) -> None:
        self._rows = rows
        self._read: dict[SorId, Unit] = {}

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self._read.get(sor_id)
        if unit is None and sor_id in self._rows:
            unit = self._read[sor_id] = build_unit(self._rows[sor_id], self._rows, [])
        return default if unit is None else unit

    def units_except(self, skipped: AbstractSet[SorId]) -> Iterator[Unit]:
        """The units but for these."""
        return (self[sor_id] for sor_id in self._rows if sor_id not in skipped)

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._rows

    def __iter__(self) -> Iterator[SorId]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class ScannedTable:
    """The rows of a daily file, as an index and as a source of its units."""

    def __init__(self, table: TableFile, content: mmap.mmap, meanwhile: Callable[[], None]) -> None:
        """Scan all rows; UnsureError if the file is to be read row by row.

        `meanwhile`: see ScannedRows.
        """
        self.scanned = scanned = ScannedRows(table, content, meanwhile)
        read_row = bind_row_reader(table, scanned.reader, scanned.places.find_start)
        self.rows = PlacedRows(read_row, scanned.rows, scanned.parents)
        self.rows.require_tree(self.rows.list_ahead_of_parent())
        index = scanned.build_index([*self.rows.mentioned])
        self.known = KnownRows(rows=index, has_unit=self.rows.__contains__)
        self.lists = note_code_texts(index).build_lists()

    def read_row(self, row: int) -> StatedUnit:
        """What a row states, by its number."""
        return self.rows[self.scanned.ids[row]]


class RowRegister(LazyRegister):
    """The register of a scanned table."""

    def __init__(
        self, table: ScannedTable, header: Header, lists: Mapping[str, Classification]
    ) -> None:
        """Nothing is read yet."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=_RowUnits(table.rows),
            lists=lists,
        )
        self._rows = table.rows
        self._scanned = table.scanned

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        return sorted(self._rows.children.get(sor_id, ()))

    @cached_property
    def _carrying_number(self) -> Mapping[str, list[SorId]]:
        found: dict[str, list[SorId]] = {}
        for sor_id, number in zip(self._scanned.ids, self._scanned.numbers, strict=True):
            if number is not None:
                found.setdefault(number, []).append(sor_id)
        for sor_id, unit in self._rows.mentioned.items():
            if unit.number is not None:
                found.setdefault(unit.number.number, []).append(sor_id)
        return found

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        carrying = self._carrying_number.get(number, ())
        return frozenset(sor_id for sor_id in carrying if self.units[sor_id].number == number)

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        days = zip(self._scanned.first_days, self._scanned.last_days, strict=True)
        rows = sum(
            (first is None or first <= day) and (last is None or last >= day)
            for first, last in days
        )
        return rows + len(self._rows.mentioned)  # no row says that they are closed

    def state_changes_by(self, day: Day) -> Iterable[SorId]:
        """The units that may be in another state on that other day."""
        before, after = min(self.day, day), max(self.day, day)
        scanned = self._scanned
        # There are few different days, and most of them are neither.
        first = {d for d in {*scanned.first_days} if d is not None and before < d <= after}
        last = {d for d in {*scanned.last_days} if d is not None and before <= d < after}
        opening = compress(scanned.ids, map(first.__contains__, scanned.first_days))
        closing = compress(scanned.ids, map(last.__contains__, scanned.last_days))
        return list(dict.fromkeys(chain(opening, closing)))
