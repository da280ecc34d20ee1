"""The units of a daily file whose rows the last accepted file has not, and the units below them.

A row whose bytes are known is not read: under the same header it says the same as before. What a
unit has of its own also depends on the units above it, so that all units below a touched one are
built anew. If anything else is unusual (a SOR id twice, a row with a problem, days written in
another way), UnsureError sends the file to the plain road.
"""

import mmap
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, compress
from typing import NamedTuple

from msgspec.structs import replace

from sordiff.gaps import Gaps
from sordiff.model import Day, Header, SorId
from sordiff.row_index import NO_DIGEST, KnownRows, RowIndex
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.snapshot import SnapshotContent, TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.code_texts import note_code_texts
from sordiff.snapshot.tables.placed_rows import PlacedRows
from sordiff.snapshot.tables.row_lines import digest_lines, iterate_lines
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.stated_register import build_unit
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.states import holds_closed
from sordiff.snapshot.tables.table_file import TableFile


class NewRow(NamedTuple):
    """A row that is not known: where it begins, its digest, and what it states."""

    start: int
    digest: bytes
    unit: StatedUnit


class _Comparison(NamedTuple):
    """The rows of a file: those that are known, by their number in the index, and the new ones."""

    stayed: list[int]
    starts: list[int]
    new: list[NewRow]


class TouchedRows:
    """A daily file set against the index of the last accepted one; used once."""

    def __init__(self, table: TableFile, content: mmap.mmap, known: KnownRows) -> None:
        """Compare the lines and read the new rows; UnsureError if the plain road must read them."""
        self._table, self._content, self._known = table, content, known
        self._before = known.rows
        if self._before.key != table.reading_key:
            raise UnsureError("another header")
        self._reader = RowUnits(table)
        found = self._compare_lines()
        self._new = {row.unit.sor_id: row for row in found.new}
        self.index = self._build_index(found)
        where = chain(found.starts, (row.start for row in found.new))
        starts = dict(zip(self.index.ids, where, strict=True))
        if len(starts) != len(self.index.ids) or not 0 < len(starts) <= MAX_UNITS:
            raise UnsureError("one SOR id twice, no unit, or too many")
        before = self._before
        gone = {*range(len(before.ids))}.difference(found.stayed)
        self._left = {before.ids[row]: before.parents[row] for row in gone}
        self._rows = PlacedRows(
            table,
            self._reader,
            starts,
            self.index.parents,
            {sor_id: row.unit for sor_id, row in self._new.items()},
        )
        self.index = replace(self.index, mentioned=[*self._rows.mentioned])

    def read(self, day: Day, build_header: Callable[[], Header]) -> SnapshotContent:
        """The touched units of the day; UnsureError if the plain road must read the file."""
        rows = self._rows
        if holds_closed(self.index.last_days, day):
            raise UnsureError("another kind of file")
        rows.require_tree([*self._new, *rows.mentioned])
        touched = self._find_touched()
        read = {sor_id: build_unit(rows[sor_id], rows, []) for sor_id in sorted(touched)}
        mentioned = {
            sor_id: read.get(sor_id) or build_unit(unit, rows, [])
            for sor_id, unit in rows.mentioned.items()
        }
        texts = note_code_texts(self.index)
        return SnapshotContent(
            header=build_header(),
            read_columns=self._table.columns.group_by_field(),
            touched=TouchedUnits(
                read={**read, **mentioned},
                moved={},
                created=frozenset(i for i in read if not self._known.has_unit(i)),
                removed=frozenset(),
                count=len(rows),
            ),
            index=self.index,
            lists=texts.build_lists(),
            gaps=Gaps(
                leaves_out_closed=True,
                mentioned=mentioned,
                several_texts=texts.find_several(),
                with_rows=rows.starts.keys(),
                without_row=self._left.keys() - rows.starts.keys(),
            ),
        )

    def _compare_lines(self) -> _Comparison:
        digests = self._before.list_digests()
        known = dict(zip(digests, range(len(digests)), strict=True))
        known.pop(NO_DIGEST, None)
        stayed: list[int] = []
        starts: list[int] = []
        new: list[NewRow] = []
        for lines in iterate_lines(self._content, self._table.rows_start):
            digests = digest_lines(lines.lines)
            rows = list(map(known.get, digests))
            if None in rows:
                unknown = [index for index, row in enumerate(rows) if row is None]
                for index in unknown:
                    new += self._read_new(lines.starts[index], lines.lines[index], digests[index])
                is_known = [row is not None for row in rows]
                starts += compress(lines.starts, is_known)
                stayed += (row for row in rows if row is not None)
            else:
                starts += lines.starts
                stayed += rows  # type: ignore[arg-type]  # none of them is None
        if len(set(stayed)) != len(stayed):
            raise UnsureError("one row twice")
        ways = [*self._before.ways.items(), *self._reader.list_ways().items()]
        if len({*ways}) != len(dict(ways)) or any(self._reader.find_mixed_days()):
            raise UnsureError("days that are written in two ways")
        return _Comparison(stayed, starts, new)

    def _read_new(self, start: int, line: bytes, digest: bytes) -> Iterable[NewRow]:
        """The row in a line; none in a blank one."""
        table = self._table
        for split in table.split_line(line):
            head = self._reader.read_head(split)
            if head is None or table.problems:
                raise UnsureError("a row with a problem")
            unit = self._reader.read(split, head)
            unit.settle_parent()
            yield NewRow(start, digest, unit)

    def _build_index(self, found: _Comparison) -> RowIndex:
        """The index of this file: the entries of the rows that stayed, and of the new ones."""
        before, new = self._before, [row.unit for row in found.new]
        digests = before.list_digests()
        said = {texts: place for place, texts in enumerate(before.code_texts)}
        return RowIndex(
            key=before.key,
            ids=[*map(before.ids.__getitem__, found.stayed), *(unit.sor_id for unit in new)],
            digests=b"".join(
                [*map(digests.__getitem__, found.stayed), *(row.digest for row in found.new)]
            ),
            parents=[
                *map(before.parents.__getitem__, found.stayed),
                *(unit.parent_id for unit in new),
            ],
            last_days=[
                *map(before.last_days.__getitem__, found.stayed),
                *(unit.days.get("to") for unit in new),
            ],
            said=[
                *map(before.said.__getitem__, found.stayed),
                *(said.setdefault(unit.code_texts, len(said)) for unit in new),
            ],
            code_texts=list(said),
            ways={**before.ways, **self._reader.list_ways()},
            mentioned=[],
        )

    def _find_touched(self) -> set[SorId]:
        """The units of new rows, those without a row above a changed one, and all below them."""
        rows = self._rows
        parents = (*self._left.values(), *(row.unit.parent_id for row in self._new.values()))
        rowless = {parent for parent in parents if parent is not None} - rows.starts.keys()
        # A row that is gone may stand above others; where it does not, nothing is to be told of it.
        gone = self._left.keys() - rows.starts.keys()
        rowless = (rowless - gone) | (gone & rows.mentioned.keys())
        if not rowless.union(self._before.mentioned) <= rows.mentioned.keys():
            raise UnsureError("nothing tells any more of a unit without a row")
        found = {*self._new, *_list_mentioned_above(rowless, rows.mentioned)}
        reached = found
        while reached := rows.find_below(reached) - found:
            found |= reached
        return found


def _list_mentioned_above(
    starts: Iterable[SorId], mentioned: Mapping[SorId, StatedUnit]
) -> Iterator[SorId]:
    """These units without a row, and those above them."""
    for start in starts:
        here: SorId | None = start
        while here is not None and here in mentioned:
            yield here
            here = mentioned[here].parent_id
