"""What the changelog knows of earlier nights."""

from collections.abc import Iterable
from sqlite3 import Connection

from sordiff.events import Previously
from sordiff.interpret import History
from sordiff.model import Day, Gln, SorId
from sordiff.store.values import write_values


class SqliteHistory(History):
    """Each question is one look-up by an index."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_known(self, ids: Iterable[SorId]) -> frozenset[SorId]:
        """Those of these ids that an earlier accepted run had."""
        query = "SELECT sor_id FROM known_units WHERE sor_id IN (SELECT value FROM json_each(?))"
        rows = self._connection.execute(query, [write_values(ids)])
        return frozenset(SorId(sor_id) for (sor_id,) in rows)

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
