"""The rows of a daily file, all checked, of which few are read into units.

A column is looked at as a whole: few of its values are different ones, and each of those is judged
once. UnsureError where anything is wrong or unusual; row by row it is then told exactly.
"""

import mmap
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Final

from sordiff.model import Day, Kind, SorId
from sordiff.row_index import CodeText, RowIndex
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.cell_values import CellDays, CellKinds, CellTexts
from sordiff.snapshot.tables.column_blocks import (
    ColumnBlock,
    ColumnBlocks,
    group_columns,
    split_cells,
)
from sordiff.snapshot.tables.row_places import RowPlaces
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind

_TAKEN: Final = ("sor_id", "kind", "parent_id", "owner/sor_id", "location_number/number")


class ScannedRows:
    """What a register is asked for about all units, one entry for each row.

    `first_days`: of the units. `numbers`: what stands in the column of the location number.
    """

    def __init__(self, table: TableFile, content: mmap.mmap) -> None:
        """Scan all rows; UnsureError if they are to be read one by one."""
        if table.columns.kind is not TableKind.DAILY:
            raise UnsureError("rows that are written otherwise")
        self.reader = RowUnits(table)
        self.places = RowPlaces(content)
        self.ids: list[SorId] = []
        self.parents: list[SorId | None] = []
        self.last_days: list[Day | None] = []
        self.first_days: list[Day | None] = []
        self.numbers: list[str | None] = []
        self._table = table
        self._said: list[int] = []
        self._code_texts: dict[tuple[CodeText, ...], int] = {}
        self._said_by_cells: dict[tuple[bytes, ...], int] = {}
        self._texts = CellTexts()
        self._kinds = CellKinds()
        names = [name for name in _TAKEN if name in table.columns.places]
        self._coded = group_columns(self.reader.list_code_columns())
        days = self.reader.day_columns
        groups = [(table.columns.places[name],) for name in names]
        self._taken = {name: place for place, name in enumerate((*names, *days))}
        self._days = {name: CellDays(column) for name, (_, column) in days.items()}
        groups += ((index,) for index, _ in days.values())
        self._first_coded = len(groups)
        for block in ColumnBlocks(table, content, [*groups, *self._coded]):
            self.places.add_block(block.start, block.end, len(block.columns[0]))
            self._scan(block)
        self._judge()

    def _scan(self, block: ColumnBlock) -> None:
        self.ids += map(SorId, self._read_texts(block, "sor_id"))
        self.parents += self._list_parents(block)
        self.numbers += [text or None for text in self._read_texts(block, "location_number/number")]
        # Also of the columns that nobody asks for: all days are judged.
        days = {name: self._read_days(block, name) for name in self._days}
        nothing = [None] * len(block.columns[0])
        self.last_days += days.get("to", nothing)
        self.first_days += days.get("first_from", nothing)
        coded = block.columns[self._first_coded :]
        keys = zip(*coded, strict=True) if coded else repeat((), len(nothing))
        known = self._said_by_cells
        for key in keys:
            said = known.get(key)
            self._said.append(self._read_said(key) if said is None else said)

    def _read_texts(self, block: ColumnBlock, name: str) -> list[str]:
        place = self._taken.get(name)
        if place is None:
            return [""] * len(block.columns[0])
        return block.read_texts(place, self._texts)

    def _read_days(self, block: ColumnBlock, name: str) -> list[Day | None]:
        return list(map(self._days[name].__getitem__, block.columns[self._taken[name]]))

    def _list_parents(self, block: ColumnBlock) -> Iterator[SorId | None]:
        """The parents; that of an institution which names its owner alone is the owner."""
        kinds = list(map(self._kinds.__getitem__, block.columns[self._taken["kind"]]))
        parents = self._read_texts(block, "parent_id")
        owners: Sequence[str] = ()
        for row, (kind, parent) in enumerate(zip(kinds, parents, strict=True)):
            if kind is Kind.OWNER:
                yield None
            elif parent:
                yield SorId(parent)
            elif kind is Kind.INSTITUTION:
                owners = owners or self._read_texts(block, "owner/sor_id")
                yield SorId(owners[row]) if owners[row] else None
            else:
                yield None

    def _read_said(self, key: tuple[bytes, ...]) -> int:
        """What rows with these cells say of codes, by its number."""
        cells = [""] * self._table.columns.width
        for group, joined in zip(self._coded, key, strict=True):
            for column, cell in zip(group, split_cells(joined, group), strict=True):
                cells[column] = cell.decode()
        code_texts = self.reader.read_code_texts(cells)
        said = self._said_by_cells[key] = self._code_texts.setdefault(
            code_texts, len(self._code_texts)
        )
        return said

    def _judge(self) -> None:
        """What is judged over all rows."""
        ids = self.ids
        if not (all(map(str.isalnum, ids)) and all(map(str.isascii, ids))):
            raise UnsureError("a row with a problem")
        if len({*ids}) != len(ids) or not 0 < len(ids) <= MAX_UNITS:
            raise UnsureError("one SOR id twice, no unit, or too many")
        if any(self.reader.find_mixed_days()):
            raise UnsureError("days that are written in two ways")

    def build_index(self, mentioned: Sequence[SorId]) -> RowIndex:
        """The index of the rows, without digests; `mentioned`: the units without a row."""
        return RowIndex(
            key=self._table.reading_key,
            ids=self.ids,
            digests=b"",
            parents=self.parents,
            last_days=self.last_days,
            said=self._said,
            code_texts=[*self._code_texts],
            ways=self.reader.list_ways(),
            mentioned=[*mentioned],
        )
