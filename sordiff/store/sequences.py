"""The sequences of accepted runs: those that no topic has yet can be given anew."""

from collections.abc import Mapping
from sqlite3 import Connection

from sordiff.changelog.recording import SequenceCounter
from sordiff.store.conditions import ACCEPTED


class SqliteSequenceCounter(SequenceCounter):
    """Sequences in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_last_before(self, run_id: int) -> int:
        query = f"SELECT coalesce(max(last_sequence), 0) FROM runs WHERE {ACCEPTED} AND id < ?"  # noqa: S608  # ours
        return int(self._connection.execute(query, [run_id]).fetchone()[0])

    def renumber(self, firsts: Mapping[int, int]) -> None:
        for run_id, first in firsts.items():
            self._connection.execute(
                # By way of negative numbers, since a sequence is unique at every moment.
                "UPDATE events SET sequence = -(? + sequence - "
                " (SELECT first_sequence FROM runs WHERE id = ?)) WHERE run_id = ?",
                [first, run_id, run_id],
            )
            self._connection.execute(
                "UPDATE runs SET last_sequence = ? + last_sequence - first_sequence,"
                " first_sequence = ? WHERE id = ?",
                [first, first, run_id],
            )
        self._connection.execute("UPDATE events SET sequence = -sequence WHERE sequence < 0")

    def next(self) -> int:
        query = (
            "SELECT max(coalesce((SELECT max(sequence) FROM events), 0),"
            " coalesce((SELECT max(last_sequence) FROM changelogs), 0)) + 1"
        )
        return int(self._connection.execute(query).fetchone()[0])

    def skip_to(self, sequence: int) -> None:
        self._connection.execute(
            "UPDATE changelogs SET last_sequence = max(last_sequence, ?) WHERE role = 'own'",
            [sequence - 1],
        )

    def next_run_id(self) -> int:
        return int(
            self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM runs").fetchone()[0]
        )
