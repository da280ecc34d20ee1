"""The units of a daily file whose rows the last accepted file has not, and the units below them.

What a unit has of its own also depends on the units above it, so that all units below a touched
one are built anew. If anything is unusual (a SOR id twice, a row with a problem, days written in
another way), UnsureError sends the file to the plain road.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import Final

from msgspec.structs import replace

from sordiff.gaps.gaps import Gaps
from sordiff.model import Header, SorId
from sordiff.row_index import KnownRows, RowIndex
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.snapshot import SnapshotContent, TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.code_texts import note_code_texts
from sordiff.snapshot.tables.compared_rows import ComparedRows
from sordiff.snapshot.tables.placed_rows import PlacedRows, ReadRow
from sordiff.snapshot.tables.stated_register import build_unit
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile

# The place of a row that was read already.
_NOWHERE: Final = -1


class TouchedRows:
    """A table set against the index of the last accepted one; used once."""

    def __init__(
        self,
        table: TableFile,
        known: KnownRows,
        rows: ComparedRows,
        read_row: ReadRow,
        *,
        is_complete: bool = False,
    ) -> None:
        """UnsureError if the plain road must read the file.

        `rows`: as they were compared with the known ones; `read_row` reads those that stayed, by
        their places. `is_complete`: closed units have rows, too.
        """
        self._table, self._known, self._is_complete = table, known, is_complete
        self._before = known.rows
        self._new = {unit.sor_id: unit for unit in rows.new}
        self.index = self._build_index(rows)
        where = chain(rows.places, repeat(_NOWHERE, len(rows.new)))
        places = dict(zip(self.index.ids, where, strict=True))
        if len(places) != len(self.index.ids) or not 0 < len(places) <= MAX_UNITS:
            raise UnsureError("one SOR id twice, no unit, or too many")
        before = self._before
        self._left = {before.ids[row]: before.parents[row] for row in rows.gone}
        self._rows = PlacedRows(read_row, places, self.index.parents, self._new)
        self.index = replace(self.index, mentioned=[*self._rows.mentioned])

    def read(self, build_header: Callable[[], Header]) -> SnapshotContent:
        """The touched units of the day; UnsureError if the plain road must read the file."""
        rows = self._rows
        # In a table of states a unit without a row may keep others that have none any more.
        if self._is_complete and (rows.mentioned or self._before.mentioned):
            raise UnsureError("units without a row")
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
            index=self.index if self.index.digests else None,
            lists=texts.build_lists(),
            gaps=Gaps(
                leaves_out_closed=not self._is_complete,
                mentioned=mentioned,
                said_below={i: unit.say_blocks() for i, unit in rows.mentioned.items()},
                several_texts=texts.find_several(),
                with_rows=rows.places.keys(),
                without_row=self._left.keys() - rows.places.keys(),
            ),
        )

    def _build_index(self, rows: ComparedRows) -> RowIndex:
        """The index of this file: the entries of the rows that stayed, and of the new ones."""
        before, new, stayed = self._before, rows.new, rows.stayed
        said = {texts: place for place, texts in enumerate(before.code_texts)}
        return RowIndex(
            key=before.key,
            ids=[*map(before.ids.__getitem__, stayed), *(unit.sor_id for unit in new)],
            digests=rows.digests,
            parents=[*map(before.parents.__getitem__, stayed), *(unit.parent_id for unit in new)],
            said=[
                *map(before.said.__getitem__, stayed),
                *(said.setdefault(unit.code_texts, len(said)) for unit in new),
            ],
            code_texts=list(said),
            ways=rows.ways,
            mentioned=[],
        )

    def _find_touched(self) -> set[SorId]:
        """The units of new rows, those without a row above a changed one, and all below them."""
        rows = self._rows
        parents = (*self._left.values(), *(unit.parent_id for unit in self._new.values()))
        rowless = {parent for parent in parents if parent is not None} - rows.places.keys()
        # A row that is gone may stand above others; where it does not, nothing is to be told of it.
        gone = self._left.keys() - rows.places.keys()
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
