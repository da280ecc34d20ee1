"""The index of the register in memory: SQLite's full-text search, and the tree.

It is not kept in the changelog: only a server needs it, every ingest would pay for it, and it is
made of the register in seconds. Who asks while a new night's index is made is answered by the old.
"""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from sordiff.brief_unit import IndexedUnit
from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.changelog.identity import identify_state
from sordiff.changelog.register_index import PlacedUnit, RegisterIndex
from sordiff.errors import SordiffError
from sordiff.model import Day, Kind, SorId, State
from sordiff.store.index_texts import (
    build_sort_key,
    fold_address,
    fold_numbers,
    split_words,
    write_beginnings,
    write_number,
)

_SCHEMA: Final = """
CREATE TABLE placed (
    rank INTEGER PRIMARY KEY, sor_id TEXT NOT NULL, parent_id TEXT, is_open INTEGER NOT NULL,
    has_number INTEGER NOT NULL, inherits INTEGER NOT NULL, below INTEGER NOT NULL,
    open_below INTEGER NOT NULL
);
CREATE VIRTUAL TABLE texts USING fts5 (
    name, numbers, address, content='', columnsize=0, prefix='1 2 3', tokenize='ascii'
);
"""
_TREE: Final = """
CREATE UNIQUE INDEX placed_by_id ON placed (sor_id);
CREATE INDEX placed_by_parent ON placed (parent_id, rank) WHERE parent_id IS NOT NULL;
CREATE INDEX owners ON placed (below DESC, rank) WHERE parent_id IS NULL;
INSERT INTO texts (texts) VALUES ('optimize');
"""
_HEIRS: Final = """
WITH RECURSIVE reached (id) AS (
    SELECT sor_id FROM placed WHERE parent_id = :id AND NOT has_number
    UNION ALL
    SELECT sor_id FROM reached JOIN placed ON parent_id = id AND NOT has_number
)
SELECT sor_id FROM reached JOIN placed ON sor_id = id WHERE inherits AND is_open ORDER BY rank
"""
_LARGEST_RANK: Final = 2**62


class SqliteRegisterIndex(RegisterIndex):
    """Made when it is first asked, and anew where the register is another."""

    def __init__(self, changelog: QueryableChangelog) -> None:
        self._changelog = changelog
        self._lock = threading.Lock()
        self._made: _MadeIndex | None = None
        self._making: threading.Thread | None = None

    def read_mark(self) -> Hashable:
        made = self._made
        return None if made is None else made.mark

    def search(self, session: QuerySession, text: str, most: int) -> list[SorId]:
        return self._find(session).search(text, most)

    def list_owners(self, session: QuerySession, skip: int, most: int) -> list[PlacedUnit]:
        return self._find(session).list_placed(
            "parent_id IS NULL ORDER BY below DESC, rank LIMIT ? OFFSET ?", [most, skip]
        )

    def count_owners(self, session: QuerySession) -> int:
        return self._find(session).count_owners()

    def list_children(self, session: QuerySession, sor_id: SorId) -> list[PlacedUnit]:
        return self._find(session).list_placed("parent_id = ? ORDER BY rank", [sor_id])

    def list_heirs(self, session: QuerySession, sor_id: SorId) -> list[SorId]:
        return self._find(session).list_heirs(sor_id)

    def prepare(self) -> None:
        """Begin to make the index; who asks before it is there waits for it."""
        self._making = threading.Thread(target=self._make_first, daemon=True)
        self._making.start()

    def close(self) -> None:
        """Wait for an index that is being made."""
        making = self._making
        if making is not None:
            making.join()

    def _find(self, session: QuerySession) -> "_MadeIndex":
        """The index of the register of this session, or for a moment that of the night before."""
        made = self._made
        if made is not None:
            if made.mark != identify_state(session):
                self._make_beside()
            return made
        with self._lock:
            if self._made is None:
                self._made = _make_index(session)
            return self._made

    def _make_beside(self) -> None:
        with self._lock:
            if self._making is None or not self._making.is_alive():
                self._making = threading.Thread(target=self._make_anew, daemon=True)
                self._making.start()

    def _make_first(self) -> None:
        # What fails here fails for the first who asks, too, and is told to him.
        with suppress(SordiffError), self._changelog.open_to_query() as session:
            self._find(session)

    def _make_anew(self) -> None:
        with suppress(SordiffError), self._changelog.open_to_query() as session:
            self._made = _make_index(session)


