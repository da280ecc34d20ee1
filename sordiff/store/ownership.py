"""Who had a location number, and since when a unit is there or gone."""

from sqlite3 import Connection

from msgspec import Struct

from sordiff.events import UnitRemoved, name_of
from sordiff.model import Gln, SorId
from sordiff.store.runs import ACCEPTED


class Held(Struct, frozen=True, kw_only=True):
    """A unit that owned a number from one run until another; None: it still does."""

    unit_id: SorId
    first_run: int
    released_run: int | None


def first_run_of(connection: Connection, sor_id: SorId) -> int | None:
    """The accepted run that first had this unit, or None where none ever did."""
    query = "SELECT first_run FROM known_units WHERE sor_id = ?"
    row = connection.execute(query, [sor_id]).fetchone()
    return None if row is None else int(row[0])


def removing_run(connection: Connection, sor_id: SorId, run_id: int) -> int | None:
    """The last accepted run, up to that one, with which the unit was gone, by an event or not."""
    row = connection.execute(
        "SELECT max(run_id) FROM ("  # noqa: S608  # the condition is ours
        "SELECT run_id FROM events INDEXED BY events_by_subject"
        " WHERE subject = :id AND sequence > 0 AND type = :removed AND run_id <= :run"
        " UNION ALL SELECT run_id FROM adoptions INDEXED BY adoptions_by_subject"
        f" JOIN runs ON runs.id = run_id AND {ACCEPTED}"
        " WHERE subject = :id AND path = '' AND after IS NULL AND run_id <= :run)",
        {"id": sor_id, "run": run_id, "removed": name_of(UnitRemoved)},
    ).fetchone()
    return None if row[0] is None else int(row[0])


def is_number(connection: Connection, number: Gln) -> bool:
    """Whether a unit of an accepted run ever owned this number."""
    query = "SELECT 1 FROM location_number_owners WHERE number = ? LIMIT 1"
    return connection.execute(query, [number]).fetchone() is not None


def of_number(connection: Connection, number: Gln) -> list[Held]:
    """All units that ever owned the number, in the order in which they gave it up."""
    rows = connection.execute(
        "SELECT unit_id, first_run, released_run FROM location_number_owners"
        " WHERE number = ? ORDER BY released_run IS NULL, released_run, first_run, unit_id",
        [number],
    )
    return [
        Held(unit_id=SorId(unit_id), first_run=first, released_run=released)
        for unit_id, first, released in rows
    ]
