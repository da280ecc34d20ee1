"""One connection to the changelog, and the parts that read and write through it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING

from sordiff.store.database import read_at_one_moment, transaction

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from sqlite3 import Connection

    from sordiff.store.alerts import SqliteAlerts
    from sordiff.store.checked_columns import SqlitePlainColumns
    from sordiff.store.counts import SqliteCounts
    from sordiff.store.coverage import SqliteCoverages
    from sordiff.store.decisions import SqliteDecisions
    from sordiff.store.events import SqliteEvents
    from sordiff.store.findings import SqliteFindings
    from sordiff.store.history import SqliteHistory
    from sordiff.store.identity import SqliteIdentity
    from sordiff.store.kept_lists import SqliteKeptLists
    from sordiff.store.listed_units import SqliteListedUnits
    from sordiff.store.mark import MarkFile
    from sordiff.store.notices import SqliteNotices
    from sordiff.store.outbox import SqliteOutbox
    from sordiff.store.ownership import SqliteOwnership
    from sordiff.store.register_at import SqlitePastRegister
    from sordiff.store.report_queries import SqliteReportQueries
    from sordiff.store.runs import SqliteRuns
    from sordiff.store.search import SqliteSearch
    from sordiff.store.sequences import SqliteSequenceCounter
    from sordiff.store.state import SqliteAcceptedState
    from sordiff.store.state_changes import SqliteStateChanges
    from sordiff.store.subject_history import SqliteSubjects
    from sordiff.store.subtrees import SqliteIndex


class SqliteSession:
    """All parts of a changelog, over one connection.

    A part is made, and its module loaded, when it is first asked for: no command needs all.
    """

    def __init__(
        self,
        connection: Connection,
        mark: MarkFile | None = None,
        *,
        keeps_units: bool = False,
    ) -> None:
        """`mark`: of a session that writes. `keeps_units`: nobody else writes meanwhile."""
        self._mark = mark
        self._keeps_units = keeps_units
        self.connection = connection

    @cached_property
    def runs(self) -> SqliteRuns:
        from sordiff.store.runs import SqliteRuns

        return SqliteRuns(self.connection)

    @cached_property
    def counts(self) -> SqliteCounts:
        from sordiff.store.counts import SqliteCounts

        return SqliteCounts(self.connection)

    @cached_property
    def decisions(self) -> SqliteDecisions:
        from sordiff.store.decisions import SqliteDecisions

        return SqliteDecisions(self.connection)

    @cached_property
    def sequences(self) -> SqliteSequenceCounter:
        from sordiff.store.sequences import SqliteSequenceCounter

        return SqliteSequenceCounter(self.connection)

    @cached_property
    def events(self) -> SqliteEvents:
        from sordiff.store.events import SqliteEvents

        return SqliteEvents(self.connection)

    @cached_property
    def alerts(self) -> SqliteAlerts:
        from sordiff.store.alerts import SqliteAlerts

        return SqliteAlerts(self.connection)

    @cached_property
    def coverage(self) -> SqliteCoverages:
        from sordiff.store.coverage import SqliteCoverages

        return SqliteCoverages(self.connection)

    @cached_property
    def findings(self) -> SqliteFindings:
        from sordiff.store.findings import SqliteFindings

        return SqliteFindings(self.connection)

    @cached_property
    def notices(self) -> SqliteNotices:
        from sordiff.store.notices import SqliteNotices

        return SqliteNotices(self.connection)

    @cached_property
    def outbox(self) -> SqliteOutbox:
        from sordiff.store.outbox import SqliteOutbox

        return SqliteOutbox(self.connection)

    @cached_property
    def kept_lists(self) -> SqliteKeptLists:
        from sordiff.store.kept_lists import SqliteKeptLists

        return SqliteKeptLists(self.connection)

    @cached_property
    def plain_columns(self) -> SqlitePlainColumns:
        from sordiff.store.checked_columns import SqlitePlainColumns

        return SqlitePlainColumns(self.connection)

    @cached_property
    def identity(self) -> SqliteIdentity:
        from sordiff.store.identity import SqliteIdentity

        return SqliteIdentity(self.connection)

    @cached_property
    def state(self) -> SqliteAcceptedState:
        from sordiff.store.state import SqliteAcceptedState

        return SqliteAcceptedState(self.connection, keeps_units=self._keeps_units)

    @cached_property
    def index(self) -> SqliteIndex:
        from sordiff.store.subtrees import SqliteIndex

        return SqliteIndex(self.connection)

    @cached_property
    def state_changes(self) -> SqliteStateChanges:
        from sordiff.store.state_changes import SqliteStateChanges

        return SqliteStateChanges(self.connection)

    @cached_property
    def history(self) -> SqliteHistory:
        from sordiff.store.history import SqliteHistory

        return SqliteHistory(self.connection)

    @cached_property
    def ownership(self) -> SqliteOwnership:
        from sordiff.store.ownership import SqliteOwnership

        return SqliteOwnership(self.connection)

    @cached_property
    def search(self) -> SqliteSearch:
        from sordiff.store.search import SqliteSearch

        return SqliteSearch(self.connection)

    @cached_property
    def subjects(self) -> SqliteSubjects:
        from sordiff.store.subject_history import SqliteSubjects

        return SqliteSubjects(self.connection)

    @cached_property
    def listed(self) -> SqliteListedUnits:
        from sordiff.store.listed_units import SqliteListedUnits

        return SqliteListedUnits(self.connection)

    @cached_property
    def report(self) -> SqliteReportQueries:
        from sordiff.store.report_queries import SqliteReportQueries

        return SqliteReportQueries(self.connection)

    def read_at_one_moment(self) -> AbstractContextManager[None]:
        return read_at_one_moment(self.connection)

    def transaction(self) -> AbstractContextManager[None]:
        return transaction(self.connection) if self._mark is None else self._mark.transaction()

    def past(self, run_id: int) -> SqlitePastRegister:
        from sordiff.store.register_at import SqlitePastRegister

        return SqlitePastRegister(self.connection, run_id)


def load_parts() -> None:
    """Load the modules of all parts.

    For a process that lives long: what it loads later may be of a release that came meanwhile.
    """
    from sordiff.store import register_at  # noqa: F401  # of `past`, which reads at once

    with closing(sqlite3.connect(":memory:")) as nothing:
        session = SqliteSession(nothing)
        for name, part in vars(SqliteSession).items():
            if isinstance(part, cached_property):
                getattr(session, name)
