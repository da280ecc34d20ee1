"""The outbox of the changelog: written with what it tells, sent later, marked when it has arrived.

A row of kind `run` is a whole accepted run; `state` is one that was recorded with --no-publish, of
which nothing is told but the state that it left; any other kind is one message beside the events.
"""

from collections.abc import Iterable, Iterator
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from sordiff.store.runs import table

_COLUMNS: Final = "outbox.id, run_id, kind, message, outbox.recorded_at, attempted_at, source"


class OutboxRow(Struct, frozen=True, kw_only=True):
    """What waits to be published, with the source of its run."""

    id: int
    run_id: int
    kind: str
    message: str | None
    recorded_at: str
    attempted_at: str | None
    source: str


class Backlog(Struct, frozen=True, kw_only=True):
    """What waits to be published: messages beside the events, runs and their events, since when."""

    runs: int
    events: int
    messages: int
    oldest: str | None
    attempted: str | None


class RecordedEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event as it was recorded, its data in the bytes that go out."""

    id: str
    name: str
    subject: str
    sequence: int
    data: bytes


def queue(
    connection: Connection, run_id: int, kind: str, recorded_at: str, message: str | None = None
) -> None:
    """Have something published; of one kind and run there is one."""
    connection.execute(
        "INSERT OR IGNORE INTO outbox (run_id, kind, message, recorded_at) VALUES (?, ?, ?, ?)",
        [run_id, kind, message, recorded_at],
    )


def waiting(connection: Connection) -> list[OutboxRow]:
    """What is not published, oldest first, silent states included."""
    names = OutboxRow.__struct_fields__
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM outbox JOIN runs ON runs.id = run_id"  # noqa: S608  # ours
        " WHERE published_at IS NULL ORDER BY outbox.id"
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


def backlog(connection: Connection) -> Backlog:
    """How much waits."""
    runs, events, messages, oldest, attempted = connection.execute(
        "SELECT coalesce(sum(kind = 'run'), 0),"
        " coalesce(sum(CASE kind WHEN 'run' THEN event_count END), 0),"
        " coalesce(sum(kind <> 'run'), 0), min(outbox.recorded_at), max(attempted_at)"
        " FROM outbox JOIN runs ON runs.id = run_id"
        " WHERE published_at IS NULL AND kind <> 'state'"
    ).fetchone()
    return Backlog(runs=runs, events=events, messages=messages, oldest=oldest, attempted=attempted)


def events_of_run(
    connection: Connection, run_id: int, *, since: int = 0
) -> Iterator[RecordedEvent]:
    """The events of an accepted run in order, after a sequence."""
    rows = connection.execute(
        "SELECT id, type, subject, sequence, CAST(data AS BLOB) FROM events"
        ' WHERE run_id = ? AND sequence > ? ORDER BY "order"',
        [run_id, since],
    )
    for event_id, name, subject, sequence, data in rows:
        yield RecordedEvent(id=event_id, name=name, subject=subject, sequence=sequence, data=data)


def own_changelog_id(connection: Connection) -> str | None:
    """The name under which this changelog publishes; None before the first time."""
    query = "SELECT changelog_id FROM changelogs WHERE role = 'own'"
    row = connection.execute(query).fetchone()
    return None if row is None else row[0]


def adopted_changelogs(connection: Connection) -> frozenset[str]:
    """Other changelogs whose runs in the topics were accepted as they are."""
    rows = connection.execute("SELECT changelog_id FROM changelogs WHERE role = 'adopted'")
    return frozenset(changelog_id for (changelog_id,) in rows)


def name_changelog(connection: Connection, changelog_id: str, at: str) -> None:
    """Give this changelog its name."""
    table(connection, "changelogs").insert(
        {"changelog_id": changelog_id, "role": "own", "since": at, "last_sequence": 0}
    )
