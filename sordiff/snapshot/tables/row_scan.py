"""A part of a daily file, scanned: what a register is asked for about all units of its rows."""

import mmap
from collections.abc import Sequence
from itertools import repeat
from typing import Final, cast

from msgspec import Struct

from sordiff.model import Day, Kind, SorId
from sordiff.row_index import CodeText
from sordiff.snapshot.tables.cell_values import CellDays, CellKinds, CellTexts
from sordiff.snapshot.tables.column_blocks import (
    ColumnBlock,
    ColumnBlocks,
    group_columns,
    split_cells,
)
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.table_file import TableFile

_TAKEN: Final = ("sor_id", "kind", "parent_id", "owner/sor_id", "location_number/number")


class RowPart(Struct, array_like=True, gc=False):
    """Rows that follow each other, with one entry for each row in the first six.

    `first_days`: of the units. `numbers`: what stands in the column of the location number.
    `said`: the place in `code_texts` of what the row says of codes. `witnesses`: of each column of
    days, see DayColumn. `blocks`: where rows begin and end, and how many they are.
    """

    ids: list[SorId] = []
    parents: list[SorId | None] = []
    last_days: list[Day | None] = []
    first_days: list[Day | None] = []
    numbers: list[str | None] = []
    said: list[int] = []
    code_texts: list[tuple[CodeText, ...]] = []
    witnesses: list[dict[str, str]] = []
    blocks: list[tuple[int, int, int]] = []


class RowScan:
    """Scans the rows from one byte to another; UnsureError if any is to be read by itself."""

    def __init__(self, table: TableFile, content: mmap.mmap, reader: RowUnits) -> None:
        self._reader = reader
        self._width = table.columns.width
        self._part = RowPart()
        self._code_texts: dict[tuple[CodeText, ...], int] = {}
        self._said_by_cells: dict[tuple[bytes, ...], int] = {}
        self._texts = CellTexts()
        self._kinds = CellKinds()
        names = [name for name in _TAKEN if name in table.columns.places]
        self._coded = group_columns(reader.list_code_columns())
        days = reader.day_columns
        groups = [(table.columns.places[name],) for name in names]
        groups += ((index,) for index, _ in days.values())
        self._taken = {name: place for place, name in enumerate((*names, *days))}
        self._days = {name: CellDays(column) for name, (_, column) in days.items()}
        self._first_coded = len(groups)
        self._blocks = ColumnBlocks(table, content, [*groups, *self._coded])

    def scan(self, start: int, stop: int) -> RowPart:
        """The rows between; both are where a line begins, or the end of the file."""
        part = self._part
        for block in self._blocks.read(start, stop):
            part.blocks.append((block.start, block.end, len(block.columns[0])))
            self._add(block)
        part.code_texts = [*self._code_texts]
        part.witnesses = self._reader.list_witnesses()
        return part

    def _add(self, block: ColumnBlock) -> None:
        part, count = self._part, len(block.columns[0])
        part.ids += cast("list[SorId]", self._read_texts(block, "sor_id"))
        part.parents += self._list_parents(block)
        part.numbers += [text or None for text in self._read_texts(block, "location_number/number")]
        # Also of the columns that nobody asks for: all days are judged.
        days = {name: self._read_days(block, name) for name in self._days}
        nothing = [None] * count
        part.last_days += days.get("to", nothing)
        part.first_days += days.get("first_from", nothing)
        coded = block.columns[self._first_coded :]
        keys = [*zip(*coded, strict=True)] if coded else [*repeat((), count)]
        known = self._said_by_cells
        for key in {*keys} - known.keys():
            known[key] = self._read_said(key)
        part.said += map(known.__getitem__, keys)

    def _read_texts(self, block: ColumnBlock, name: str) -> list[str]:
        place = self._taken.get(name)
        if place is None:
            return [""] * len(block.columns[0])
        return block.read_texts(place, self._texts)

    def _read_days(self, block: ColumnBlock, name: str) -> list[Day | None]:
        return list(map(self._days[name].__getitem__, block.columns[self._taken[name]]))

    def _list_parents(self, block: ColumnBlock) -> list[SorId | None]:
        """The parents; that of an institution which names its owner alone is the owner."""
        kinds = list(map(self._kinds.__getitem__, block.columns[self._taken["kind"]]))
        texts = self._read_texts(block, "parent_id")
        parents: list[SorId | None] = [
            SorId(text) if text and kind is not Kind.OWNER else None
            for kind, text in zip(kinds, texts, strict=True)
        ]
        owners: Sequence[str] = ()
        for row, kind in enumerate(kinds):
            if kind is Kind.INSTITUTION and parents[row] is None:
                owners = owners or self._read_texts(block, "owner/sor_id")
                parents[row] = SorId(owners[row]) if owners[row] else None
        return parents

    def _read_said(self, key: tuple[bytes, ...]) -> int:
        """What rows with these cells say of codes, by its number."""
        cells = [""] * self._width
        for group, joined in zip(self._coded, key, strict=True):
            for column, cell in zip(group, split_cells(joined, group), strict=True):
                cells[column] = cell.decode()
        code_texts = self._reader.read_code_texts(cells)
        return self._code_texts.setdefault(code_texts, len(self._code_texts))
