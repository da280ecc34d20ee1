"""The outbox as one sink has it: what waits for it, and what it has."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from sqlite3 import Connection
from typing import Final

from sordiff.changelog.publishing import SinkOutbox
from sordiff.changelog.records import OutboxRow, SinkRead
from sordiff.report import Unpublished

# What a row is for the sink: a night of a history is a run where the sink is to have it.
_KIND: Final = "CASE WHEN demanded THEN 'run' ELSE outbox.kind END"
# All rows that are for a sink, with the marks that it has put there.
_ROWS: Final = (
    "outbox JOIN runs ON runs.id = outbox.run_id"
    " LEFT JOIN outbox_marks AS marks ON marks.sink = :sink AND marks.outbox_id = outbox.id"
    " WHERE outbox.sink IN ('', :sink)"
)


class SqliteSinkOutbox(SinkOutbox):
    """The outbox of one sink in SQLite."""

    def __init__(self, connection: Connection, sink: str) -> None:
        self._connection = connection
        self._sink = sink

    def register(self, at: str) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO sinks (sink, since) VALUES (?, ?)", [self._sink, at]
        )

    def forget(self) -> None:
        for table in ("outbox_marks", "outbox", "sinks"):
            self._connection.execute(f"DELETE FROM {table} WHERE sink = ?", [self._sink])  # noqa: S608  # ours

    def queue_anew(self, run_id: int, kind: str, recorded_at: str) -> None:
        row = [run_id, kind, self._sink]
        self._connection.execute(
            "DELETE FROM outbox WHERE run_id = ? AND kind = ? AND sink = ?", row
        )
        self._connection.execute(
            "INSERT INTO outbox (run_id, kind, sink, recorded_at) VALUES (?, ?, ?, ?)",
            [*row, recorded_at],
        )

    def demand_histories(self, run_ids: Iterable[int]) -> None:
        self._connection.executemany(
            "INSERT INTO outbox_marks (sink, outbox_id, demanded)"
            " SELECT ?, id, 1 FROM outbox WHERE run_id = ? AND kind = 'state'"
            " ON CONFLICT (sink, outbox_id) DO UPDATE"
            " SET demanded = 1, attempted_at = NULL, published_at = NULL",
            ((self._sink, run_id) for run_id in run_ids),
        )

    def list_waiting(self) -> list[OutboxRow]:
        return self._rows("published_at IS NULL")

    def list_published(self, kinds: AbstractSet[str] | None = None) -> list[OutboxRow]:
        rows = self._rows("published_at IS NOT NULL")
        return rows if kinds is None else [row for row in rows if row.kind in kinds]

    def _rows(self, condition: str) -> list[OutboxRow]:
        names = OutboxRow.__struct_fields__
        rows = self._connection.execute(
            f"SELECT outbox.id, run_id, {_KIND}, message, outbox.recorded_at, attempted_at,"  # noqa: S608  # ours
            f" source FROM {_ROWS} AND {condition} ORDER BY outbox.id",
            {"sink": self._sink},
        )
        return [OutboxRow(**dict(zip(names, row, strict=True))) for row in rows]

    def find_published(self, run_id: int, kind: str) -> int | None:
        row = self._connection.execute(
            f"SELECT outbox.id FROM {_ROWS} AND run_id = :run AND {_KIND} = :kind"  # noqa: S608  # ours
            " AND published_at IS NOT NULL",
            {"sink": self._sink, "run": run_id, "kind": kind},
        ).fetchone()
        return None if row is None else row[0]

    def find_read(self) -> SinkRead | None:
        row = self._connection.execute(
            "SELECT read_by, read_source, read_position, read_sequence, read_row"
            " FROM sinks WHERE sink = ? AND read_position IS NOT NULL",
            [self._sink],
        ).fetchone()
        names = SinkRead.__struct_fields__
        return None if row is None else SinkRead(**dict(zip(names, row, strict=True)))

    def note_read(self, read: SinkRead | None) -> None:
        names = SinkRead.__struct_fields__
        noted = [None if read is None else getattr(read, name) for name in names]
        self._connection.execute(
            "UPDATE sinks SET read_by = ?, read_source = ?, read_position = ?, read_sequence = ?,"
            " read_row = ? WHERE sink = ?",
            [*noted, self._sink],
        )

    def mark_attempted(self, numbers: Iterable[int], at: str) -> None:
        self._connection.executemany(
            "INSERT INTO outbox_marks (sink, outbox_id, attempted_at) VALUES (?, ?, ?)"
            " ON CONFLICT (sink, outbox_id) DO UPDATE SET attempted_at = excluded.attempted_at",
            ((self._sink, number, at) for number in numbers),
        )

    def mark_published(self, numbers: Iterable[int], at: str) -> None:
        self._connection.executemany(
            "INSERT INTO outbox_marks (sink, outbox_id, published_at) VALUES (?, ?, ?)"
            " ON CONFLICT (sink, outbox_id) DO UPDATE SET published_at = excluded.published_at",
            ((self._sink, number, at) for number in numbers),
        )

    def mark_silent(self, last_run: int, at: str) -> None:
        rows = self._rows(f"published_at IS NULL AND {_KIND} = 'state'")
        self.mark_published((row.id for row in rows if row.run_id <= last_run), at)

    def mark_beyond_events(self, run_id: int) -> None:
        self._connection.execute(
            "INSERT INTO outbox_marks (sink, outbox_id, beyond_events)"
            " SELECT ?, id, 1 FROM outbox WHERE run_id = ? AND kind IN ('run', 'state')"
            " ON CONFLICT (sink, outbox_id) DO UPDATE SET beyond_events = 1",
            [self._sink, run_id],
        )

    def is_beyond_events(self, run_id: int) -> bool:
        (said,) = self._connection.execute(
            f"WITH rows AS (SELECT run_id, {_KIND} AS kind, beyond_events FROM {_ROWS})"  # noqa: S608  # ours
            " SELECT EXISTS (SELECT 1 FROM rows"
            " WHERE run_id = :run AND kind = 'run' AND beyond_events)"
            " OR EXISTS (SELECT 1 FROM rows WHERE kind = 'state' AND run_id < :run AND run_id >"
            " (SELECT coalesce(max(run_id), 0) FROM rows WHERE kind = 'run' AND run_id < :run))",
            {"run": run_id, "sink": self._sink},
        ).fetchone()
        return bool(said)

    def expect_beyond_events(self, *, expected: bool) -> None:
        self._connection.execute(
            "UPDATE sinks SET beyond_events = ? WHERE sink = ?", [expected, self._sink]
        )

    def expects_beyond_events(self) -> bool:
        query = "SELECT beyond_events FROM sinks WHERE sink = ?"
        row = self._connection.execute(query, [self._sink]).fetchone()
        return row is not None and bool(row[0])

    def find_last_state_written(self, run_id: int) -> int:
        found = self._connection.execute(
            f"SELECT coalesce(max(run_id), 0) FROM {_ROWS}"  # noqa: S608  # ours
            " AND run_id < :run AND outbox.kind IN ('run', 'state') AND published_at IS NOT NULL",
            {"run": run_id, "sink": self._sink},
        ).fetchone()
        return int(found[0])

    def find_whole_state_written(self) -> int:
        found = self._connection.execute(
            f"SELECT coalesce(max(run_id), 0) FROM {_ROWS}"  # noqa: S608  # ours
            " AND outbox.kind = 'whole state' AND published_at IS NOT NULL",
            {"sink": self._sink},
        ).fetchone()
        return int(found[0])

    def count_backlog(self) -> Unpublished:
        runs, events, messages, oldest, attempted = self._connection.execute(
            f"SELECT coalesce(sum({_KIND} = 'run'), 0),"  # noqa: S608  # ours
            f" coalesce(sum(CASE {_KIND} WHEN 'run' THEN event_count END), 0),"
            f" coalesce(sum({_KIND} <> 'run'), 0), min(outbox.recorded_at), max(attempted_at)"
            f" FROM {_ROWS} AND published_at IS NULL AND {_KIND} <> 'state'",
            {"sink": self._sink},
        ).fetchone()
        query = "SELECT count(*) FROM sinks WHERE sink = ?"
        (begun,) = self._connection.execute(query, [self._sink]).fetchone()
        return Unpublished(
            begun=bool(begun),
            runs=runs,
            events=events,
            messages=messages,
            oldest=oldest,
            attempted=attempted,
        )
