"""The current state in the changelog: units, their numbers' owners, classifications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from itertools import islice
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.changelog.records import NO_UNITS
from sordiff.changelog.state import AcceptedState
from sordiff.model import Classification, Day, Entry, Gln, Header, SorId, Unit
from sordiff.store.stored_register import StoredRegister, StoredUnits
from sordiff.store.unit_rows import (
    INDEXED,
    INSERT_UNIT,
    build_unit_row,
    choose_update,
    copy_prepared,
    prepare_units,
)
from sordiff.store.values import write_values
from sordiff.unit_records import KeptUnit, decode_brief_units, decode_unit
from sordiff.wire import encode_canonically

if TYPE_CHECKING:
    from sordiff.brief_unit import BriefUnit
    from sordiff.changelog.records import PreparedUnits
    from sordiff.overlay import LazyRegister

_AT_A_TIME = 500


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

    def prepare(self, units: Iterable[Unit]) -> bytes:
        return prepare_units(units)

    def write_units(
        self,
        units: Iterable[Unit | KeptUnit],
        removed: Iterable[SorId],
        records: Mapping[SorId, str] | None = None,
        *,
        created: AbstractSet[SorId] = frozenset(),
        prepared: PreparedUnits = NO_UNITS,
    ) -> None:
        removed = [*removed]
        if self._kept is not None:
            units = [*units]
            self._kept.forget((*(unit.sor_id for unit in units), *removed, *prepared.ids))
        self._connection.executemany("DELETE FROM units WHERE sor_id = ?", [(i,) for i in removed])
        known = records or {}
        rows = (build_unit_row(unit, known.get(unit.sor_id)) for unit in units)
        if self._connection.execute("SELECT 1 FROM units LIMIT 1").fetchone():
            while some := [*islice(rows, _AT_A_TIME)]:
                self._write_over(some, created)
        else:
            with self._indexed_afterwards("units"):
                self._connection.executemany(INSERT_UNIT, rows)
        if prepared.ids:
            copy_prepared(self._connection, prepared.parts)

    def _write_over(self, rows: Sequence[Sequence[Any]], created: AbstractSet[SorId]) -> None:
        """Write rows of units; of those that are there, indexes that say the same stay."""
        absent = ", ".join(f"IFNULL({name},CHAR(0))" for name in INDEXED)
        query = f"SELECT sor_id, {absent} FROM json_each(?) CROSS JOIN units ON sor_id = value"  # noqa: S608  # ours
        wanted = [row[0] for row in rows if row[0] not in created]
        found = self._connection.execute(query, [write_values(wanted)]) if wanted else ()
        there = {row[0]: row[1:] for row in found}
        by_statement = defaultdict[str, list[Sequence[Any]]](list)
        for row in rows:
            before = there.get(row[0])
            by_statement[INSERT_UNIT if before is None else choose_update(before, row)].append(row)
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
