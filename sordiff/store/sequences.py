"""The sequences of accepted runs: those that no topic has yet can be given anew."""

from collections.abc import Mapping
from sqlite3 import Connection

from sordiff.store.runs import ACCEPTED


def last_before(connection: Connection, run_id: int) -> int:
    """The last sequence that was given before a run; 0 where there is none."""
    query = f"SELECT coalesce(max(last_sequence), 0) FROM runs WHERE {ACCEPTED} AND id < ?"  # noqa: S608  # ours
    return int(connection.execute(query, [run_id]).fetchone()[0])


def renumber(connection: Connection, firsts: Mapping[int, int]) -> None:
    """Let the events of each of these runs begin at a sequence; no two runs may overlap."""
    for run_id, first in firsts.items():
        connection.execute(
            # By way of negative numbers, since a sequence is unique at every moment.
            "UPDATE events SET sequence = -(? + sequence - "
            " (SELECT first_sequence FROM runs WHERE id = ?)) WHERE run_id = ?",
            [first, run_id, run_id],
        )
        connection.execute(
            "UPDATE runs SET last_sequence = ? + last_sequence - first_sequence,"
            " first_sequence = ? WHERE id = ?",
            [first, first, run_id],
        )
    connection.execute("UPDATE events SET sequence = -sequence WHERE sequence < 0")
