"""All units by what people know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from sordiff.changelog.queries import Search
from sordiff.unit_records import decode_indexed_unit, decode_searched_unit

if TYPE_CHECKING:
    from sordiff.brief_unit import IndexedUnit, SearchedUnit
    from sordiff.model import SorId


class SqliteSearch(Search):
    """Search in SQLite: one pass over the records, a quarter of a second for 140,000."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def iterate_units(self) -> Iterator[SearchedUnit]:
        for (record,) in self._connection.execute("SELECT record FROM units"):
            yield decode_searched_unit(record)

    def iterate_to_index(self) -> Iterator[IndexedUnit]:
        for (record,) in self._connection.execute("SELECT record FROM units"):
            yield decode_indexed_unit(record)

    def read_to_index(self, ids: Iterable[SorId]) -> list[IndexedUnit]:
        return [decode_indexed_unit(record) for record in self._read_records(ids)]

    def read_units(self, ids: Iterable[SorId]) -> dict[SorId, SearchedUnit]:
        found = [decode_searched_unit(record) for record in self._read_records(ids)]
        return {unit.sor_id: unit for unit in found}

    def _read_records(self, ids: Iterable[SorId]) -> Iterator[str]:
        rows = self._connection.execute(
            "SELECT record FROM json_each(?) CROSS JOIN units ON sor_id = value",
            [msgspec.json.encode(list(ids)).decode()],
        )
        return (record for (record,) in rows)
