"""What becomes of a held run: released, rejected, or made obsolete by the next night."""

from sqlite3 import Connection

from msgspec import Struct

from sordiff.report import RecordedRun
from sordiff.store.runs import next_sequence


class Decision(Struct, frozen=True, kw_only=True):
    """Who decided a held run, when (ISO 8601) and why."""

    user: str
    at: str
    reason: str


def release(connection: Connection, run: RecordedRun, decision: Decision) -> int | None:
    """Make a held run an accepted one: its events get their sequences; the first is given back."""
    first = next_sequence(connection) if run.event_count else None
    connection.execute(
        'UPDATE events SET sequence = ? + "order" - 1 WHERE run_id = ?', [first, run.id]
    )
    last = None if first is None else first + run.event_count - 1
    connection.execute(
        "UPDATE runs SET first_sequence = ?, last_sequence = ? WHERE id = ?", [first, last, run.id]
    )
    decide(connection, run, "released", decision)
    return first


def decide(connection: Connection, run: RecordedRun, state: str, decision: Decision) -> None:
    """Note what became of a held run, who decided it, when and why."""
    connection.execute(
        "UPDATE runs SET state = ?, exceptional = 1, reason = ?, decided_by = ?, decided_at = ?"
        " WHERE id = ? AND state = 'held'",
        [state, decision.reason, decision.user, decision.at, run.id],
    )


def supersede(connection: Connection, run: RecordedRun) -> None:
    """A held run that nobody decided, and that the next night has made obsolete."""
    connection.execute(
        "UPDATE runs SET state = 'superseded' WHERE id = ? AND state = 'held'", [run.id]
    )
