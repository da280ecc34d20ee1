"""The notices of the changelog: written with the change they tell, sent later, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING

from sordiff.changelog.recording import Notices

if TYPE_CHECKING:
    from sordiff.changelog.records import KeptNotice


class SqliteNotices(Notices):
    """Notices in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, kept: KeptNotice) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO notices (run_id, kind, notice, at) VALUES (?, ?, ?, ?)",
            [kept.run_id, kept.kind, kept.notice, kept.at],
        )

    def find_last(self, kinds: Sequence[str]) -> str | None:
        places = ", ".join("?" * len(kinds))
        query = f"SELECT notice FROM notices WHERE kind IN ({places}) ORDER BY id DESC LIMIT 1"  # noqa: S608  # places alone
        row = self._connection.execute(query, list(kinds)).fetchone()
        return None if row is None else str(row[0])

    def list_unsent(self) -> list[tuple[int, str]]:
        return self._connection.execute(
            "SELECT id, notice FROM notices WHERE sent_at IS NULL ORDER BY id"
        ).fetchall()

    def count_unsent(self) -> int:
        query = "SELECT count(*) FROM notices WHERE sent_at IS NULL"
        return int(self._connection.execute(query).fetchone()[0])

    def claim(self, numbers: Iterable[int], now: str, until: str) -> list[int]:
        query = (
            "UPDATE notices SET claimed_until = ? WHERE id = ? AND sent_at IS NULL"
            " AND (claimed_until IS NULL OR claimed_until <= ?)"
        )
        return [
            number
            for number in numbers
            if self._connection.execute(query, [until, number, now]).rowcount
        ]

    def unclaim(self, numbers: Iterable[int], until: str) -> None:
        self._connection.executemany(
            "UPDATE notices SET claimed_until = NULL WHERE id = ? AND claimed_until = ?",
            ((number, until) for number in numbers),
        )

    def mark_sent(self, numbers: Iterable[int], at: str) -> None:
        self._connection.executemany(
            "UPDATE notices SET sent_at = ? WHERE id = ?", ((at, number) for number in numbers)
        )
