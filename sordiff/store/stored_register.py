"""The register of the last accepted snapshot, each unit read when it is asked for.

It answers as a register does that holds all its units; what it doesn't answer by a look-up it
answers by reading everything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from sqlite3 import Connection
from typing import Any, Final

from sordiff.model import Classification, Day, Gln, Header, SorId, Unit
from sordiff.overlay import LazyRegister, LazyUnits
from sordiff.store.values import write_values
from sordiff.unit_records import decode_unit

_OPEN: Final = '("to" IS NULL OR "to" >= :day) AND (first_from IS NULL OR first_from <= :day)'
_ALL_DAYS: Final = "SELECT count(*) FROM units INDEXED BY units_by_type"
_COUNT_OPEN: Final = f"{_ALL_DAYS} WHERE {_OPEN}"
_FUTURE: Final = "FROM units INDEXED BY units_by_first_from WHERE first_from > :day"
_CLOSED: Final = 'FROM units INDEXED BY units_by_to WHERE "to" < :day'
# The last part: units that are both, for their last day lies before their first.
_COUNT_NOT_OPEN: Final = (
    f"SELECT (SELECT count(*) {_CLOSED}) + (SELECT count(*) {_FUTURE})"
    f" - (SELECT count(*) {_CLOSED} AND sor_id IN (SELECT sor_id {_FUTURE}))"
)
_COUNT_FUTURE: Final = f"SELECT count(*) {_FUTURE}"
# How many more are open on a later day: those that opened, without those that closed.
_COUNT_TURNED: Final = (
    "SELECT (SELECT count(*) FROM units INDEXED BY units_by_first_from"
    ' WHERE first_from > :before AND first_from <= :day AND ("to" IS NULL OR "to" >= :day))'
    " - (SELECT count(*) FROM units INDEXED BY units_by_to"
    ' WHERE "to" >= :before AND "to" < :day'
    " AND (first_from IS NULL OR first_from <= :before))"
)
# For more the one index that holds both days is quicker.
_FEW_FUTURE: Final = 20_000
_TOLD_BY_DAY: Final = (
    'SELECT sor_id FROM units WHERE "to" >= :before AND "to" < :day'
    " UNION SELECT sor_id FROM units WHERE first_from > :before AND first_from <= :day"
    " UNION SELECT sor_id FROM units"
    " WHERE location_number_to >= :before AND location_number_to < :day"
)


class StoredUnits(LazyUnits):
    """The units in the changelog by id; one that was asked for is kept."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet."""
        self.connection = connection
        self._read: dict[SorId, Unit | None] = {}
        self._count: int | None = None

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        try:
            unit = self._read[sor_id]
        except KeyError:
            query = "SELECT record FROM units WHERE sor_id = ?"
            row = self.connection.execute(query, [sor_id]).fetchone()
            unit = self._read[sor_id] = None if row is None else decode_unit(row[0])
        return default if unit is None else unit

    def look_ahead(self, ids: Iterable[SorId]) -> None:
        """Read these units; those that are not there are known for it."""
        wanted = [sor_id for sor_id in ids if sor_id not in self._read]
        query = "SELECT sor_id, record FROM units WHERE sor_id IN (SELECT value FROM json_each(?))"
        rows = self.connection.execute(query, [write_values(wanted)])
        found = {SorId(sor_id): decode_unit(record) for sor_id, record in rows}
        self._read |= {sor_id: found.get(sor_id) for sor_id in wanted}

    def look_ahead_above(self, units: Iterable[Unit]) -> None:
        """Read the units above these, level by level."""
        above = self._find_unread_parents(units)
        while above:
            self.look_ahead(above)
            above = self._find_unread_parents(map(self._read.__getitem__, above))

    def _find_unread_parents(self, units: Iterable[Unit | None]) -> set[SorId]:
        parents = (unit.parent_id for unit in units if unit is not None)
        return {sor_id for sor_id in parents if sor_id is not None and sor_id not in self._read}

    def read_below(self, ids: Iterable[SorId]) -> dict[SorId | None, list[SorId]]:
        """Read the units directly below these; who is below whom, in order."""
        ids = list(ids)
        below: dict[SorId | None, list[SorId]] = {sor_id: [] for sor_id in ids}
        query = (
            "SELECT parent_id, sor_id, record FROM units"
            " WHERE parent_id IN (SELECT value FROM json_each(?)) ORDER BY sor_id"
        )
        for parent_id, sor_id, record in self.connection.execute(query, [write_values(ids)]):
            below[parent_id].append(sor_id)
            if sor_id not in self._read:
                self._read[sor_id] = decode_unit(record)
        return below

    def forget(self, ids: Iterable[SorId]) -> None:
        """Read these anew when they are asked for: they are being written."""
        self._count = None
        for sor_id in ids:
            self._read.pop(sor_id, None)

    def __iter__(self) -> Iterator[SorId]:
        for sor_id, record in self.connection.execute("SELECT sor_id, record FROM units"):
            self._read[sor_id] = decode_unit(record)
        return (sor_id for sor_id, unit in self._read.items() if unit is not None)

    def units_except(self, skipped: AbstractSet[SorId]) -> Iterator[Unit]:
        """The units but for these, none of them kept."""
        rows = self.connection.execute("SELECT sor_id, record FROM units")
        return (decode_unit(record) for sor_id, record in rows if sor_id not in skipped)

    def __len__(self) -> int:
        if self._count is None:
            query = "SELECT count(*) FROM units INDEXED BY units_by_parent"
            self._count = int(self.connection.execute(query).fetchone()[0])
        return self._count


