"""What accepted runs told of one unit, one number or one code: events, and what had none."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from sordiff.changelog.queries import Subjects
from sordiff.events import TYPE_BY_NAME, Subject
from sordiff.replay import Adoption, list_concerned
from sordiff.store.conditions import ACCEPTED
from sordiff.wire import decode

if TYPE_CHECKING:
    from sordiff.changelog.records import SubjectEvent
    from sordiff.model import SorId


class SqliteSubjects(Subjects):
    """Subjects in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def iterate_events(
        self, subject: str, about: Subject | None = None, *, since: int = 0
    ) -> Iterator[SubjectEvent]:
        rows = self._connection.execute(
            "SELECT run_id, sequence, type, data FROM events INDEXED BY events_by_subject"
            " WHERE subject = ? AND sequence > ? ORDER BY sequence",
            [subject, since],
        )
        for run_id, sequence, name, data in rows:
            if about is None or TYPE_BY_NAME[name].subject is about:
                yield run_id, sequence, decode(name, subject, data)

    def iterate_events_of_unit(self, sor_id: SorId, since: int = 0) -> Iterator[SubjectEvent]:
        yield from self.iterate_events(sor_id, Subject.UNIT, since=since)
        numbers = self._connection.execute(
            "SELECT DISTINCT number FROM location_number_owners WHERE unit_id = ? ORDER BY number",
            [sor_id],
        )
        for (number,) in numbers.fetchall():
            for told in self.iterate_events(number, Subject.LOCATION_NUMBER, since=since):
                if sor_id in list_concerned(told[2]):
                    yield told

    def iterate_adoptions(self, subject: str, since_run: int = 0) -> Iterator[tuple[int, Adoption]]:
        query = (
            "SELECT run_id, path, before, after"  # noqa: S608  # the condition is ours
            " FROM adoptions INDEXED BY adoptions_by_subject"
            f" JOIN runs ON runs.id = run_id AND {ACCEPTED}"
            ' WHERE subject = ? AND run_id > ? ORDER BY run_id, "order"'
        )
        for run_id, path, before, after in self._connection.execute(query, [subject, since_run]):
            yield (
                run_id,
                Adoption(subject=subject, path=path, before=_value(before), after=_value(after)),
            )


def _value(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)
