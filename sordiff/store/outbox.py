"""The outbox of the changelog: written with what it tells, sent later, marked when it has arrived.

A row of kind `run` is a whole accepted run; `state` is one that was recorded with --no-publish, of
which nothing is told but the state that it left; `whole state` has the state topics written anew;
any other kind is one message beside the events.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from sordiff.report import Unpublished

_COLUMNS: Final = (
    "outbox.id, run_id, outbox.kind, message, outbox.recorded_at, attempted_at, source"
)


class OutboxRow(Struct, frozen=True, kw_only=True):
    """What waits to be published, with the source of its run."""

    id: int
    run_id: int
    kind: str
    message: str | None
    recorded_at: str
    attempted_at: str | None
    source: str


def queue(
    connection: Connection, run_id: int, kind: str, recorded_at: str, message: str | None = None
) -> None:
    """Have something published; of one kind and run there is one."""
    connection.execute(
        "INSERT OR IGNORE INTO outbox (run_id, kind, message, recorded_at) VALUES (?, ?, ?, ?)",
        [run_id, kind, message, recorded_at],
    )


def queue_anew(connection: Connection, run_id: int, kind: str, recorded_at: str) -> None:
    """Have it published, also where it was before."""
    connection.execute("DELETE FROM outbox WHERE run_id = ? AND kind = ?", [run_id, kind])
    queue(connection, run_id, kind, recorded_at)


def waiting(connection: Connection) -> list[OutboxRow]:
    """What is not published, oldest first, silent states included."""
    return _rows(connection, "published_at IS NULL")


def published(connection: Connection, kinds: AbstractSet[str]) -> list[OutboxRow]:
    """What was published of some kinds, oldest first."""
    return [row for row in _rows(connection, "published_at IS NOT NULL") if row.kind in kinds]


def _rows(connection: Connection, condition: str) -> list[OutboxRow]:
    names = OutboxRow.__struct_fields__
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox JOIN runs ON runs.id = run_id"  # noqa: S608  # ours
        f" WHERE {condition} ORDER BY outbox.id"
    )
    return [OutboxRow(**dict(zip(names, row, strict=True))) for row in rows]


def published_at(connection: Connection, run_id: int, kind: str) -> str | None:
    """When that row was published; None where it waits, or was never to be published."""
    query = "SELECT published_at FROM outbox WHERE run_id = ? AND kind = ?"
    row = connection.execute(query, [run_id, kind]).fetchone()
    return None if row is None else row[0]


def mark_attempted(connection: Connection, numbers: Iterable[int], at: str) -> None:
    """Note that these are about to be sent: from now on they may have arrived."""
    connection.executemany(
        "UPDATE outbox SET attempted_at = ? WHERE id = ?", ((at, number) for number in numbers)
    )


def mark_published(connection: Connection, numbers: Iterable[int], at: str) -> None:
    """Note that these have arrived."""
    connection.executemany(
        "UPDATE outbox SET published_at = ? WHERE id = ?", ((at, number) for number in numbers)
    )


def withhold(connection: Connection, run_id: int) -> None:
    """Publish nothing of an accepted run but the state that it left, as with --no-publish."""
    connection.execute("UPDATE runs SET publish = 0 WHERE id = ?", [run_id])
    connection.execute(
        "UPDATE outbox SET kind = 'state' WHERE run_id = ? AND kind = 'run'", [run_id]
    )
    connection.execute(
        "DELETE FROM outbox WHERE run_id = ? AND published_at IS NULL"
        " AND kind NOT IN ('state', 'whole state')",
        [run_id],
    )


def mark_beyond_events(connection: Connection, run_id: int) -> None:
    """Note that a run told, when it was published, that more changed than its events tell."""
    connection.execute(
        "UPDATE outbox SET beyond_events = 1 WHERE run_id = ? AND kind = 'run'", [run_id]
    )


def is_beyond_events(connection: Connection, run_id: int) -> bool:
    """Whether a run said so; also where runs before it were left out since the last published."""
    (said,) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM outbox"
        " WHERE run_id = :run AND kind = 'run' AND beyond_events)"
        " OR EXISTS (SELECT 1 FROM outbox WHERE kind = 'state' AND run_id < :run AND run_id >"
        " (SELECT coalesce(max(run_id), 0) FROM outbox WHERE kind = 'run' AND run_id < :run))",
        {"run": run_id},
    ).fetchone()
    return bool(said)


def mark_silent(connection: Connection, last_run: int, at: str) -> None:
    """Note that the state of the silent runs up to this one went out with it."""
    connection.execute(
        "UPDATE outbox SET published_at = ?"
        " WHERE kind = 'state' AND published_at IS NULL AND run_id <= ?",
        [at, last_run],
    )


def backlog(connection: Connection) -> Unpublished:
    """How much waits."""
    runs, events, messages, oldest, attempted = connection.execute(
        "SELECT coalesce(sum(outbox.kind = 'run'), 0),"
        " coalesce(sum(CASE outbox.kind WHEN 'run' THEN event_count END), 0),"
        " coalesce(sum(outbox.kind <> 'run'), 0), min(outbox.recorded_at), max(attempted_at)"
        " FROM outbox JOIN runs ON runs.id = run_id"
        " WHERE published_at IS NULL AND outbox.kind <> 'state'"
    ).fetchone()
    (begun,) = connection.execute("SELECT count(*) FROM changelogs").fetchone()
    return Unpublished(
        begun=bool(begun),
        runs=runs,
        events=events,
        messages=messages,
        oldest=oldest,
        attempted=attempted,
    )


def state_written_until(connection: Connection, run_id: int) -> int:
    """The last run before this one of which the state went out; 0 where none did."""
    query = (
        "SELECT coalesce(max(run_id), 0) FROM outbox"
        " WHERE run_id < ? AND kind IN ('run', 'state') AND published_at IS NOT NULL"
    )
    return int(connection.execute(query, [run_id]).fetchone()[0])


def events_of_run(
    connection: Connection, run_id: int
) -> Iterator[tuple[str, str, str, int, bytes]]:
    """Id, name, subject, sequence and data of an accepted run's events.

    In their order, and the data in the bytes that were recorded.
    """
    return connection.execute(
        "SELECT id, type, subject, sequence, CAST(data AS BLOB) FROM events"
        ' WHERE run_id = ? ORDER BY "order"',
        [run_id],
    )
