"""How many events each run has, by name, with what the rules derived of them."""

from sqlite3 import Connection

from sordiff.changelog.recording import Counts
from sordiff.store.conditions import ACCEPTED


class SqliteCounts(Counts):
    """Counts in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, run_id: int) -> dict[str, int]:
        query = "SELECT name, count FROM run_counts WHERE run_id = ?"
        return dict(self._connection.execute(query, [run_id]).fetchall())

    def sum_accepted(self) -> dict[str, int]:
        query = (
            "SELECT name, sum(count) FROM run_counts"  # noqa: S608  # the condition is ours
            " JOIN runs ON runs.id = run_counts.run_id"
            f" WHERE {ACCEPTED} GROUP BY name ORDER BY name"
        )
        return dict(self._connection.execute(query).fetchall())

    def read_all(self) -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = {}
        for run_id, name, count in self._connection.execute(
            "SELECT run_id, name, count FROM run_counts"
        ):
            found.setdefault(run_id, {})[name] = count
        return found
