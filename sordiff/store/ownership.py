"""Who had a location number, and since when a unit is there or gone."""

from sqlite3 import Connection

from sordiff.changelog.queries import Ownership
from sordiff.changelog.records import OwnerSpan
from sordiff.events import UnitRemoved, find_event_name
from sordiff.model import Gln, SorId
from sordiff.store.conditions import ACCEPTED


class SqliteOwnership(Ownership):
    """Ownership in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_first_run(self, sor_id: SorId) -> int | None:
        query = "SELECT first_run FROM known_units WHERE sor_id = ?"
        row = self._connection.execute(query, [sor_id]).fetchone()
        return None if row is None else int(row[0])

    def find_removing_run(self, sor_id: SorId, run_id: int) -> int | None:
        row = self._connection.execute(
            "SELECT max(run_id) FROM ("  # noqa: S608  # the condition is ours
            "SELECT run_id FROM events INDEXED BY events_by_subject"
            " WHERE subject = :id AND sequence > 0 AND type = :removed AND run_id <= :run"
            " UNION ALL SELECT run_id FROM adoptions INDEXED BY adoptions_by_subject"
            f" JOIN runs ON runs.id = run_id AND {ACCEPTED}"
            " WHERE subject = :id AND path = '' AND after IS NULL AND run_id <= :run)",
            {"id": sor_id, "run": run_id, "removed": find_event_name(UnitRemoved)},
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def is_number(self, number: Gln) -> bool:
        query = "SELECT 1 FROM location_number_owners WHERE number = ? LIMIT 1"
        return self._connection.execute(query, [number]).fetchone() is not None

    def list_owners(self, number: Gln) -> list[OwnerSpan]:
        rows = self._connection.execute(
            "SELECT unit_id, first_run, released_run FROM location_number_owners"
            " WHERE number = ? ORDER BY released_run IS NULL, released_run, first_run, unit_id",
            [number],
        )
        return [
            OwnerSpan(unit_id=SorId(unit_id), first_run=first, released_run=released)
            for unit_id, first, released in rows
        ]
