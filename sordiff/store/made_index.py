"""An index of one register in memory: SQLite's full-text search, the tree, and what units share.

Units stand in ranks: open ones first, in the order of the Danish alphabet. Between two ranks there
is room, so that a unit that changed gets a new rank, and nothing else moves. What stood at its old
rank stays there dead: of a text alone that SQLite does not keep, nothing can be taken back.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sordiff.changelog.identity import identify_run
from sordiff.changelog.register_index import PlacedUnit, SharedValues
from sordiff.model import Day, Kind, SorId, State
from sordiff.store.index_tables import (
    BURY,
    COLLECT,
    COUNT_ABOVE,
    COUNT_BELOW,
    HEIRS,
    LOOK_UPS,
    PLACE,
    PLACE_ALL,
    SCHEMA,
    UNSORTED,
    WRITE,
    WRITE_ALL,
)
from sordiff.store.index_texts import (
    build_sort_key,
    fold_address,
    fold_numbers,
    split_words,
    write_beginnings,
    write_number,
)
from sordiff.store.shared_values import hash_values, write_sharing

if TYPE_CHECKING:
    from sordiff.brief_unit import IndexedUnit
    from sordiff.report import RecordedRun

_STEP: Final = 2**32
# The ranks of the units that are not open begin behind those of all that are.
_CLOSED: Final = 2**60
_LARGEST_RANK: Final = 2**62
# A database in memory that is one piece, and goes back to the system whole. Of ":memory:" each page
# is a piece of its own: what was allocated between them kept memory back, each night some more.
_IN_ONE_PIECE: Final = "file:register?vfs=memdb"


class NoRoom(Exception):  # no error: the index is made anew
    """Between two ranks there is none left."""


class MadeIndex:
    """An index of one state of the register, asked and brought forward by several threads."""

    def __init__(self, run: RecordedRun | None, units: Iterable[IndexedUnit]) -> None:
        """`run`: the accepted run that led to this register; None where it is empty."""
        self.run = run
        self.mark: Hashable = identify_run(run)
        self.dead = 0
        self.units = 0
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            _IN_ONE_PIECE, uri=True, isolation_level=None, check_same_thread=False
        )
        self._connection.executescript(SCHEMA)
        self._day = Day("") if run is None else run.header.snapshot_date
        self._fill(units)
        self._connection.executescript(LOOK_UPS)
        self._connection.execute(COUNT_BELOW)

    def search(self, text: str, most: int) -> list[SorId]:
        words = split_words(text)
        found = list(self._match(write_number(words), (1, _LARGEST_RANK), most))
        for band in () if found else ((1, _CLOSED), (_CLOSED + 1, _LARGEST_RANK)):
            for expression in write_beginnings(words):
                if len(found) < most:
                    found += self._match(expression, band, most)
        return list(dict.fromkeys(found))[:most]

    def list_placed(self, condition: str, parameters: list[object]) -> list[PlacedUnit]:
        query = f"SELECT sor_id, below, open_below FROM placed WHERE {condition}"  # noqa: S608  # the condition is ours
        return [
            PlacedUnit(sor_id=SorId(sor_id), below=below, open_below=open_below)
            for sor_id, below, open_below in self._read(query, parameters)
        ]

    def count_owners(self) -> int:
        query = "SELECT count(*) FROM placed WHERE parent_id IS NULL AND sor_id IS NOT NULL"
        [(count,)] = self._read(query, [])
        return int(count)

    def list_heirs(self, sor_id: SorId) -> list[SorId]:
        return [SorId(found) for (found,) in self._read(HEIRS, {"id": sor_id})]

    def find_sharing(self, values: SharedValues, first: str, last: str) -> set[SorId]:
        found: set[SorId] = set()
        for query, parameters in write_sharing(values, first, last):
            found.update(SorId(sor_id) for (sor_id,) in self._read(query, parameters))
        return found

    def find_numbered(self, number: str) -> list[SorId]:
        return list(self._match(write_number(split_words(number)), (1, _LARGEST_RANK), -1))

    def copy(self, run: RecordedRun) -> MadeIndex:
        """The same to be brought forward to the register of a later run, while this one answers."""
        copied = MadeIndex(run, ())
        copied.units, copied.dead = self.units, self.dead
        with self._lock:
            self._connection.backup(copied._connection)
        copied._connection.execute("BEGIN")
        return copied

    def settle(self) -> None:
        """End to bring it forward: from now on it answers."""
        self._connection.execute("COMMIT")

    def take_away(self, ids: Iterable[SorId]) -> None:
        """Take these units away. All that changed are, before the first is placed anew."""
        for sor_id in ids:
            self._take_away(sor_id)

    def place(self, units: Iterable[IndexedUnit]) -> None:
        """Place units that are not there; NoRoom where the names of too many stand together."""
        for unit in units:
            self._place_anew(unit, is_open=unit.state(self._day) is State.OPEN)

    def _take_away(self, sor_id: SorId) -> None:
        query = "SELECT rank, parent_id, is_open, below, open_below FROM placed WHERE sor_id = ?"
        found = self._connection.execute(query, [sor_id]).fetchone()
        if found is None:
            return
        rank, parent_id, is_open, below, open_below = found
        self._count_above(parent_id, -1 - below, -is_open - open_below)
        self._connection.execute(BURY, [rank])
        self.dead += 1
        self.units -= 1

    def _place_anew(self, unit: IndexedUnit, *, is_open: bool) -> None:
        sort_key = build_sort_key(unit.name)
        row = _build_row(self._find_room(sort_key, is_open=is_open), unit, sort_key, is_open)
        self._connection.execute(PLACE, row)
        self._connection.execute(WRITE, _build_texts(row[0], unit))
        # What is below it may have been placed before it.
        below, open_below = self._connection.execute(
            "SELECT count(*) + coalesce(sum(below), 0),"
            " coalesce(sum(is_open), 0) + coalesce(sum(open_below), 0)"
            " FROM placed WHERE parent_id = ?",
            [unit.sor_id],
        ).fetchone()
        self._count_above(unit.sor_id, below, open_below)
        self._count_above(_find_parent(unit), 1, int(is_open))
        self.units += 1

    def _count_above(self, sor_id: SorId | None, below: int, open_below: int) -> None:
        """Add to a unit and to all above it."""
        if sor_id is not None and (below or open_below):
            counts = {"id": sor_id, "below": below, "open": open_below}
            self._connection.execute(COUNT_ABOVE, counts)

    def _find_room(self, sort_key: str, *, is_open: bool) -> int:
        """A rank in the middle of those between which the name belongs."""
        before, after = (
            self._connection.execute(
                f"SELECT rank FROM placed WHERE is_open = ? AND sort_key {sign} ?"  # noqa: S608  # ours
                f" ORDER BY sort_key {way}, rank {way} LIMIT 1",
                [is_open, sort_key],
            ).fetchone()
            for sign, way in (("<=", "DESC"), (">", "ASC"))
        )
        begin = 0 if is_open else _CLOSED
        low = before[0] if before else begin
        high = after[0] if after else low + 2 * _STEP
        rank = (low + high) // 2
        if not (low < rank < high and begin < rank < (_CLOSED if is_open else _LARGEST_RANK)):
            raise NoRoom
        return int(rank)

    def _match(self, expression: str, band: tuple[int, int], most: int) -> Iterator[SorId]:
        """In the order of ranks, which stops as soon as there are enough."""
        if not expression:
            return iter(())
        rows = self._read(
            "SELECT sor_id FROM texts CROSS JOIN placed ON placed.rank = texts.rowid"
            " WHERE texts MATCH ? AND texts.rowid BETWEEN ? AND ? AND sor_id IS NOT NULL"
            " ORDER BY texts.rowid LIMIT ?",
            [expression, *band, most],
        )
        return (SorId(sor_id) for (sor_id,) in rows)

    def _read(self, query: str, parameters: Sequence[object] | Mapping[str, object]) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def _fill(self, units: Iterable[IndexedUnit]) -> None:
        """Write all units in the order of their ranks.

        They are sorted outside Python, of whose memory a heap of objects keeps most for good.
        """
        self._connection.execute("ATTACH ? AS unsorted", [_IN_ONE_PIECE])
        self._connection.execute(UNSORTED)
        self._connection.execute("BEGIN")
        self._connection.executemany(COLLECT, map(self._build_unsorted, units))
        ranks = {"step": _STEP, "closed": _CLOSED}
        self.units = self._connection.execute(PLACE_ALL, ranks).rowcount
        self._connection.execute(WRITE_ALL, ranks)
        self._connection.execute("COMMIT")
        self._connection.execute("DETACH unsorted")

    def _build_unsorted(self, unit: IndexedUnit) -> list[Any]:
        is_open = unit.state(self._day) is State.OPEN
        _, *row = _build_row(0, unit, build_sort_key(unit.name), is_open)
        _, *texts = _build_texts(0, unit)
        return [*row, *texts]


def _build_row(rank: int, unit: IndexedUnit, sort_key: str, is_open: bool) -> list[Any]:  # noqa: FBT001  # a column
    return [
        rank,
        unit.sor_id,
        sort_key,
        _find_parent(unit),
        is_open,
        unit.location_number is not None,
        unit.location_number_inherited,
        unit.first_from,
        *hash_values(unit),
    ]


def _build_texts(rank: int, unit: IndexedUnit) -> list[Any]:
    name = " ".join(split_words(unit.name or ""))
    return [rank, name, fold_numbers(unit), fold_address(unit.address)]


def _find_parent(unit: IndexedUnit) -> SorId | None:
    return None if unit.kind is Kind.OWNER else unit.parent_id
