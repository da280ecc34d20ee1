"""All units by what people know of them."""

from collections.abc import Iterator
from sqlite3 import Connection

from sordiff.brief_unit import SearchedUnit
from sordiff.changelog.queries import Search
from sordiff.store.unit_records import decode_searched_unit


class SqliteSearch(Search):
    """Search in SQLite: one pass over the records, a quarter of a second for 140,000."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def iterate_units(self) -> Iterator[SearchedUnit]:
        for (record,) in self._connection.execute("SELECT record FROM units"):
            yield decode_searched_unit(record)
