"""The current state in the changelog: units, their numbers' owners, classifications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from operator import itemgetter
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.changelog.state import AcceptedState
from sordiff.model import Classification, Day, Entry, Gln, Header, SorId, Unit
from sordiff.store.plain_columns import UNIT_COLUMNS
from sordiff.store.stored_register import StoredRegister, StoredUnits
from sordiff.store.values import write_values
from sordiff.unit_records import KeptUnit, decode_brief_units, decode_unit, encode_unit
from sordiff.wire import encode_canonically

if TYPE_CHECKING:
    from sordiff.brief_unit import BriefUnit
    from sordiff.overlay import LazyRegister

_UNIT_COLUMNS = (
    "sor_id",
    "kind",
    "parent_id",
    "name",
    "unit_type",
    "location_number",
    "first_from",
    '"to"',
    "location_number_to",
    "record",
    *UNIT_COLUMNS,
)

# What stands for an absent value on its way into SQLite, which is a third slower with None itself:
# for every None, Python's module looks for an adapter. No text of the register has this character.
_ABSENT = "\0"
_INSERT = (
    f"INSERT INTO units ({', '.join(_UNIT_COLUMNS)})"  # noqa: S608  # columns are ours
    f" VALUES ({', '.join(['NULLIF(?,CHAR(0))'] * len(_UNIT_COLUMNS))})"
)
# An update writes an index anew of whose columns it sets one, though to the value that it had.
_INDEXED = (
    "parent_id",
    "unit_type",
    "location_number",
    "first_from",
    '"to"',
    "location_number_to",
    "provider_number",
)


_get_indexed = itemgetter(*(_UNIT_COLUMNS.index(name) for name in _INDEXED))


@cache
def _build_update(kept: frozenset[str]) -> str:
    """A statement that sets a unit's columns but those, given its row as it is for an insert."""
    values = ", ".join(
        f"{name}=NULLIF(?{place},CHAR(0))"
        for place, name in enumerate(_UNIT_COLUMNS[1:], 2)
        if name not in kept
    )
    return f"UPDATE units SET {values} WHERE sor_id = ?1"  # noqa: S608  # columns are ours


_AT_A_TIME = 500


def _choose_update(before: Sequence[str], row: Sequence[Any]) -> str:
    """The statement that takes a unit to its new row, from what its indexed columns have."""
    told = zip(_INDEXED, before, _get_indexed(row), strict=True)
    return _build_update(frozenset(name for name, old, new in told if old == new))


