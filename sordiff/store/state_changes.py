"""Which records of the state topics each run changed: a row for a key, or one for all of them."""

from collections.abc import Iterable
from sqlite3 import Connection
from typing import Final

from sordiff.changelog.publishing import StateChanges
from sordiff.changelog.records import ChangedState, LastChange, ReachedRun
from sordiff.event_sink import LOCATION_NUMBERS, UNITS
from sordiff.store.conditions import ACCEPTED
from sordiff.store.identity import SqliteIdentity
from sordiff.store.values import write_values

_ALL: Final = "all"


class SqliteStateChanges(StateChanges):
    """StateChanges in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record_keys(self, run_id: int, *, units: Iterable[str], numbers: Iterable[str]) -> None:
        for topic, keys in ((UNITS, units), (LOCATION_NUMBERS, numbers)):
            self._connection.execute(
                "INSERT INTO state_changes (run_id, topic, key)"
                " SELECT ?, ?, value FROM json_each(?)",
                [run_id, topic, write_values(keys)],
            )

    def record_all(self, run_id: int) -> None:
        self._connection.execute(
            "INSERT INTO state_changes (run_id, topic, key) VALUES (?, ?, '')", [run_id, _ALL]
        )

    def read_between(self, after_run: int, run_id: int) -> ChangedState:
        rows = self._connection.execute(
            "SELECT DISTINCT topic, key FROM state_changes WHERE run_id > ? AND run_id <= ?",
            [after_run, run_id],
        ).fetchall()
        return ChangedState(
            whole=any(topic == _ALL for topic, _ in rows),
            units=frozenset(key for topic, key in rows if topic == UNITS),
            numbers=frozenset(key for topic, key in rows if topic == LOCATION_NUMBERS),
        )

    def read_last(self, run_id: int, *, after_run: int = 0) -> LastChange:
        reached = self._read_reached()
        whole_run = self._connection.execute(
            "SELECT coalesce(max(run_id), 0) FROM state_changes WHERE topic = ? AND run_id <= ?",
            [_ALL, run_id],
        ).fetchone()[0]
        found: dict[str, dict[str, ReachedRun]] = {UNITS: {}, LOCATION_NUMBERS: {}}
        for topic, key, last in self._connection.execute(
            "SELECT topic, key, max(run_id) FROM state_changes"
            " WHERE run_id > ? AND run_id <= ? GROUP BY topic, key",
            [max(whole_run, after_run), run_id],
        ):
            found[topic][key] = reached[last]
        return LastChange(
            whole=reached.get(whole_run, ReachedRun(0, "")),
            units=found[UNITS],
            numbers=found[LOCATION_NUMBERS],
        )

    def read_known_keys(self, run_id: int) -> tuple[set[str], set[str]]:
        units = self._connection.execute(
            "SELECT sor_id FROM known_units WHERE first_run <= ?", [run_id]
        )
        numbers = self._connection.execute(
            "SELECT DISTINCT number FROM location_number_owners WHERE first_run <= ?", [run_id]
        )
        return {key for (key,) in units}, {key for (key,) in numbers}

    def _read_reached(self) -> dict[int, ReachedRun]:
        """For each accepted run its time, and the last sequence given when it was accepted.

        What was adopted has used sequences of its own, before every record that stands now.
        """
        rows = self._connection.execute(
            "SELECT runs.id, max(coalesce(max(last_sequence) OVER (ORDER BY runs.id), 0), ?),"  # noqa: S608  # ours
            f" created_at FROM runs JOIN snapshots ON snapshots.id = snapshot_id WHERE {ACCEPTED}",
            [SqliteIdentity(self._connection).read_adopted_sequence()],
        )
        return {run_id: ReachedRun(sequence, time) for run_id, sequence, time in rows}
