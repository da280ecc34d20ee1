"""The outbox of the changelog: rows for all sinks, or for one; each sink has marks of its own."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from sqlite3 import Connection

from sordiff.changelog.publishing import Outbox
from sordiff.store.sink_outbox import SqliteSinkOutbox


class SqliteOutbox(Outbox):
    """Outbox in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_sink(self, sink: str) -> SqliteSinkOutbox:
        return SqliteSinkOutbox(self._connection, sink)

    def list_sinks(self) -> list[str]:
        rows = self._connection.execute("SELECT sink FROM sinks ORDER BY since, sink")
        return [sink for (sink,) in rows]

    def queue(self, run_id: int, kind: str, recorded_at: str, message: str | None = None) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO outbox (run_id, kind, message, recorded_at) VALUES (?, ?, ?, ?)",
            [run_id, kind, message, recorded_at],
        )

    def is_published(self, run_id: int, kind: str) -> bool:
        query = (
            "SELECT 1 FROM outbox JOIN outbox_marks ON outbox_id = outbox.id"
            " WHERE run_id = ? AND (kind = ? OR demanded AND ? = 'run')"
            " AND published_at IS NOT NULL LIMIT 1"
        )
        return self._connection.execute(query, [run_id, kind, kind]).fetchone() is not None

    def find_published_elsewhere(
        self, sink: str, run_ids: AbstractSet[int]
    ) -> tuple[int, str] | None:
        rows = self._connection.execute(
            "SELECT run_id, outbox_marks.sink FROM outbox JOIN outbox_marks"
            " ON outbox_id = outbox.id WHERE (kind = 'run' OR demanded)"
            " AND published_at IS NOT NULL AND outbox_marks.sink <> ? ORDER BY outbox.id",
            [sink],
        )
        return next(((run_id, other) for run_id, other in rows if run_id in run_ids), None)

    def withhold(self, run_ids: Iterable[int]) -> None:
        for run_id in run_ids:
            self._connection.execute(
                "UPDATE runs SET publish = 0, history = 0 WHERE id = ?", [run_id]
            )
            self._connection.execute(
                "UPDATE outbox_marks SET demanded = 0 WHERE outbox_id IN"
                " (SELECT id FROM outbox WHERE run_id = ?)",
                [run_id],
            )
            self._connection.execute(
                "UPDATE outbox SET kind = 'state' WHERE run_id = ? AND kind = 'run'", [run_id]
            )
            self._connection.execute(
                "DELETE FROM outbox WHERE run_id = ? AND kind NOT IN ('state', 'whole state')"
                " AND NOT EXISTS (SELECT 1 FROM outbox_marks"
                " WHERE outbox_id = outbox.id AND published_at IS NOT NULL)",
                [run_id],
            )
