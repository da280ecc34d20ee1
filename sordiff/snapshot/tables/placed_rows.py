"""A table whose rows are known by their places: what a row states is read when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from typing import Final

from sordiff.model import SorId
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.stated_register import Mentions
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile

_NOTHING: Final[Mapping[SorId, StatedUnit]] = {}


class RowSource:
    """Reads the row of a unit by its place; UnsureError if it has a problem."""

    def __init__(
        self, table: TableFile, reader: RowUnits, find_start: Callable[[int], int] | None = None
    ) -> None:
        """`find_start`: where the row of a place begins; None: the place is where it begins."""
        self._table, self._reader, self._find_start = table, reader, find_start

    def read(self, place: int) -> StatedUnit:
        """What the row states."""
        start = place if self._find_start is None else self._find_start(place)
        row = self._table.read_row(0, start, start)
        head = self._reader.read_head(row)
        if head is None or self._table.problems:
            raise UnsureError("a row with a problem")
        unit = self._reader.read(row, head)
        unit.settle_parent()
        return unit


class PlacedRows(Mapping[SorId, StatedUnit]):
    """The units with rows, and those that are only mentioned, as they are stated."""

    def __init__(
        self,
        source: RowSource,
        places: Mapping[SorId, int],
        parents: Sequence[SorId | None],
        read: Mapping[SorId, StatedUnit] = _NOTHING,
    ) -> None:
        """`places`: of the row of each unit; `parents`: its parent, in the same order.

        `read`: the units that were read already, whose place nobody asks for.
        """
        self.places = places
        self._parents = parents
        self._source = source
        self._read = dict(read)

    def __getitem__(self, sor_id: SorId) -> StatedUnit:
        unit = self._read.get(sor_id)
        if unit is None:
            place = self.places.get(sor_id)
            unit = self.mentioned[sor_id] if place is None else self._source.read(place)
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
        return {sor_id for sor_id, parent_id in self._iterate_parents() if parent_id in above}

    def _iterate_parents(self) -> Iterator[tuple[SorId, SorId | None]]:
        mentioned = ((sor_id, unit.parent_id) for sor_id, unit in self.mentioned.items())
        return chain(zip(self.places, self._parents, strict=True), mentioned)

    @cached_property
    def _parent_of(self) -> dict[SorId, SorId | None]:
        return dict(self._iterate_parents())

    def require_tree(self, starts: Iterable[SorId]) -> None:
        """UnsureError if any of these units stands below itself, or below a unit that does."""
        parents, done = self._parent_of, set[SorId | None]([None])
        for start in starts:
            if parents[start] in done:  # most rows stand behind that of their parent
                done.add(start)
                continue
            path = set[SorId]()
            here: SorId | None = start
            while here not in done and here is not None:
                if here in path:
                    raise UnsureError("a unit below itself")
                path.add(here)
                here = parents[here]
            done |= path
