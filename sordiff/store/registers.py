"""The register of the last accepted snapshot, and tonight's over it, each unit read when asked for.

Both answer as a register does that holds all its units; what they don't answer by a look-up they
answer by reading everything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from sqlite3 import Connection
from typing import Any, Final

from sordiff.model import Classification, Day, Gln, Header, SorId, State, Unit
from sordiff.register import Register
from sordiff.store.unit_records import decoded

_OPEN: Final = '("to" IS NULL OR "to" >= :day) AND (first_from IS NULL OR first_from <= :day)'
_TOLD_BY_DAY: Final = (
    'SELECT sor_id FROM units WHERE "to" >= :before AND "to" < :day'
    " UNION SELECT sor_id FROM units WHERE first_from > :before AND first_from <= :day"
    " UNION SELECT sor_id FROM units"
    " WHERE location_number_to >= :before AND location_number_to < :day"
)


class StoredUnits(Mapping[SorId, Unit]):
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
            unit = self._read[sor_id] = None if row is None else decoded(row[0])
        return default if unit is None else unit

    def __getitem__(self, sor_id: SorId) -> Unit:
        unit: Unit | None = self.get(sor_id)
        if unit is None:
            raise KeyError(sor_id)
        return unit

    def __contains__(self, sor_id: object) -> bool:
        return self.get(SorId(str(sor_id))) is not None

    def __iter__(self) -> Iterator[SorId]:
        for sor_id, record in self.connection.execute("SELECT sor_id, record FROM units"):
            self._read[sor_id] = decoded(record)
        return (sor_id for sor_id, unit in self._read.items() if unit is not None)

    def __len__(self) -> int:
        if self._count is None:
            query = "SELECT count(*) FROM units INDEXED BY units_by_parent"
            self._count = int(self.connection.execute(query).fetchone()[0])
        return self._count


class StoredRegister(Register):
    """The register of the last accepted snapshot."""

    units: StoredUnits

    def __init__(
        self, connection: Connection, header: Header, lists: Mapping[str, Classification]
    ) -> None:
        """Read nothing yet."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=StoredUnits(connection),
            lists=lists,
        )
        self._connection = connection

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        query = "SELECT sor_id FROM units WHERE parent_id IS ? ORDER BY sor_id"
        return [row[0] for row in self._connection.execute(query, [sor_id])]

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        query = "SELECT sor_id FROM units WHERE location_number = ?"
        return frozenset(row[0] for row in self._connection.execute(query, [number]))

    def count_open(self) -> int:
        """How many units are open on the register's day."""
        return self.count_open_on(self.day)

    def count_open_on(self, day: Day) -> int:
        """How many units are open on some day."""
        query = f"SELECT count(*) FROM units INDEXED BY units_by_type WHERE {_OPEN}"  # noqa: S608
        return int(self._connection.execute(query, {"day": day}).fetchone()[0])

    def count_of_type_on(self, unit_type: str, day: Day) -> int:
        """How many units of a type are open on some day."""
        query = f"SELECT count(*) FROM units WHERE unit_type = :code AND {_OPEN}"  # noqa: S608
        values = {"code": unit_type, "day": day}
        return int(self._connection.execute(query, values).fetchone()[0])

    def told_by_day(self, day: Day) -> set[SorId]:
        """The units whose state, or whose number's, the days up to this one may change."""
        values = {"before": self.day, "day": day}
        return {row[0] for row in self._connection.execute(_TOLD_BY_DAY, values)}


class OverlaidUnits(Mapping[SorId, Unit]):
    """The units of the last accepted snapshot, under those that tonight's has otherwise."""

    def __init__(
        self,
        below: StoredUnits,
        changed: Mapping[SorId, Unit],
        gone: AbstractSet[SorId],
        count: int,
    ) -> None:
        """`changed` and `gone` go before what is below."""
        self._below = below
        self.changed = changed
        self.gone = gone
        self._count = count

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self.changed.get(sor_id)
        if unit is not None:
            return unit
        return default if sor_id in self.gone else self._below.get(sor_id, default)

    def __getitem__(self, sor_id: SorId) -> Unit:
        unit: Unit | None = self.get(sor_id)
        if unit is None:
            raise KeyError(sor_id)
        return unit

    def __contains__(self, sor_id: object) -> bool:
        return self.get(SorId(str(sor_id))) is not None

    def __iter__(self) -> Iterator[SorId]:
        stayed = (i for i in self._below if i not in self.changed and i not in self.gone)
        yield from stayed
        yield from self.changed

    def __len__(self) -> int:
        return self._count


class OverlaidRegister(Register):
    """Tonight's register, of which only what changed was read."""

    units: OverlaidUnits

    def __init__(
        self,
        below: StoredRegister,
        units: OverlaidUnits,
        header: Header,
        lists: Mapping[str, Classification],
    ) -> None:
        """Put the changed units over those below."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=units,
            lists=lists,
        )
        self._below = below
        self._come: dict[SorId | None, list[SorId]] = {}
        self._owning: dict[Gln, list[SorId]] = {}
        for unit in units.changed.values():
            self._come.setdefault(unit.parent_id, []).append(unit.sor_id)
            if unit.number is not None:
                self._owning.setdefault(unit.number, []).append(unit.sor_id)

    def _stayed(self, ids: Iterable[SorId]) -> list[SorId]:
        changed, gone = self.units.changed, self.units.gone
        return [sor_id for sor_id in ids if sor_id not in changed and sor_id not in gone]

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        stayed = self._stayed(self._below.children_of(sor_id))
        return sorted([*stayed, *self._come.get(sor_id, ())])

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        stayed = self._stayed(self._below.owners_of(number))
        return frozenset([*stayed, *self._owning.get(number, ())])

    def count_open(self) -> int:
        """How many units are open on the register's day."""
        return self._below.count_open_on(self.day) + self._gained(lambda _: True)

    def carriers(self, serves: str | None, code: str) -> int | None:
        """How many open units carry the code in the field that a list serves, if it does."""
        if serves != "unit_type":
            return super().carriers(serves, code)
        below = self._below.count_of_type_on(code, self.day)
        return below + self._gained(lambda unit: unit.unit_type == code)

    def _gained(self, counts: Any) -> int:
        """How many more open units there are than below, of those that count."""
        changed, below = self.units.changed, self._below.units
        before = (below.get(sor_id) for sor_id in (*changed, *self.units.gone))

        def open_ones(units: Iterable[Unit | None]) -> int:
            return sum(
                unit is not None and unit.state(self.day) is State.OPEN and counts(unit)
                for unit in units
            )

        return open_ones(changed.values()) - open_ones(before)