class SqliteAcceptedState(AcceptedState):
    """State in SQLite."""

    def __init__(self, connection: Connection, *, keeps_units: bool = False) -> None:
        """`keeps_units`: a unit that was read stays known until this writes it."""
        self._connection = connection
        self._kept = StoredUnits(connection) if keeps_units else None

    def read_units(self, wanted: Iterable[SorId] | None = None) -> dict[SorId, Unit]:
        if wanted is None:
            rows: Iterable[Any] = self._connection.execute("SELECT sor_id, record FROM units")
        else:
            rows = self._rows_of(sorted(wanted))
        return {SorId(sor_id): decode_unit(record) for sor_id, record in rows}

    def read_briefly(self, wanted: Iterable[SorId]) -> dict[SorId, BriefUnit]:
        query = "SELECT CAST(record AS BLOB) FROM json_each(?) CROSS JOIN units ON sor_id = value"
        rows = self._connection.execute(query, [write_values(sorted(wanted))])
        return {unit.sor_id: unit for unit in decode_brief_units(record for (record,) in rows)}

    def _rows_of(self, wanted: Sequence[SorId]) -> Iterator[tuple[str, str]]:
        """The rows of these units, some hundreds at a time."""
        for start in range(0, len(wanted), _AT_A_TIME):
            some = wanted[start : start + _AT_A_TIME]
            marks = ", ".join("?" * len(some))
            query = f"SELECT sor_id, record FROM units WHERE sor_id IN ({marks})"  # noqa: S608
            yield from self._connection.execute(query, some)

    def write_units(
        self,
        units: Iterable[Unit | KeptUnit],
        removed: Iterable[SorId],
        records: Mapping[SorId, str] | None = None,
    ) -> None:
        removed = [*removed]
        if self._kept is not None:
            units = [*units]
            self._kept.forget((*(unit.sor_id for unit in units), *removed))
        self._connection.executemany("DELETE FROM units WHERE sor_id = ?", [(i,) for i in removed])
        known = records or {}
        rows = (_unit_row(unit, known.get(unit.sor_id)) for unit in units)
        if self._connection.execute("SELECT 1 FROM units LIMIT 1").fetchone():
            while some := [*islice(rows, _AT_A_TIME)]:
                self._write_over(some)
        else:
            with self._indexed_afterwards("units"):
                self._connection.executemany(_INSERT, rows)

    def _write_over(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows of units; of those that are there, indexes that say the same stay."""
        absent = ", ".join(f"IFNULL({name},CHAR(0))" for name in _INDEXED)
        query = f"SELECT sor_id, {absent} FROM json_each(?) CROSS JOIN units ON sor_id = value"  # noqa: S608  # ours
        wanted = [write_values(row[0] for row in rows)]
        there = {row[0]: row[1:] for row in self._connection.execute(query, wanted)}
        by_statement = defaultdict[str, list[Sequence[Any]]](list)
        for row in rows:
            before = there.get(row[0])
            by_statement[_INSERT if before is None else _choose_update(before, row)].append(row)
        for statement, some in by_statement.items():
            self._connection.executemany(statement, some)

    @contextmanager
    def _indexed_afterwards(self, table: str) -> Iterator[None]:
        """Make the indexes of an empty table when it is filled: a third of a baseline's time."""
        query = (
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql > ''"
        )
        indexes = self._connection.execute(query, [table]).fetchall()
        for name, _ in indexes:
            self._connection.execute(f"DROP INDEX {name}")
        yield
        for _, statement in indexes:
            self._connection.execute(statement)

    def remember_units(self, ids: Iterable[SorId], run_id: int) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO known_units (sor_id, first_run)"
            " SELECT value, ? FROM json_each(?)",
            [run_id, write_values(ids)],
        )

    def record_owners(
        self,
        run_id: int,
        day: Day,
        *,
        gone: Iterable[tuple[Gln, SorId]],
        come: Iterable[tuple[Gln, SorId]],
    ) -> None:
        self._connection.executemany(
            "UPDATE location_number_owners SET released_run = ?, released = ?"
            " WHERE number = ? AND unit_id = ? AND released_run IS NULL",
            ((run_id, day, number, unit_id) for number, unit_id in gone),
        )
        self._connection.executemany(
            "INSERT INTO location_number_owners (number, unit_id, first_run) VALUES (?, ?, ?)",
            ((number, unit_id, run_id) for number, unit_id in come),
        )

    def read_lists(self) -> dict[str, Classification]:
        entries: dict[str, dict[str, Entry]] = {}
        for name, code, text, attributes in self._connection.execute(
            "SELECT list, code, text, attributes FROM classification_entries ORDER BY list, code"
        ):
            entries.setdefault(name, {})[code] = Entry(
                code=code, text=text, attributes=msgspec.json.decode(attributes)
            )
        rows = self._connection.execute(
            "SELECT list, serves, reading_rules, in_use_only FROM classifications"
        )
        return {
            name: Classification(
                name=name,
                serves=serves,
                entries=entries.get(name, {}),
                reading_rules=rules,
                in_use_only=bool(in_use_only),
            )
            for name, serves, rules, in_use_only in rows
        }

    def write_lists(self, lists: Mapping[str, Classification]) -> None:
        for name, classification in lists.items():
            self._connection.execute("DELETE FROM classification_entries WHERE list = ?", [name])
            self._connection.execute(
                "INSERT INTO classifications (list, serves, reading_rules, in_use_only)"
                " VALUES (?, ?, ?, ?) ON CONFLICT (list) DO UPDATE SET serves = excluded.serves,"
                " reading_rules = excluded.reading_rules, in_use_only = excluded.in_use_only",
                [
                    name,
                    classification.serves,
                    classification.reading_rules,
                    classification.in_use_only,
                ],
            )
            self._connection.executemany(
                "INSERT INTO classification_entries (list, code, text, attributes)"
                " VALUES (?, ?, ?, ?)",
                (
                    (name, entry.code, entry.text, encode_canonically(entry.attributes).decode())
                    for entry in classification.entries.values()
                ),
            )

    def open_register(self, header: Header, open_units: int | None = None) -> LazyRegister:
        lists = self.read_lists()
        return StoredRegister(self._connection, header, lists, self._kept, open_units)


def _unit_row(unit: Unit | KeptUnit, record: str | None) -> list[Any]:
    number = unit.location_number
    if record is None:
        record = unit.record if isinstance(unit, KeptUnit) else encode_unit(unit)
    values = (
        unit.sor_id,
        str(unit.kind),
        unit.parent_id,
        unit.name,
        unit.unit_type,
        unit.number,
        unit.first_from,
        unit.to,
        number.to if number else None,
        record,
        *_list_plain_values(unit),
    )
    return [_ABSENT if value is None else value for value in values]


def _list_plain_values(unit: Unit | KeptUnit) -> tuple[str | int | None, ...]:
    """The values of UNIT_COLUMNS, in their order."""
    number, contact = unit.location_number, unit.contact
    postal = unit.address.postal if unit.address else None
    return (
        unit.provider_number,
        unit.shak,
        unit.cvr,
        unit.p_number,
        unit.pharmacy_number,
        postal.post_code if postal else None,
        postal.district_name if postal else None,
        contact.email if contact else None,
        contact.phone if contact else None,
        # Null as in the record, which leaves out what has its default value.
        1 if unit.location_number_inherited else None,
        None if number is None or number.inactive is None else int(number.inactive),
        number.system_supplier if number else None,
        number.system if number else None,
        number.network if number else None,
        number.administrator if number else None,
    )
