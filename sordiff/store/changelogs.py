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


def give_name(connection: Connection, name: str, at: str) -> None:
    """Name this changelog, once and for all, unless it adopts another's runs."""
    connection.execute(
        "INSERT INTO changelogs (changelog_id, role, since) VALUES (?, 'own', ?)", [name, at]
    )


def adopt(connection: Connection, names: Iterable[str], last_sequence: int, at: str) -> None:
    """Take what these have published as it is; the changelog's own earlier name is one of them.

    Sequences go on behind theirs: those of the runs that wait are lifted.
    """
    connection.execute("UPDATE changelogs SET role = 'adopted' WHERE role = 'own'")
    connection.executemany(
        "INSERT INTO changelogs (changelog_id, role, since) VALUES (?, 'adopted', ?)"
        " ON CONFLICT (changelog_id) DO NOTHING",
        ((name, at) for name in names),
    )
    connection.execute(
        "UPDATE changelogs SET last_sequence = ? WHERE role = 'adopted'", [last_sequence]
    )
    _lift(connection, last_sequence)


def _lift(connection: Connection, last_sequence: int) -> None:
    (first,) = connection.execute(
        "SELECT min(first_sequence) FROM outbox JOIN runs ON runs.id = run_id"
        " WHERE outbox.kind = 'run' AND published_at IS NULL"
    ).fetchone()
    if first is None or first > last_sequence:
        return
    by = last_sequence + 1 - first
    # By way of negative numbers, since a sequence is unique at every moment.
    connection.execute(
        "UPDATE events SET sequence = -(sequence + ?) WHERE sequence >= ?", [by, first]
    )
    connection.execute("UPDATE events SET sequence = -sequence WHERE sequence < 0")
    connection.execute(
        "UPDATE runs SET first_sequence = first_sequence + ?, last_sequence = last_sequence + ?"
        " WHERE first_sequence >= ?",
        [by, by, first],
    )
