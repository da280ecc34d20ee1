"""A table whose rows are known by their places: what a row states is read when it is asked for."""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain, compress, repeat
from operator import ge
from typing import Final, TypeAlias, cast

from sordiff.model import SorId
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.mentions import Mentions
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile

# What the row of this place states.
ReadRow: TypeAlias = Callable[[int], StatedUnit]

# The place of a unit, or what stands for it where there is none.
_FindPlace: TypeAlias = Callable[[SorId | None, int], int]
# The place of a unit without a row: behind all rows.
_BEHIND: Final = sys.maxsize
_NOTHING: Final[Mapping[SorId, StatedUnit]] = {}


def bind_row_reader(
    table: TableFile, reader: RowUnits, find_start: Callable[[int], int] | None = None
) -> ReadRow:
    """Reads the row of a unit by its place; UnsureError if it has a problem.

    `find_start`: where the row of a place begins; None: the place is where it begins.
    """

    def read_row(place: int) -> StatedUnit:
        start = place if find_start is None else find_start(place)
        # A row of several lines is split by csv, to its own end.
        end = table.content.find(b"\n", start) + 1
        row = table.read_row(0, start, end)
        head = reader.read_head(row)
        if head is None or table.problems:
            raise UnsureError("a row with a problem")
        unit = reader.read(row, head)
        unit.settle_parent()
        return unit

    return read_row


class PlacedRows(Mapping[SorId, StatedUnit]):
    """The units with rows, and those that are only mentioned, as they are stated."""

    def __init__(
        self,
        read_row: ReadRow,
        places: Mapping[SorId, int],
        parents: Sequence[SorId | None],
        read: Mapping[SorId, StatedUnit] = _NOTHING,
    ) -> None:
        """`places`: of the row of each unit; `parents`: its parent, in the same order.

        `read`: the units that were read already, whose place nobody asks for.
        """
        self.places = places
        self._parents = parents
        self._read_row = read_row
        self._read = dict(read)

    def __getitem__(self, sor_id: SorId) -> StatedUnit:
        unit = self._read.get(sor_id)
        if unit is None:
            place = self.places.get(sor_id)
            unit = self.mentioned[sor_id] if place is None else self._read_row(place)
            self._read[sor_id] = unit
        return unit

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self.places or sor_id in self.mentioned

    def __iter__(self) -> Iterator[SorId]:
        yield from self.places
        yield from self.mentioned

    def __len__(self) -> int:
        return len(self.places) + len(self.mentioned)

    @cached_property
    def mentioned(self) -> Mapping[SorId, StatedUnit]:
        """The parents without a row, as the rows below them speak of them."""
        rowless = {*self._parents} - self.places.keys() - {None}
        below: dict[SorId, list[StatedUnit]] = {}
        if rowless:
            for sor_id, parent_id in zip(self.places, self._parents, strict=True):
                if parent_id is not None and parent_id in rowless:
                    below.setdefault(parent_id, []).append(self[sor_id])
        return Mentions(self.places, below).stated

    @cached_property
    def children(self) -> Mapping[SorId | None, list[SorId]]:
        """The units directly below each unit, in any order."""
        below: dict[SorId | None, list[SorId]] = {}
        for sor_id, parent_id in self._iterate_parents():
            if parent_id in below:
                below[parent_id].append(sor_id)
            else:
                below[parent_id] = [sor_id]
        return below

    def find_below(self, above: AbstractSet[SorId]) -> set[SorId]:
        """The units directly below any of these."""
        found = {*compress(self.places, map(above.__contains__, self._parents))}
        mentioned = self.mentioned.items()
        return found | {sor_id for sor_id, unit in mentioned if unit.parent_id in above}

    def _iterate_parents(self) -> Iterator[tuple[SorId, SorId | None]]:
        mentioned = ((sor_id, unit.parent_id) for sor_id, unit in self.mentioned.items())
        return chain(zip(self.places, self._parents, strict=True), mentioned)

    @cached_property
    def _parent_of(self) -> dict[SorId, SorId | None]:
        return dict(self._iterate_parents())

    def require_tree(self, starts: Collection[SorId]) -> None:
        """UnsureError if any of these units stands below itself, or below a unit that does."""
        if not starts:
            return
        parents, done = self._parent_of, set[SorId | None]([None])
        for start in starts:
            path = set[SorId]()
            here: SorId | None = start
            while here not in done and here is not None:
                if here in path:
                    raise UnsureError("a unit below itself")
                path.add(here)
                here = parents[here]
            done |= path

    def list_ahead_of_parent(self) -> list[SorId]:
        """The units whose row does not stand behind that of their parent: each ring has one.

        The places must grow with the rows.
        """
        find = cast("_FindPlace", self.places.get)
        above = map(find, self._parents, repeat(_BEHIND))
        rows = zip(self.places, self._parents, strict=True)
        ahead = compress(rows, map(ge, above, self.places.values()))
        return [*(sor_id for sor_id, parent in ahead if parent is not None), *self.mentioned]
