"""The notices of the changelog: written with the change they tell, sent later, once."""

from collections.abc import Iterable
from sqlite3 import Connection

from msgspec import Struct


class KeptNotice(Struct, frozen=True, kw_only=True):
    """A notice as it is kept: what it is about, when it was written, and its JSON."""

    run_id: int | None
    kind: str
    at: str
    notice: str


def queue(connection: Connection, kept: KeptNotice) -> None:
    """Keep a notice to be sent; of one kind and run there is one."""
    connection.execute(
        "INSERT OR IGNORE INTO notices (run_id, kind, notice, at) VALUES (?, ?, ?, ?)",
        [kept.run_id, kept.kind, kept.notice, kept.at],
    )


def unsent(connection: Connection) -> list[tuple[int, str]]:
    """What waits to be sent, oldest first: the number under which it is kept, and its JSON."""
    return connection.execute(
        "SELECT id, notice FROM notices WHERE sent_at IS NULL ORDER BY id"
    ).fetchall()


def count_unsent(connection: Connection) -> int:
    """How many wait to be sent."""
    query = "SELECT count(*) FROM notices WHERE sent_at IS NULL"
    return int(connection.execute(query).fetchone()[0])


def mark_sent(connection: Connection, numbers: Iterable[int], at: str) -> None:
    """Note when they were sent."""
    connection.executemany(
        "UPDATE notices SET sent_at = ? WHERE id = ?", ((at, number) for number in numbers)
    )