class StoredRegister(LazyRegister):
    """The register of the last accepted snapshot."""

    units: StoredUnits

    def __init__(
        self,
        connection: Connection,
        header: Header,
        lists: Mapping[str, Classification],
        units: StoredUnits | None = None,
        open_units: int | None = None,
    ) -> None:
        """Read nothing yet; `units`: those that were read before, and are as they were.

        `open_units`: how many are open on the day of the header, if that is known.
        """
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=StoredUnits(connection) if units is None else units,
            lists=lists,
        )
        self._connection = connection
        self._open_units = open_units
        self._found_below: dict[SorId | None, list[SorId]] = {}
        self._found_owners: dict[str, frozenset[SorId]] = {}
        self._found_carriers: dict[str, frozenset[SorId]] = {}

    def look_ahead(self, units: Iterable[Unit]) -> None:
        """Find who has the numbers of these units, and read the units above them."""
        numbers, provider_numbers = set(), set()
        units = list(units)
        self.units.look_ahead_above(units)
        for unit in units:
            numbers.add(unit.number)
            provider_numbers.add(unit.provider_number)
        self._found_owners |= self._find_all("location_number", numbers)
        self._found_carriers |= self._find_all("provider_number", provider_numbers)

    def look_ahead_below(self, ids: Iterable[SorId]) -> None:
        """Read the units below these, level by level."""
        level = [sor_id for sor_id in ids if sor_id not in self._found_below]
        while level:
            found = self.units.read_below(level)
            self._found_below |= found
            level = [below for several in found.values() for below in several]

    def look_ahead_numbers(self, numbers: Iterable[Gln]) -> None:
        """Find the owners of these numbers."""
        self._found_owners |= self._find_all(
            "location_number", set(numbers) - self._found_owners.keys()
        )

    def _find_all(self, column: str, values: set[Any]) -> dict[str, frozenset[SorId]]:
        """The units that have each of these values in a column."""
        found: dict[str, list[SorId]] = {value: [] for value in values if value is not None}
        query = (
            f"SELECT {column}, sor_id FROM units"  # noqa: S608  # columns are ours
            f" WHERE {column} IN (SELECT value FROM json_each(?))"
        )
        for value, sor_id in self._connection.execute(query, [write_values(found)]):
            found[value].append(sor_id)
        return {value: frozenset(ids) for value, ids in found.items()}

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        if sor_id not in self._found_below:
            query = "SELECT sor_id FROM units WHERE parent_id IS ? ORDER BY sor_id"
            found = self._connection.execute(query, [sor_id])
            self._found_below[sor_id] = [row[0] for row in found]
        return self._found_below[sor_id]

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        if number not in self._found_owners:
            self.look_ahead_numbers((number,))
        return self._found_owners[number]

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        if self._open_units is not None and day >= self.day:
            between = {"before": self.day, "day": day}
            return self._open_units + self._count(_COUNT_TURNED, **between)
        if self._count(_COUNT_FUTURE, day=day) > _FEW_FUTURE:
            return self._count(_COUNT_OPEN, day=day)
        return len(self.units) - self._count(_COUNT_NOT_OPEN, day=day)

    def _count(self, query: str, **days: Day) -> int:
        return int(self._connection.execute(query, days).fetchone()[0])

    def carriers_on(self, serves: str, code: str, day: Day) -> int:
        """How many units that are open on a day carry the code in a field."""
        if serves != "unit_type":
            return super().carriers_on(serves, code, day)
        query = f"SELECT count(*) FROM units WHERE unit_type = :code AND {_OPEN}"  # noqa: S608
        found = self._connection.execute(query, {"code": code, "day": day}).fetchone()
        return int(found[0])

    def with_provider_number(self, number: str) -> Iterable[SorId]:
        """The units that carry a provider number."""
        if number not in self._found_carriers:
            self._found_carriers |= self._find_all("provider_number", {number})
        return self._found_carriers[number]

    def carrying(self, field: str, codes: AbstractSet[str]) -> Iterator[SorId]:
        """The units that carry one of these codes in that field."""
        if field != "unit_type":
            yield from super().carrying(field, codes)
            return
        for code in codes:
            query = "SELECT sor_id FROM units WHERE unit_type = ?"
            yield from (row[0] for row in self._connection.execute(query, [code]).fetchall())

    def state_changes_by(self, day: Day) -> Iterable[SorId]:
        """The units whose state, or whose number's, may be another on that other day."""
        values = {"before": min(self.day, day), "day": max(self.day, day)}
        return {row[0] for row in self._connection.execute(_TOLD_BY_DAY, values)}
