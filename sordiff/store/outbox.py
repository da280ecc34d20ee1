"""The outbox of the changelog: written with what it tells, sent later, marked when it has arrived.

A row of kind `run` is a whole accepted run; `state` is one that was recorded with --no-publish, of
which nothing is told but the state that it left; `whole state` has the state topics written anew;
any other kind is one message beside the events.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from sqlite3 import Connection
from typing import Final

from sordiff.changelog.publishing import Outbox
from sordiff.changelog.records import OutboxRow
from sordiff.report import Unpublished

_COLUMNS: Final = (
    "outbox.id, run_id, outbox.kind, message, outbox.recorded_at, attempted_at, source"
)


class SqliteOutbox(Outbox):
    """Outbox in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, run_id: int, kind: str, recorded_at: str, message: str | None = None) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO outbox (run_id, kind, message, recorded_at) VALUES (?, ?, ?, ?)",
            [run_id, kind, message, recorded_at],
        )

    def queue_anew(self, run_id: int, kind: str, recorded_at: str) -> None:
        self._connection.execute("DELETE FROM outbox WHERE run_id = ? AND kind = ?", [run_id, kind])
        self.queue(run_id, kind, recorded_at)

    def list_waiting(self) -> list[OutboxRow]:
        return self._rows("published_at IS NULL")

    def list_published(self, kinds: AbstractSet[str]) -> list[OutboxRow]:
        return [row for row in self._rows("published_at IS NOT NULL") if row.kind in kinds]

    def _rows(self, condition: str) -> list[OutboxRow]:
        names = OutboxRow.__struct_fields__
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM outbox JOIN runs ON runs.id = run_id"  # noqa: S608  # ours
            f" WHERE {condition} ORDER BY outbox.id"
        )
        return [OutboxRow(**dict(zip(names, row, strict=True))) for row in rows]

    def find_published_at(self, run_id: int, kind: str) -> str | None:
        query = "SELECT published_at FROM outbox WHERE run_id = ? AND kind = ?"
        row = self._connection.execute(query, [run_id, kind]).fetchone()
        return None if row is None else row[0]

    def mark_attempted(self, numbers: Iterable[int], at: str) -> None:
        self._connection.executemany(
            "UPDATE outbox SET attempted_at = ? WHERE id = ?", ((at, number) for number in numbers)
        )

    def mark_published(self, numbers: Iterable[int], at: str) -> None:
        self._connection.executemany(
            "UPDATE outbox SET published_at = ? WHERE id = ?", ((at, number) for number in numbers)
        )

    def withhold(self, run_id: int) -> None:
        self._connection.execute("UPDATE runs SET publish = 0 WHERE id = ?", [run_id])
        self._connection.execute(
            "UPDATE outbox SET kind = 'state' WHERE run_id = ? AND kind = 'run'", [run_id]
        )
        self._connection.execute(
            "DELETE FROM outbox WHERE run_id = ? AND published_at IS NULL"
            " AND kind NOT IN ('state', 'whole state')",
            [run_id],
        )

    def mark_beyond_events(self, run_id: int) -> None:
        self._connection.execute(
            "UPDATE outbox SET beyond_events = 1 WHERE run_id = ? AND kind = 'run'", [run_id]
        )

    def is_beyond_events(self, run_id: int) -> bool:
        (said,) = self._connection.execute(
            "SELECT EXISTS (SELECT 1 FROM outbox"
            " WHERE run_id = :run AND kind = 'run' AND beyond_events)"
            " OR EXISTS (SELECT 1 FROM outbox WHERE kind = 'state' AND run_id < :run AND run_id >"
            " (SELECT coalesce(max(run_id), 0) FROM outbox WHERE kind = 'run' AND run_id < :run))",
            {"run": run_id},
        ).fetchone()
        return bool(said)

    def mark_silent(self, last_run: int, at: str) -> None:
        self._connection.execute(
            "UPDATE outbox SET published_at = ?"
            " WHERE kind = 'state' AND published_at IS NULL AND run_id <= ?",
            [at, last_run],
        )

    def count_backlog(self) -> Unpublished:
        runs, events, messages, oldest, attempted = self._connection.execute(
            "SELECT coalesce(sum(outbox.kind = 'run'), 0),"
            " coalesce(sum(CASE outbox.kind WHEN 'run' THEN event_count END), 0),"
            " coalesce(sum(outbox.kind <> 'run'), 0), min(outbox.recorded_at), max(attempted_at)"
            " FROM outbox JOIN runs ON runs.id = run_id"
            " WHERE published_at IS NULL AND outbox.kind <> 'state'"
        ).fetchone()
        (begun,) = self._connection.execute("SELECT count(*) FROM changelogs").fetchone()
        return Unpublished(
            begun=bool(begun),
            runs=runs,
            events=events,
            messages=messages,
            oldest=oldest,
            attempted=attempted,
        )

    def find_last_state_written(self, run_id: int) -> int:
        query = (
            "SELECT coalesce(max(run_id), 0) FROM outbox"
            " WHERE run_id < ? AND kind IN ('run', 'state') AND published_at IS NOT NULL"
        )
        return int(self._connection.execute(query, [run_id]).fetchone()[0])
