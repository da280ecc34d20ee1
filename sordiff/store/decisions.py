"""What becomes of a run: released, rejected, made obsolete by the next night, or retracted."""

from __future__ import annotations

from sqlite3 import Connection
from typing import TYPE_CHECKING

from sordiff.changelog.recording import Decisions
from sordiff.store.sequences import SqliteSequenceCounter

if TYPE_CHECKING:
    from sordiff.changelog.records import Decision
    from sordiff.report import RecordedRun


class SqliteDecisions(Decisions):
    """Decisions in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def release(self, run: RecordedRun, decision: Decision) -> int | None:
        first = SqliteSequenceCounter(self._connection).next() if run.event_count else None
        self._connection.execute(
            'UPDATE events SET sequence = ? + "order" - 1 WHERE run_id = ?', [first, run.id]
        )
        last = None if first is None else first + run.event_count - 1
        self._connection.execute(
            "UPDATE runs SET first_sequence = ?, last_sequence = ? WHERE id = ?",
            [first, last, run.id],
        )
        self.decide(run, "released", decision)
        return first

    def decide(self, run: RecordedRun, state: str, decision: Decision) -> None:
        self._connection.execute(
            "UPDATE runs SET state = ?, exceptional = 1, reason = ?, decided_by = ?, decided_at = ?"
            " WHERE id = ? AND state = 'held'",
            [state, decision.reason, decision.user, decision.at, run.id],
        )

    def retract(self, run: RecordedRun, decision: Decision) -> None:
        self._connection.execute(
            "UPDATE runs SET retracted_at = ?, retracted_by = ?, retracted_reason = ?"
            " WHERE id = ? AND retracted_at IS NULL",
            [decision.at, decision.user, decision.reason, run.id],
        )

    def supersede(self, run: RecordedRun) -> None:
        self._connection.execute(
            "UPDATE runs SET state = 'superseded' WHERE id = ? AND state = 'held'", [run.id]
        )
