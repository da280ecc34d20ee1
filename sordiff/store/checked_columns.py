"""The columns that are taken from JSON, compared with it."""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Final

from sordiff.changelog.plain_columns import PlainColumns
from sordiff.report import Contradiction
from sordiff.store.conditions import ACCEPTED
from sordiff.store.plain_columns import FIND_WRONG_EVENTS, FIND_WRONG_RUNS, FIND_WRONG_UNITS

_LAST: Final = f"SELECT max(id) FROM runs WHERE {ACCEPTED}"  # noqa: S608  # ours


class SqlitePlainColumns(PlainColumns):
    """PlainColumns in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_contradictions(self) -> Iterator[Contradiction]:
        (last,) = self._connection.execute(_LAST).fetchone()
        for (sor_id,) in self._connection.execute(FIND_WRONG_UNITS):
            message = f"the columns of unit {sor_id} are not what its record says"
            yield Contradiction(run=last, message=message)
        for run, order in self._connection.execute(FIND_WRONG_EVENTS):
            message = f"the texts of its event {order} are not what the event says"
            yield Contradiction(run=run, message=message)
        for (run,) in self._connection.execute(FIND_WRONG_RUNS):
            message = "the texts of its warnings or alerts are not what they say"
            yield Contradiction(run=run, message=message)
