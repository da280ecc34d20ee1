"""The source of a changelog, its name, and which others it has adopted the runs of."""

from collections.abc import Iterable
from sqlite3 import Connection

from sordiff.changelog.publishing import Identity


class SqliteIdentity(Identity):
    """Identity in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_source(self) -> str | None:
        row = self._connection.execute("SELECT source FROM changelog_source").fetchone()
        return None if row is None else row[0]

    def give_source(self, source: str) -> None:
        self._connection.execute("INSERT INTO changelog_source (source) VALUES (?)", [source])

    def find_own_name(self) -> str | None:
        query = "SELECT changelog_id FROM changelogs WHERE role = 'own'"
        row = self._connection.execute(query).fetchone()
        return None if row is None else row[0]

    def read_adopted_names(self) -> frozenset[str]:
        rows = self._connection.execute(
            "SELECT changelog_id FROM changelogs WHERE role = 'adopted'"
        )
        return frozenset(name for (name,) in rows)

    def read_adopted_sequence(self) -> int:
        query = "SELECT coalesce(max(last_sequence), 0) FROM changelogs"
        return int(self._connection.execute(query).fetchone()[0])

    def give_name(self, name: str, at: str) -> None:
        self._connection.execute(
            "INSERT INTO changelogs (changelog_id, role, since) VALUES (?, 'own', ?)", [name, at]
        )

    def take_name(self, name: str, since: str) -> None:
        self._connection.execute(
            "UPDATE changelogs SET changelog_id = ?, since = ? WHERE role = 'own'", [name, since]
        )

    def adopt(self, names: Iterable[str], last_sequence: int, at: str) -> None:
        self._connection.executemany(
            "INSERT INTO changelogs (changelog_id, role, since) VALUES (?, 'adopted', ?)"
            " ON CONFLICT (changelog_id) DO UPDATE SET role = 'adopted'",
            ((name, at) for name in names),
        )
        self._connection.execute(
            "UPDATE changelogs SET last_sequence = max(last_sequence, ?) WHERE role = 'adopted'",
            [last_sequence],
        )
