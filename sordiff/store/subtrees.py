"""The subtrees or rows of the last accepted snapshot: kept, so that they need not be read again."""

from array import array
from collections.abc import Iterable, Sequence
from functools import partial
from sqlite3 import Connection
from typing import Final

import msgspec

from sordiff.changelog.state import Index
from sordiff.model import SorId
from sordiff.row_index import KnownRows, RowIndex
from sordiff.store.values import write_values
from sordiff.subtrees import TREE_ROOT, KnownSubtrees, Subtree, SubtreeChanges

_ROWS: Final = msgspec.msgpack.Decoder(RowIndex)
_SIZES: Final = msgspec.msgpack.Decoder(list[int])
_ENCODER: Final = msgspec.msgpack.Encoder()
# Rows that are taken out of the changelog together.
_AT_ONCE: Final = 1_000


class StoredIndex:
    """The index as it stands in the changelog; digests and pieces are loaded when asked for."""

    def __init__(self, connection: Connection, root: bytes, units: int) -> None:
        """Nothing is loaded yet."""
        self._connection = connection
        self.root = root
        self.unit_count = units

    def load_known(self) -> KnownSubtrees:
        """All of them; asked for while the file is being hashed."""
        query = "SELECT digest, row, below, ifnull(leaves, ?) FROM subtrees"
        rows = self._connection.execute(query, [TREE_ROOT])
        return KnownSubtrees(iter(lambda: rows.fetchmany(_AT_ONCE), []))

    def load_sizes(self) -> Sequence[int]:
        """The sizes of the subtrees of the last accepted snapshot, in the order of the file."""
        (sizes,) = self._connection.execute("SELECT sizes FROM subtree_index").fetchone()
        return array("q", [] if sizes is None else _SIZES.decode(sizes))

    def subtrees(self, rows: Iterable[int]) -> list[Subtree]:
        """The subtrees kept in these rows."""
        query = "SELECT digest, below, leaves, pieces FROM subtrees WHERE row = ?"
        found = (self._connection.execute(query, [row]).fetchone() for row in rows)
        return [Subtree(digest, below, leaves, pieces) for digest, below, leaves, pieces in found]

    def find_owner_after(self, row: int) -> SorId | None:
        """The owner that is open at the end of the subtree of a row."""
        query = "SELECT leaves FROM subtrees WHERE row = ?"
        (owner,) = self._connection.execute(query, [row]).fetchone()
        return None if owner is None else SorId(owner)

    def has_any(self, ids: Iterable[SorId]) -> bool:
        """Whether the last accepted snapshot had one of these ids."""
        query = "SELECT 1 FROM units WHERE sor_id IN (SELECT value FROM json_each(?)) LIMIT 1"
        return self._connection.execute(query, [write_values(ids)]).fetchone() is not None


def _has_unit(connection: Connection, sor_id: SorId) -> bool:
    """Whether the last accepted snapshot had this id."""
    query = "SELECT 1 FROM units WHERE sor_id = ?"
    return connection.execute(query, [sor_id]).fetchone() is not None


class SqliteIndex(Index):
    """Index in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, run_id: int, units: int) -> StoredIndex | KnownRows | None:
        rows = self._read_rows(run_id)
        if rows is not None:
            return rows
        found = self._connection.execute("SELECT run_id, root FROM subtree_index").fetchone()
        if found is None or found[0] != run_id:
            return None
        return StoredIndex(self._connection, found[1], units)

    def _read_rows(self, run_id: int) -> KnownRows | None:
        query = "SELECT rows FROM row_index WHERE run_id = ?"
        found = self._connection.execute(query, [run_id]).fetchone()
        if found is None:
            return None
        return KnownRows(rows=_ROWS.decode(found[0]), has_unit=partial(_has_unit, self._connection))

    def write(self, run_id: int, changes: SubtreeChanges | RowIndex | None) -> None:
        self._connection.execute("DELETE FROM subtree_index")
        self._connection.execute("DELETE FROM row_index")
        if isinstance(changes, RowIndex):
            row = [run_id, _ENCODER.encode(changes)]
            self._connection.execute("INSERT INTO row_index VALUES (?, ?)", row)
            changes = None
        if changes is None or changes.replaces_all:
            self._connection.execute("DELETE FROM subtrees")
        if changes is None:
            return
        row = [run_id, changes.root, _ENCODER.encode(list(changes.sizes))]
        self._connection.execute("INSERT INTO subtree_index VALUES (?, ?, ?)", row)
        self._write_subtrees(changes.removed_rows, changes.added)

    def _write_subtrees(self, removed: Sequence[int], added: Sequence[Subtree]) -> None:
        """What comes takes the rows of what goes: each page is then written once."""
        columns = [
            (come.digest, come.owner_before, come.owner_after, come.pieces) for come in added
        ]
        changed = min(len(removed), len(added))
        self._connection.executemany(
            "UPDATE subtrees SET digest = ?, below = ?, leaves = ?, pieces = ? WHERE row = ?",
            ((*of_row, row) for of_row, row in zip(columns, removed, strict=False)),
        )
        self._connection.executemany(
            "DELETE FROM subtrees WHERE row = ?", ((row,) for row in removed[changed:])
        )
        self._connection.executemany(
            "INSERT INTO subtrees (digest, below, leaves, pieces) VALUES (?, ?, ?, ?)",
            columns[changed:],
        )
