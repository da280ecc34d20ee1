"""The current state in the changelog: units, their numbers' owners, classifications."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Any

import msgspec

from sordiff.events import Previously
from sordiff.model import BriefUnit, Classification, Day, Entry, Gln, SorId, Unit
from sordiff.store.unit_records import decoded, decoded_briefly, encoded
from sordiff.wire import canonical

_UNIT_COLUMNS = (
    "sor_id, kind, parent_id, name, unit_type, location_number, first_from, "
    '"to", location_number_to, record'
)

_AT_A_TIME = 500


def read_units(connection: Connection, wanted: Iterable[SorId] | None = None) -> dict[SorId, Unit]:
    """The units of the last accepted snapshot: all, or of those wanted the ones that are there."""
    if wanted is None:
        rows: Iterable[Any] = connection.execute("SELECT sor_id, record FROM units")
    else:
        rows = _rows_of(connection, sorted(wanted))
    return {SorId(sor_id): decoded(record) for sor_id, record in rows}


def read_briefly(connection: Connection, wanted: Iterable[SorId]) -> dict[SorId, BriefUnit]:
    """What a list tells of those of these units that are in the last accepted snapshot."""
    rows = _rows_of(connection, sorted(wanted))
    return {SorId(sor_id): decoded_briefly(record) for sor_id, record in rows}


def _rows_of(connection: Connection, wanted: Sequence[SorId]) -> Iterator[tuple[str, str]]:
    """The rows of these units, some hundreds at a time."""
    for start in range(0, len(wanted), _AT_A_TIME):
        some = wanted[start : start + _AT_A_TIME]
        marks = ", ".join("?" * len(some))
        query = f"SELECT sor_id, record FROM units WHERE sor_id IN ({marks})"  # noqa: S608
        yield from connection.execute(query, some)


def write_units(connection: Connection, units: Iterable[Unit], removed: Iterable[SorId]) -> None:
    """Put these units in place of what is there of them, and take the removed away."""
    marks = ", ".join("?" * (_UNIT_COLUMNS.count(",") + 1))
    connection.executemany("DELETE FROM units WHERE sor_id = ?", [(i,) for i in removed])
    with _indexed_afterwards(connection, "units"):
        connection.executemany(
            f"INSERT OR REPLACE INTO units ({_UNIT_COLUMNS}) VALUES ({marks})",  # noqa: S608
            (_unit_row(unit) for unit in units),
        )


@contextmanager
def _indexed_afterwards(connection: Connection, table: str) -> Iterator[None]:
    """Make the indexes of an empty table when it is filled: a third of the time of a baseline."""
    if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608
        yield
        return
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql > ''"
    indexes = connection.execute(query, [table]).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, statement in indexes:
        connection.execute(statement)


def _unit_row(unit: Unit) -> tuple[Any, ...]:
    number = unit.location_number
    return (
        unit.sor_id,
        str(unit.kind),
        unit.parent_id,
        unit.name,
        unit.unit_type,
        unit.number,
        unit.first_from,
        unit.to,
        number.to if number else None,
        encoded(unit),
    )


def remember_units(connection: Connection, ids: Iterable[SorId], run_id: int) -> None:
    """Note which run first had these ids; a known one stays as it is."""
    connection.executemany(
        "INSERT OR IGNORE INTO known_units (sor_id, first_run) VALUES (?, ?)",
        ((sor_id, run_id) for sor_id in ids),
    )


def record_owners(
    connection: Connection,
    run_id: int,
    day: Day,
    *,
    gone: Iterable[tuple[Gln, SorId]],
    come: Iterable[tuple[Gln, SorId]],
) -> None:
    """Note who stopped and who began to own a number in this run."""
    connection.executemany(
        "UPDATE location_number_owners SET released_run = ?, released = ?"
        " WHERE number = ? AND unit_id = ? AND released_run IS NULL",
        ((run_id, day, number, unit_id) for number, unit_id in gone),
    )
    connection.executemany(
        "INSERT INTO location_number_owners (number, unit_id, first_run) VALUES (?, ?, ?)",
        ((number, unit_id, run_id) for number, unit_id in come),
    )


def read_lists(connection: Connection) -> dict[str, Classification]:
    """The classifications that hold, by name."""
    entries: dict[str, dict[str, Entry]] = {}
    for name, code, text, attributes in connection.execute(
        "SELECT list, code, text, attributes FROM classification_entries ORDER BY list, code"
    ):
        entries.setdefault(name, {})[code] = Entry(
            code=code, text=text, attributes=msgspec.json.decode(attributes)
        )
    rows = connection.execute("SELECT list, serves FROM classifications")
    return {
        name: Classification(name=name, serves=serves, entries=entries.get(name, {}))
        for name, serves in rows
    }


def write_lists(connection: Connection, lists: Mapping[str, Classification]) -> None:
    """Put these lists in place of what is there of them; others stay."""
    for name, classification in lists.items():
        connection.execute("DELETE FROM classification_entries WHERE list = ?", [name])
        connection.execute(
            "INSERT INTO classifications (list, serves) VALUES (?, ?)"
            " ON CONFLICT (list) DO UPDATE SET serves = excluded.serves",
            [name, classification.serves],
        )
        connection.executemany(
            "INSERT INTO classification_entries (list, code, text, attributes) VALUES (?, ?, ?, ?)",
            (
                (name, entry.code, entry.text, canonical(entry.attributes).decode())
                for entry in classification.entries.values()
            ),
        )


class RecordedHistory:
    """What the changelog knows of earlier nights, asked one id at a time."""

    def __init__(self, connection: Connection) -> None:
        """Keep the connection; each question is one indexed look-up."""
        self._connection = connection

    def was_known(self, sor_id: SorId) -> bool:
        """Whether an earlier accepted run had this id."""
        query = "SELECT 1 FROM known_units WHERE sor_id = ?"
        return self._connection.execute(query, [sor_id]).fetchone() is not None

    def earlier_owner(self, number: Gln, owners: frozenset[SorId]) -> Previously | None:
        """The last unit that stopped owning the number, but for tonight's owners.

        Of several that stopped in one night it is the one with the lowest id.
        """
        rows = self._connection.execute(
            "SELECT unit_id, released FROM location_number_owners"
            " WHERE number = ? AND released_run IS NOT NULL"
            " ORDER BY released_run DESC, unit_id",
            [number],
        )
        return next(
            (
                Previously(unit_id=SorId(unit_id), released=Day(released))
                for unit_id, released in rows
                if unit_id not in owners
            ),
            None,
        )
