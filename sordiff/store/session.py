"""One connection to the changelog, and the parts that read and write through it."""

from contextlib import AbstractContextManager
from sqlite3 import Connection

from sordiff.store.alerts import SqliteAlerts
from sordiff.store.checked_columns import SqlitePlainColumns
from sordiff.store.counts import SqliteCounts
from sordiff.store.coverage import SqliteCoverages
from sordiff.store.database import read_at_one_moment, transaction
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
    """All parts of a changelog, over one connection."""

    def __init__(
        self,
        connection: Connection,
        mark: MarkFile | None = None,
        *,
        keeps_units: bool = False,
    ) -> None:
        """`mark`: of a session that writes. `keeps_units`: nobody else writes meanwhile."""
        self._mark = mark
        self.connection = connection
        self.runs = SqliteRuns(connection)
        self.counts = SqliteCounts(connection)
        self.decisions = SqliteDecisions(connection)
        self.sequences = SqliteSequenceCounter(connection)
        self.events = SqliteEvents(connection)
        self.alerts = SqliteAlerts(connection)
        self.coverage = SqliteCoverages(connection)
        self.findings = SqliteFindings(connection)
        self.notices = SqliteNotices(connection)
        self.outbox = SqliteOutbox(connection)
        self.kept_lists = SqliteKeptLists(connection)
        self.plain_columns = SqlitePlainColumns(connection)
        self.identity = SqliteIdentity(connection)
        self.state = SqliteAcceptedState(connection, keeps_units=keeps_units)
        self.index = SqliteIndex(connection)
        self.state_changes = SqliteStateChanges(connection)
        self.history = SqliteHistory(connection)
        self.ownership = SqliteOwnership(connection)
        self.search = SqliteSearch(connection)
        self.subjects = SqliteSubjects(connection)
        self.listed = SqliteListedUnits(connection)
        self.report = SqliteReportQueries(connection)

    def read_at_one_moment(self) -> AbstractContextManager[None]:
        return read_at_one_moment(self.connection)

    def transaction(self) -> AbstractContextManager[None]:
        return transaction(self.connection) if self._mark is None else self._mark.transaction()

    def past(self, run_id: int) -> SqlitePastRegister:
        return SqlitePastRegister(self.connection, run_id)