class _MadeIndex:
    """An index in memory, made once and then only read."""

    def __init__(self, mark: Hashable, day: Day, units: Iterable[IndexedUnit]) -> None:
        self.mark = mark
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.executescript(_SCHEMA)
        self._open = self._fill(day, units)
        self._connection.executescript(_TREE)

    def search(self, text: str, most: int) -> list[SorId]:
        words = split_words(text)
        found = list(self._match(write_number(words), (1, _LARGEST_RANK), most))
        for band in () if found else self._bands():
            for expression in write_beginnings(words):
                if len(found) < most:
                    found += self._match(expression, band, most)
        return self._read_ids(list(dict.fromkeys(found))[:most])

    def list_placed(self, condition: str, parameters: list[object]) -> list[PlacedUnit]:
        query = f"SELECT sor_id, below, open_below FROM placed WHERE {condition}"  # noqa: S608  # the condition is ours
        return [
            PlacedUnit(sor_id=SorId(sor_id), below=below, open_below=open_below)
            for sor_id, below, open_below in self._read(query, parameters)
        ]

    def count_owners(self) -> int:
        [(count,)] = self._read("SELECT count(*) FROM placed WHERE parent_id IS NULL", [])
        return int(count)

    def list_heirs(self, sor_id: SorId) -> list[SorId]:
        return [SorId(found) for (found,) in self._read(_HEIRS, {"id": sor_id})]

    def _bands(self) -> list[tuple[int, int]]:
        """The ranks of the open units, and of all others."""
        return [(1, self._open), (self._open + 1, _LARGEST_RANK)]

    def _match(self, expression: str, band: tuple[int, int], most: int) -> Iterator[int]:
        """In the order of ranks, which stops as soon as there are enough."""
        if not expression:
            return iter(())
        rows = self._read(
            "SELECT rowid FROM texts WHERE texts MATCH ? AND rowid BETWEEN ? AND ?"
            " ORDER BY rowid LIMIT ?",
            [expression, *band, most],
        )
        return (rank for (rank,) in rows)

    def _read_ids(self, ranks: list[int]) -> list[SorId]:
        query = "SELECT sor_id FROM placed WHERE rank = ?"
        return [SorId(self._read(query, [rank])[0][0]) for rank in ranks]

    def _read(
        self, query: str, parameters: list[object] | list[int] | dict[str, object]
    ) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def _fill(self, day: Day, units: Iterable[IndexedUnit]) -> int:
        """Write all units in the order of their ranks; the answer is how many of them are open."""
        ranked = sorted(
            (unit.state(day) is not State.OPEN, build_sort_key(unit.name), unit.sor_id, unit)
            for unit in units
        )
        below = _count_below(
            (unit.sor_id, unit.parent_id, not closed) for closed, _, _, unit in ranked
        )
        self._connection.execute("BEGIN")
        for rank, (closed, _, sor_id, unit) in enumerate(ranked, 1):
            self._connection.execute(
                "INSERT INTO placed VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    rank,
                    sor_id,
                    None if unit.kind is Kind.OWNER else unit.parent_id,
                    not closed,
                    unit.location_number is not None,
                    unit.location_number_inherited,
                    *below[unit.sor_id],
                ],
            )
            self._connection.execute(
                "INSERT INTO texts (rowid, name, numbers, address) VALUES (?, ?, ?, ?)",
                [
                    rank,
                    " ".join(split_words(unit.name or "")),
                    fold_numbers(unit),
                    fold_address(unit.address),
                ],
            )
        self._connection.execute("COMMIT")
        return sum(not closed for closed, *_ in ranked)


def _make_index(session: QuerySession) -> _MadeIndex:
    last = session.runs.find_last_accepted()
    day = Day("") if last is None else last.header.snapshot_date
    return _MadeIndex(identify_state(session), day, session.search.iterate_to_index())


def _count_below(
    units: Iterable[tuple[SorId, SorId | None, bool]],
) -> dict[SorId, tuple[int, int]]:
    """For each unit how many are below it at all levels, and how many of these are open."""
    parents: dict[SorId, SorId | None] = {}
    counts: defaultdict[SorId, list[int]] = defaultdict(lambda: [0, 0])
    opened: set[SorId] = set()
    for sor_id, parent_id, is_open in units:
        parents[sor_id] = parent_id
        if is_open:
            opened.add(sor_id)
    for sor_id, parent_id in parents.items():
        above = parent_id
        while above is not None:
            counts[above][0] += 1
            counts[above][1] += sor_id in opened
            above = parents.get(above)
    return {sor_id: (counts[sor_id][0], counts[sor_id][1]) for sor_id in parents}
