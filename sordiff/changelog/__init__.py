"""The changelog: the port to whatever keeps runs, events and state.

A use case opens a session and asks its parts. SQLite is the adapter, in sordiff.store;
docs/ports.md tells how to write another.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sordiff.changelog.exported_rows import ExportedRows
    from sordiff.changelog.kept_lists import KeptLists
    from sordiff.changelog.listed import ListedUnits
    from sordiff.changelog.plain_columns import PlainColumns
    from sordiff.changelog.publishing import Identity, Outbox, StateChanges
    from sordiff.changelog.queries import Ownership, PastRegister, ReportQueries, Search, Subjects
    from sordiff.changelog.recording import (
        Alerts,
        Counts,
        Coverages,
        Decisions,
        Events,
        Findings,
        Notices,
        Runs,
        SequenceCounter,
    )
    from sordiff.changelog.records import GivenRun
    from sordiff.changelog.state import AcceptedState, Index
    from sordiff.interpret import History
    from sordiff.model import Day
    from sordiff.report import Restoration


class Session(Protocol):
    """An open changelog, to read; each part holds what its port says."""

    @property
    def runs(self) -> Runs:
        """Runs and their snapshots."""

    @property
    def counts(self) -> Counts:
        """Events by name, of each run."""

    @property
    def decisions(self) -> Decisions:
        """What becomes of held runs."""

    @property
    def sequences(self) -> SequenceCounter:
        """The numbers of runs and events."""

    @property
    def events(self) -> Events:
        """Events and adoptions."""

    @property
    def alerts(self) -> Alerts:
        """Alerts of runs."""

    @property
    def coverage(self) -> Coverages:
        """Who carries which field, after each run."""

    @property
    def findings(self) -> Findings:
        """Findings over time."""

    @property
    def notices(self) -> Notices:
        """Notices that wait or were sent."""

    @property
    def outbox(self) -> Outbox:
        """What is to be published."""

    @property
    def plain_columns(self) -> PlainColumns:
        """What is kept a second time for whoever queries the changelog."""

    @property
    def identity(self) -> Identity:
        """The name under which it publishes."""

    @property
    def kept_lists(self) -> KeptLists:
        """People's own lists."""

    @property
    def state(self) -> AcceptedState:
        """The register as it stands."""

    @property
    def index(self) -> Index:
        """The bytes of the last snapshot."""

    @property
    def state_changes(self) -> StateChanges:
        """Which state records each run changed."""

    @property
    def history(self) -> History:
        """What earlier nights knew of an id or a number."""


class WriteSession(Session, Protocol):
    """An open changelog of today's schema, to read and to write."""

    def read_at_one_moment(self) -> AbstractContextManager[None]:
        """All that the block reads is of one state, whatever others write meanwhile.

        The block writes nothing.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: what the block writes is there for good when it ends, else not at all."""


class QuerySession(Session, Protocol):
    """An open changelog that can also look back."""

    @property
    def ownership(self) -> Ownership:
        """Who had a number, since when a unit is there or gone."""

    @property
    def subjects(self) -> Subjects:
        """What was told of one subject."""

    @property
    def listed(self) -> ListedUnits:
        """Units and numbers by the thousand."""

    @property
    def report(self) -> ReportQueries:
        """What a report reads beside all this."""

    @property
    def search(self) -> Search:
        """All units by what people know of them."""

    def past(self, run_id: int) -> PastRegister:
        """The register after that accepted run."""


class Changelog(Protocol):
    """A changelog; it stays closed until a session is opened.

    Every `open` but those that write raises ChangelogMissing where there is none.
    """

    @property
    def name(self) -> str:
        """What it is called in a sentence: the path of the file."""

    @property
    def size(self) -> int:
        """How large it is, in bytes."""

    def lock_writer(self) -> AbstractContextManager[None]:
        """Be the only one that records while the block runs; raise Locked where another is."""

    def lock_publisher(self, sink: str) -> AbstractContextManager[None]:
        """Be the only one that publishes into that sink; raise Locked where another is."""

    def upgrade(self) -> None:
        """Bring an existing changelog to today's schema."""

    def demand_sound(self) -> None:
        """Look at all of what is stored; ChangelogFailed where it is damaged."""

    def continue_restored(self) -> None:
        """Of a restored backup: give its next events sequences above all that were ever given."""

    def build(self) -> AbstractContextManager[Changelog]:
        """A new changelog, made aside, which takes this place whole when the block ends.

        Where there is one already, it is refused. What is written in the block is there for good at
        its end, and not before.
        """

    def find_restoration(self) -> Restoration | None:
        """Whether it is a backup that was restored, by what is remembered beside it."""

    def remember_given(self, runs: Sequence[GivenRun]) -> None:
        """Remember runs of it that were published and that it has lost, oldest first."""

    @property
    def warnings(self) -> list[str]:
        """What could not be remembered beside it, since it was made: sentences for people."""

    def open_to_read(self) -> AbstractContextManager[Session]:
        """To read while others may write."""

    def open_at_one_moment(self, *, looked_at: bool = False) -> AbstractContextManager[Session]:
        """To read: all of it is of one state, whatever others write meanwhile.

        `looked_at`: the caller knows that it is sound, and need not wait for a look at all of it.
        """

    def open_to_write(self) -> AbstractContextManager[WriteSession]:
        """To read and write; made where it is missing, and brought to today's schema."""

    def open_to_write_many(self) -> AbstractContextManager[WriteSession]:
        """As open_to_write, for runs by the hundred that can be made anew from one file.

        Each is there whole or not at all; a machine that loses its power may lose the last of them,
        until it is closed.
        """

    def open_to_publish(self) -> AbstractContextManager[WriteSession]:
        """To read and to mark in an existing one; a mark waits until a recording has ended."""

    def open_copy(self) -> AbstractContextManager[WriteSession]:
        """A copy, empty where there is no changelog: what is written there is gone afterwards."""


class QueryableChangelog(Changelog, Protocol):
    """A changelog that can also look back, for reports, `show` and `history`."""

    def open_to_query(self) -> AbstractContextManager[QuerySession]:
        """To read and look back while others may write."""

    def open_to_export(
        self, run_id: int, until: Day | None = None
    ) -> AbstractContextManager[ExportedRows]:
        """Whole tables as they stood after that accepted run, while others may write.

        Among the runs are those that were held or rejected before the next accepted one, up to the
        day `until`.
        """


class ServedChangelog(QueryableChangelog, Protocol):
    """A changelog that stays open; each session reads one moment."""

    def read_mark(self) -> Hashable:
        """Another value than before where anything was written since; it never waits.

        None where it can't be told just now.
        """

    def reading_at_once(self) -> AbstractContextManager[None]:
        """Within the block this thread waits for nobody.

        A session that can't be opened at once, or can't go on, then fails with a SordiffError.
        """
