"""Which records of the state topics each run changed: a row for a key, or one for all of them."""

from collections.abc import Iterable
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from sordiff.event_sink import LOCATION_NUMBERS, UNITS
from sordiff.store.changelogs import adopted_sequence

_ALL: Final = "all"
_ACCEPTED: Final = "state IN ('accepted', 'released')"


class ChangedState(Struct, frozen=True, kw_only=True):
    """What some runs on end changed; `whole` where one of them changed all there is."""

    whole: bool
    units: frozenset[str]
    numbers: frozenset[str]


class LastChange(Struct, frozen=True, kw_only=True):
    """For each record the sequence that the last run which changed it led to."""

    whole: int
    units: dict[str, int]
    numbers: dict[str, int]


def record_keys(
    connection: Connection, run_id: int, *, units: Iterable[str], numbers: Iterable[str]
) -> None:
    """Note the records that a run changed."""
    for topic, keys in ((UNITS, units), (LOCATION_NUMBERS, numbers)):
        connection.executemany(
            "INSERT INTO state_changes (run_id, topic, key) VALUES (?, ?, ?)",
            ((run_id, topic, key) for key in keys),
        )


def record_all(connection: Connection, run_id: int) -> None:
    """Note that a run changed every record there is."""
    connection.execute(
        "INSERT INTO state_changes (run_id, topic, key) VALUES (?, ?, '')", [run_id, _ALL]
    )


def changed_between(connection: Connection, after_run: int, run_id: int) -> ChangedState:
    """What the accepted runs after the one and up to the other changed."""
    rows = connection.execute(
        "SELECT DISTINCT topic, key FROM state_changes WHERE run_id > ? AND run_id <= ?",
        [after_run, run_id],
    ).fetchall()
    return ChangedState(
        whole=any(topic == _ALL for topic, _ in rows),
        units=frozenset(key for topic, key in rows if topic == UNITS),
        numbers=frozenset(key for topic, key in rows if topic == LOCATION_NUMBERS),
    )


def last_changes(connection: Connection, run_id: int, *, after_run: int = 0) -> LastChange:
    """When each record was last changed, seen from the end of that run.

    Of who asks only for what changed after a run, no more is read than what changed since.
    """
    reached = _sequences(connection)
    whole_run = connection.execute(
        "SELECT coalesce(max(run_id), 0) FROM state_changes WHERE topic = ? AND run_id <= ?",
        [_ALL, run_id],
    ).fetchone()[0]
    found: dict[str, dict[str, int]] = {UNITS: {}, LOCATION_NUMBERS: {}}
    for topic, key, last in connection.execute(
        "SELECT topic, key, max(run_id) FROM state_changes"
        " WHERE run_id > ? AND run_id <= ? GROUP BY topic, key",
        [max(whole_run, after_run), run_id],
    ):
        found[topic][key] = reached[last]
    return LastChange(
        whole=reached.get(whole_run, 0), units=found[UNITS], numbers=found[LOCATION_NUMBERS]
    )


def known_until(connection: Connection, run_id: int) -> tuple[set[str], set[str]]:
    """All ids and all numbers that some accepted run up to this one had."""
    units = connection.execute("SELECT sor_id FROM known_units WHERE first_run <= ?", [run_id])
    numbers = connection.execute(
        "SELECT DISTINCT number FROM location_number_owners WHERE first_run <= ?", [run_id]
    )
    return {key for (key,) in units}, {key for (key,) in numbers}


def previous_accepted(connection: Connection, run_id: int) -> int:
    """The accepted run before this one; 0 where there is none."""
    query = f"SELECT coalesce(max(id), 0) FROM runs WHERE {_ACCEPTED} AND id < ?"  # noqa: S608
    return int(connection.execute(query, [run_id]).fetchone()[0])


def accepted_after(connection: Connection, run_id: int) -> list[int]:
    """The accepted runs later than this one, newest first."""
    query = f"SELECT id FROM runs WHERE {_ACCEPTED} AND id > ? ORDER BY id DESC"  # noqa: S608
    return [found for (found,) in connection.execute(query, [run_id])]


def _sequences(connection: Connection) -> dict[int, int]:
    """For each accepted run the last sequence that was given when it was accepted.

    What was adopted has used sequences of its own, and lies before every record that stands now.
    """
    rows = connection.execute(
        "SELECT id, max(coalesce(max(last_sequence) OVER (ORDER BY id), 0), ?) FROM runs"  # noqa: S608  # ours
        f" WHERE {_ACCEPTED}",
        [adopted_sequence(connection)],
    )
    return dict(rows.fetchall())
