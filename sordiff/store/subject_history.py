"""What accepted runs told of one unit, one number or one code: events, and what had none."""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any, TypeAlias

import msgspec

from sordiff.events import TYPE_BY_NAME, Event, Subject
from sordiff.model import SorId
from sordiff.replay import Adoption, concerned
from sordiff.store.runs import ACCEPTED
from sordiff.wire import decode

# An event with the run that told it and its sequence.
Told: TypeAlias = tuple[int, int, Event]


def events_about(
    connection: Connection, subject: str, about: Subject | None = None, *, since: int = 0
) -> Iterator[Told]:
    """The events of a subject after a sequence, in order; `about`: those of that kind alone."""
    rows = connection.execute(
        "SELECT run_id, sequence, type, data FROM events INDEXED BY events_by_subject"
        " WHERE subject = ? AND sequence > ? ORDER BY sequence",
        [subject, since],
    )
    for run_id, sequence, name, data in rows:
        if about is None or TYPE_BY_NAME[name].subject is about:
            yield run_id, sequence, decode(name, subject, data)


def events_of_unit(connection: Connection, sor_id: SorId, since: int = 0) -> Iterator[Told]:
    """The events that tell of a unit: its own, then those of the numbers that it owned."""
    yield from events_about(connection, sor_id, Subject.UNIT, since=since)
    numbers = connection.execute(
        "SELECT DISTINCT number FROM location_number_owners WHERE unit_id = ? ORDER BY number",
        [sor_id],
    )
    for (number,) in numbers.fetchall():
        for told in events_about(connection, number, Subject.LOCATION_NUMBER, since=since):
            if sor_id in concerned(told[2]):
                yield told


def adoptions_about(
    connection: Connection, subject: str, since_run: int = 0
) -> Iterator[tuple[int, Adoption]]:
    """What changed of a subject without an event, each with its run, in order."""
    query = (
        "SELECT run_id, path, before, after"  # noqa: S608  # the condition is ours
        " FROM adoptions INDEXED BY adoptions_by_subject"
        f" JOIN runs ON runs.id = run_id AND {ACCEPTED}"
        ' WHERE subject = ? AND run_id > ? ORDER BY run_id, "order"'
    )
    for run_id, path, before, after in connection.execute(query, [subject, since_run]):
        yield (
            run_id,
            Adoption(subject=subject, path=path, before=_value(before), after=_value(after)),
        )


def _value(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
