"""What the changelog knows of earlier nights, asked one id at a time."""

from sqlite3 import Connection

from sordiff.events import Previously
from sordiff.interpret import History
from sordiff.model import Day, Gln, SorId


class SqliteHistory(History):
    """Each question is one indexed look-up."""

    def __init__(self, connection: Connection) -> None:
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
