"""Under which name this changelog publishes, and which others it has adopted the runs of."""

from collections.abc import Iterable
from sqlite3 import Connection


def own_name(connection: Connection) -> str | None:
    """The name of this changelog; None before it first publishes."""
    query = "SELECT changelog_id FROM changelogs WHERE role = 'own'"
    row = connection.execute(query).fetchone()
    return None if row is None else row[0]


def adopted_names(connection: Connection) -> frozenset[str]:
    """The changelogs whose runs in the topics are taken as they are."""
    rows = connection.execute("SELECT changelog_id FROM changelogs WHERE role = 'adopted'")
    return frozenset(name for (name,) in rows)


def adopted_sequence(connection: Connection) -> int:
    """The last sequence of all that was adopted; 0 where nothing was."""
    query = "SELECT coalesce(max(last_sequence), 0) FROM changelogs"
    return int(connection.execute(query).fetchone()[0])


def give_name(connection: Connection, name: str, at: str) -> None:
    """Name this changelog, once and for all, unless it adopts what was published as its own."""
    connection.execute(
        "INSERT INTO changelogs (changelog_id, role, since) VALUES (?, 'own', ?)", [name, at]
    )


def adopt(connection: Connection, names: Iterable[str], last_sequence: int, at: str) -> None:
    """Take what these have published as it is; one of them may be the changelog's own name."""
    connection.executemany(
        "INSERT INTO changelogs (changelog_id, role, since) VALUES (?, 'adopted', ?)"
        " ON CONFLICT (changelog_id) DO UPDATE SET role = 'adopted'",
        ((name, at) for name in names),
    )
    connection.execute(
        "UPDATE changelogs SET last_sequence = max(last_sequence, ?) WHERE role = 'adopted'",
        [last_sequence],
    )


def owe_more_than_events(connection: Connection, *, owed: bool) -> None:
    """Note whether the next run must tell that the state went another way than the events."""
    connection.execute("UPDATE changelogs SET beyond_events = ? WHERE role = 'own'", [owed])


def owes_more_than_events(connection: Connection) -> bool:
    """Whether the next run must tell that the state went another way than the events."""
    query = "SELECT coalesce(max(beyond_events), 0) FROM changelogs WHERE role = 'own'"
    return bool(connection.execute(query).fetchone()[0])
