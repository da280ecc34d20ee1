"""The rows of a daily file, all checked, of which few are read into units.

A column is looked at as a whole: few of its values are different ones, and each of those is judged
once. UnsureError where anything is wrong or unusual; row by row it is then told exactly.
"""

import mmap
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

from sordiff.model import Day, Kind, SorId
from sordiff.row_index import CodeText, RowIndex
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.cell_values import CellDays, CellKinds, CellTexts
from sordiff.snapshot.tables.row_lines import digest_lines, iterate_lines
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind

# In place of a column that the file has not.
_NOWHERE: Final = -1


class ScannedRows:
    """What a register is asked for about all units, one entry for each row.

    `first_days`: of the units. `numbers`: what stands in the column of the location number.
    """

    def __init__(self, table: TableFile, content: mmap.mmap) -> None:
        """Scan all rows; UnsureError if they are to be read one by one."""
        if table.columns.kind is not TableKind.DAILY:
            raise UnsureError("rows that are written otherwise")
        self.reader = RowUnits(table)
        self.ids: list[SorId] = []
        self.parents: list[SorId | None] = []
        self.last_days: list[Day | None] = []
        self.first_days: list[Day | None] = []
        self.numbers: list[str | None] = []
        self.starts: list[int] = []
        self._table = table
        self._digests: list[bytes] = []
        self._said: list[int] = []
        self._code_texts: dict[tuple[CodeText, ...], int] = {}
        self._said_by_cells: dict[tuple[bytes, ...], int] = {}
        self._texts = CellTexts()
        self._kinds = CellKinds()
        names = ("sor_id", "kind", "parent_id", "owner/sor_id", "location_number/number")
        found = table.columns.places
        self._take = itemgetter(*(found.get(name, _NOWHERE) for name in names))
        self._has = [name in found for name in names]
        coded = self.reader.list_code_columns() or [found["kind"]]
        self._take_said = itemgetter(*coded, coded[0])
        self._days = {
            name: (itemgetter(index), CellDays(column))
            for name, (index, column) in self.reader.day_columns.items()
        }
        for lines in iterate_lines(content, table.rows_start):
            self._digests += digest_lines(lines.lines)
            self.starts += lines.starts
            self._scan(table.split_lines(lines.lines))
        self._judge()

    def _scan(self, rows: list[list[bytes]]) -> None:
        texts = self._texts
        ids, kinds, parents, owners, numbers = zip(*map(self._take, rows), strict=True)
        self.ids += [SorId(texts[cell] or "") for cell in ids]
        self._scan_parents(kinds, parents, owners if self._has[3] else [b""] * len(rows))
        self.numbers += [texts[cell] for cell in numbers] if self._has[4] else [None] * len(rows)
        days = {
            name: list(map(days.__getitem__, map(take, rows)))
            for name, (take, days) in self._days.items()
        }
        nothing: list[Day | None] = [None] * len(rows)
        self.last_days += days.get("to", nothing)
        self.first_days += days.get("first_from", nothing)
        known = self._said_by_cells
        for row, cells in zip(rows, map(self._take_said, rows), strict=True):
            said = known.get(cells)
            if said is None:
                code_texts = self.reader.read_code_texts([cell.decode() for cell in row])
                said = self._code_texts.setdefault(code_texts, len(self._code_texts))
                known[cells] = said
            self._said.append(said)

    def _scan_parents(
        self, kinds: Iterable[bytes], parents: Iterable[bytes], owners: Iterable[bytes]
    ) -> None:
        """The parents; that of an institution which names its owner alone is the owner."""
        texts, known = self._texts, self._kinds
        for cell, parent, owner in zip(kinds, parents, owners, strict=True):
            kind = known[cell]
            above = None if kind is Kind.OWNER else texts[parent]
            if above is None and kind is Kind.INSTITUTION:
                above = texts[owner]
            self.parents.append(None if above is None else SorId(above))

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
        """The index of the rows; `mentioned`: the units without a row."""
        return RowIndex(
            key=self._table.reading_key,
            ids=self.ids,
            digests=b"".join(self._digests),
            parents=self.parents,
            last_days=self.last_days,
            said=self._said,
            code_texts=[*self._code_texts],
            ways=self.reader.list_ways(),
            mentioned=[*mentioned],
        )
