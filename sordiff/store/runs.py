"""The runs of the changelog, each with its snapshot: recorded, found, decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.changelog.recording import Runs
from sordiff.changelog.records import BriefRun, EncodedEvent, NewRun, PreparedEvents
from sordiff.store.conditions import ACCEPTED
from sordiff.store.event_rows import insert_events, insert_prepared, prepare_events
from sordiff.store.plain_columns import UPDATE_RUN_TEXTS
from sordiff.store.run_rows import insert_run, read_runs
from sordiff.store.sequences import SqliteSequenceCounter

if TYPE_CHECKING:
    from sordiff.model import Day
    from sordiff.report import RecordedRun

_VALID = (
    f"{ACCEPTED} AND retracted_at IS NULL"  # noqa: S608  # conditions are ours
    " AND NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.corrects = runs.id)"
)
# The days by which runs are looked up: they never fall, and a corrected run shares the day of its
# correction, so that what lies between two days is one stretch of runs.
_OF_DAYS = f"""
WITH standing AS (
    SELECT runs.id AS run_id, CASE WHEN later.id IS NULL THEN max(
        CASE WHEN later.id IS NULL THEN snapshot_date END
    ) OVER (ORDER BY runs.id) END AS day
    FROM runs JOIN snapshots ON snapshots.id = runs.snapshot_id
    LEFT JOIN runs AS later ON later.corrects = runs.id
    WHERE runs.{ACCEPTED}
), placed AS (
    SELECT run_id, min(day) OVER (
        ORDER BY run_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS day FROM standing
)
"""  # noqa: S608  # conditions are ours


class SqliteRuns(Runs):
    """Runs in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_last_accepted(self) -> RecordedRun | None:
        return next(self._runs(f"WHERE {ACCEPTED} ORDER BY runs.id DESC LIMIT 1"), None)

    def find_by_sha256(self, sha256: str) -> RecordedRun | None:
        where = "WHERE sha256 = ? ORDER BY runs.id DESC LIMIT 1"
        return next(self._runs(where, [sha256]), None)

    def find_data_types_sha256(self, run_id: int) -> str | None:
        query = (
            "SELECT data_types_sha256 FROM runs"
            " JOIN snapshots ON snapshots.id = runs.snapshot_id WHERE runs.id = ?"
        )
        row = self._connection.execute(query, [run_id]).fetchone()
        return None if row is None else row[0]

    def find_reading_rules(self, run_id: int) -> int:
        query = "SELECT reading_rules FROM runs WHERE id = ?"
        row = self._connection.execute(query, [run_id]).fetchone()
        return 0 if row is None else int(row[0])

    def find(self, run_id: int) -> RecordedRun | None:
        return next(self._runs("WHERE runs.id = ?", [run_id]), None)

    def get(self, run_id: int) -> RecordedRun:
        run = self.find(run_id)
        assert run is not None, "foreign keys are enforced"  # noqa: S101
        return run

    def find_held(self) -> RecordedRun | None:
        return next(self._runs("WHERE state = 'held' ORDER BY runs.id DESC LIMIT 1"), None)

    def find_last_accepted_by(self, day: Day) -> RecordedRun | None:
        query = f"{_OF_DAYS} SELECT max(run_id) FROM placed WHERE day <= ?"  # noqa: S608  # same
        run_id = self._connection.execute(query, [day]).fetchone()[0]
        return None if run_id is None else self.find(run_id)

    def find_last_valid(self) -> RecordedRun | None:
        return next(self._runs(f"WHERE {_VALID} ORDER BY runs.id DESC LIMIT 1"), None)

    def find_told(self, created_before: str, created_after: str) -> RecordedRun | None:
        where = (
            f"WHERE {ACCEPTED} AND event_count AND created_at = ? AND compared_with IN ("  # noqa: S608  # same
            "SELECT runs.id FROM runs JOIN snapshots ON snapshots.id = snapshot_id"
            " WHERE created_at = ?) ORDER BY runs.id DESC LIMIT 1"
        )
        return next(self._runs(where, [created_after, created_before]), None)

    def find_first_accepted(self) -> RecordedRun | None:
        return next(self._runs(f"WHERE {ACCEPTED} ORDER BY runs.id LIMIT 1"), None)

    def find_last(self) -> RecordedRun | None:
        return next(self._runs("ORDER BY runs.id DESC LIMIT 1"), None)

    def list_ordinary(self, most: int) -> list[RecordedRun]:
        where = (
            f"WHERE {_VALID} AND kind = 'night' AND NOT exceptional"  # noqa: S608  # same
            " AND NOT EXISTS (SELECT 1 FROM runs AS before WHERE before.id = runs.compared_with"
            " AND before.retracted_at IS NOT NULL) ORDER BY runs.id DESC LIMIT ?"
        )
        return list(self._runs(where, [most]))[::-1]

    def list_accepted(self, since: Day | None, until: Day | None) -> list[RecordedRun]:
        query = (
            f"{_OF_DAYS} SELECT min(run_id), max(run_id) FROM placed"  # noqa: S608  # same
            " WHERE day BETWEEN ? AND ?"
        )
        days = [since or "", until or "9999-12-31"]
        first, last = self._connection.execute(query, days).fetchone()
        where = f"WHERE {ACCEPTED} AND runs.id BETWEEN ? AND ? ORDER BY runs.id"
        return list(self._runs(where, [first, last]))

    def list_not_accepted(self, since: Day | None, until: Day | None) -> list[RecordedRun]:
        where = f"WHERE NOT ({ACCEPTED}) AND snapshot_date BETWEEN ? AND ? ORDER BY runs.id"
        return list(self._runs(where, [since or "", until or "9999-12-31"]))

    def list_since(self, day: Day, until_run: int) -> list[RecordedRun]:
        where = "WHERE snapshot_date >= ? AND runs.id <= ? ORDER BY runs.id"
        return list(self._runs(where, [day, until_run]))

    def iterate(self) -> Iterator[RecordedRun]:
        return self._runs("ORDER BY runs.id")

    def list_brief(self) -> list[BriefRun]:
        names = BriefRun.__struct_fields__
        columns = ", ".join("runs.id" if name == "id" else name for name in names)
        rows = self._connection.execute(
            f"SELECT {columns} FROM runs"  # noqa: S608  # columns are ours
            " JOIN snapshots ON snapshots.id = runs.snapshot_id ORDER BY runs.id"
        )
        found = (dict(zip(names, row, strict=True)) for row in rows)
        return msgspec.convert(list(found), list[BriefRun], strict=False)

    def list_newest(self, most: int) -> list[RecordedRun]:
        return list(self._runs("ORDER BY runs.id DESC LIMIT ?", [most]))[::-1]

    def count_states(self) -> dict[str, int]:
        return dict(
            self._connection.execute("SELECT state, count(*) FROM runs GROUP BY state").fetchall()
        )

    def _runs(self, where: str, parameters: Sequence[Any] = ()) -> Iterator[RecordedRun]:
        return read_runs(self._connection, where, parameters)

    def prepare(self, run_id: int, before: int, events: Sequence[EncodedEvent]) -> bytes:
        return prepare_events(run_id, before, events)

    def record(
        self, run_id: int, run: NewRun, events: Sequence[EncodedEvent] | PreparedEvents
    ) -> None:
        first = SqliteSequenceCounter(self._connection).next() if run.state == "accepted" else None
        insert_run(self._connection, run_id, run, events, first)
        if isinstance(events, PreparedEvents):
            insert_prepared(self._connection, first, events)
        else:
            insert_events(self._connection, run_id, first, events)
        self._connection.execute(f"{UPDATE_RUN_TEXTS} WHERE id = ?", [run_id])
        self._connection.executemany(
            "INSERT INTO run_counts (run_id, name, count) VALUES (?, ?, ?)",
            ((run_id, name, count) for name, count in run.counts.items()),
        )

    def exists(self, run_id: int) -> bool:
        query = "SELECT 1 FROM runs WHERE id = ?"
        return self._connection.execute(query, [run_id]).fetchone() is not None

    def find_previous_accepted_id(self, run_id: int) -> int:
        query = f"SELECT coalesce(max(id), 0) FROM runs WHERE {ACCEPTED} AND id < ?"  # noqa: S608
        return int(self._connection.execute(query, [run_id]).fetchone()[0])

    def list_accepted_ids_after(self, run_id: int) -> list[int]:
        query = f"SELECT id FROM runs WHERE {ACCEPTED} AND id > ? ORDER BY id DESC"  # noqa: S608
        return [found for (found,) in self._connection.execute(query, [run_id])]

    def has_later(self, run: RecordedRun) -> bool:
        query = "SELECT 1 FROM runs WHERE id > ? AND state IN ('accepted', 'released') LIMIT 1"
        return self._connection.execute(query, [run.id]).fetchone() is not None
