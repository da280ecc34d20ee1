"""People's own lists, each as one JSON document beside its name."""

from sqlite3 import Connection
from typing import Final

import msgspec
from msgspec.structs import replace

from sordiff.changelog.kept_lists import KeptLists
from sordiff.reconcile.kept_list import KeptList

_DECODER: Final = msgspec.json.Decoder(KeptList)


class SqliteKeptLists(KeptLists):
    """KeptLists in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, kept: KeptList) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO kept_lists (name, list, told_run) VALUES (?, ?, ?)",
            [kept.name, msgspec.json.encode(replace(kept, told_run=None)).decode(), kept.told_run],
        )

    def find(self, name: str) -> KeptList | None:
        row = self._connection.execute(
            "SELECT list, told_run FROM kept_lists WHERE name = ?", [name]
        ).fetchone()
        return None if row is None else replace(_DECODER.decode(row[0]), told_run=row[1])

    def list_names(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM kept_lists ORDER BY name")
        return [name for (name,) in rows]

    def remove(self, name: str) -> bool:
        done = self._connection.execute("DELETE FROM kept_lists WHERE name = ?", [name])
        return done.rowcount > 0

    def mark_told(self, name: str, run_id: int) -> None:
        self._connection.execute(
            "UPDATE kept_lists SET told_run = ? WHERE name = ?", [run_id, name]
        )
