"""The parts of a changelog that record runs and what comes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sordiff.alerts import Alert
    from sordiff.changelog.records import (
        BriefRun,
        Decision,
        EncodedEvent,
        EventQuery,
        FindingTurn,
        KeptNotice,
        NewRun,
        PreparedEvents,
        StandingFindings,
    )
    from sordiff.coverage.counts import Coverage
    from sordiff.events import Event
    from sordiff.model import Day
    from sordiff.replay import Adoption
    from sordiff.report import RecordedRun
    from sordiff.wire import CloudEvent


class Runs(Protocol):
    """Runs, each with its snapshot."""

    def find_last_accepted(self) -> RecordedRun | None:
        """The run whose snapshot the state is."""

    def find_by_sha256(self, sha256: str) -> RecordedRun | None:
        """The newest run of a snapshot with this content."""

    def find_data_types_sha256(self, run_id: int) -> str | None:
        """The SHA-256 of the SorDataTypes.xml with which a run was recorded; None without one."""

    def find_reading_rules(self, run_id: int) -> int:
        """By which rules the snapshot of a run was read; 0 where it was before there were any."""

    def find(self, run_id: int) -> RecordedRun | None:
        """The run of that number."""

    def get(self, run_id: int) -> RecordedRun:
        """The run that a row of another table refers to, and which is there therefore."""

    def find_held(self) -> RecordedRun | None:
        """The held run that waits for a decision; there is one at most."""

    def find_last_valid(self) -> RecordedRun | None:
        """The newest accepted run that is neither corrected nor retracted."""

    def find_told(self, created_before: str, created_after: str) -> RecordedRun | None:
        """The accepted run with events that compared snapshots of these two CreatedAtTimes."""

    def find_last_accepted_by(self, day: Day) -> RecordedRun | None:
        """The last accepted run of that day or earlier; days are those of list_accepted."""

    def find_first_accepted(self) -> RecordedRun | None:
        """The run with which the changelog begins."""

    def find_last(self) -> RecordedRun | None:
        """The newest run, whatever became of it."""

    def list_ordinary(self, most: int) -> list[RecordedRun]:
        """The newest accepted nights with nothing exceptional about them, oldest first.

        One that is corrected or retracted is exceptional, and the one after a retracted run.
        """

    def list_accepted(self, since: Day | None, until: Day | None) -> list[RecordedRun]:
        """The accepted runs of these days, both included, oldest first.

        A corrected run is of the day of its correction, and a run whose snapshot is older than
        one before it of that one's day: so the runs of any days follow upon each other.
        """

    def list_not_accepted(self, since: Day | None, until: Day | None) -> list[RecordedRun]:
        """The runs of snapshots of these days that moved no state, oldest first."""

    def list_since(self, day: Day, until_run: int) -> list[RecordedRun]:
        """All runs of snapshots from that day on, up to a run, oldest first."""

    def iterate(self) -> Iterator[RecordedRun]:
        """All runs, oldest first."""

    def list_brief(self) -> list[BriefRun]:
        """How all runs stand, oldest first; a fraction of the work."""

    def list_newest(self, most: int) -> list[RecordedRun]:
        """The newest runs, oldest of them first."""

    def count_states(self) -> dict[str, int]:
        """How many runs are in each state."""

    def prepare(self, run_id: int, before: int, events: Sequence[EncodedEvent]) -> bytes:
        """Do for some events of a run what `record` needs not do then, in a form of its own.

        `before`: how many of the run come before them. Nothing is read or written, so that another
        process may do it.
        """

    def record(
        self, run_id: int, run: NewRun, events: Sequence[EncodedEvent] | PreparedEvents
    ) -> None:
        """Write a run with its snapshot and its events, which get sequences if it is accepted."""

    def exists(self, run_id: int) -> bool:
        """Whether there is a run of that number."""

    def find_previous_accepted_id(self, run_id: int) -> int:
        """The accepted run before this one; 0 where there is none."""

    def list_accepted_ids_after(self, run_id: int) -> list[int]:
        """The accepted runs later than this one, newest first."""

    def has_later(self, run: RecordedRun) -> bool:
        """Whether the state has moved on since a run."""


class Counts(Protocol):
    """How many events each run has, by name, with what the rules derived of them."""

    def read(self, run_id: int) -> dict[str, int]:
        """The events of a run by name, with what the rules derived of them."""

    def sum_accepted(self) -> dict[str, int]:
        """The events of all accepted runs, by name."""

    def read_all(self) -> dict[int, dict[str, int]]:
        """The counts of every run."""


class Decisions(Protocol):
    """What becomes of a held run."""

    def release(self, run: RecordedRun, decision: Decision) -> int | None:
        """Accept a held run: its events get their sequences; the first is given back."""

    def decide(self, run: RecordedRun, state: str, decision: Decision) -> None:
        """Note what became of a held run, who decided it, when and why."""

    def retract(self, run: RecordedRun, decision: Decision) -> None:
        """Note that an accepted run is wrong, who says so, when and why; the first time counts."""

    def supersede(self, run: RecordedRun) -> None:
        """A held run that nobody decided, and that the next night has made obsolete."""


class SequenceCounter(Protocol):
    """The numbers that are given to runs and events."""

    def find_last_before(self, run_id: int) -> int:
        """The last sequence that was given before a run; 0 where there is none."""

    def renumber(self, firsts: Mapping[int, int]) -> None:
        """Let the events of each of these runs begin at a sequence; no two runs may overlap."""

    def next(self) -> int:
        """The sequence of the next accepted event; higher than any of runs that were adopted."""

    def skip_to(self, sequence: int) -> None:
        """Let no event get a sequence below this one any more."""

    def next_run_id(self) -> int:
        """The id of the next run; only the writer asks, so that nobody takes it meanwhile."""


class Events(Protocol):
    """The events of runs, and what changed without an event."""

    def record_adoptions(self, run_id: int, adoptions: Iterable[Adoption]) -> None:
        """Write what changed without an event."""

    def select(self, wanted: EventQuery) -> Iterator[CloudEvent]:
        """Recorded events in order, with their envelopes; of accepted runs, or of the run named.

        A held run has no sequences yet: named, it is shown whole, whatever `since` says.
        """

    def read(self, run_id: int) -> tuple[list[Event], list[bytes]]:
        """The events of a run in order, and the bytes of their data as they were recorded."""

    def read_adoptions(self, run_id: int) -> list[Adoption]:
        """The adoptions of a run in order."""

    def iterate_rows(self, run_id: int) -> Iterator[tuple[str, str, str, int, bytes]]:
        """Id, name, subject, sequence and data of an accepted run's events.

        In their order, and the data in the bytes that were recorded.
        """


class Alerts(Protocol):
    """Alerts: raised with a run, resolved by a later one."""

    def record(self, run_id: int, alerts: Iterable[Alert]) -> None:
        """Write the alerts of a run, in their order."""

    def read(self, run_id: int) -> tuple[Alert, ...]:
        """The alerts of a run, in their order."""

    def resolve(self, run_id: int, by_run: int) -> None:
        """What a run was held for is settled by another."""


class Coverages(Protocol):
    """Who carries which field after each run, and by which further names its snapshot was read."""

    def record(self, run_id: int, coverage: Coverage, fields: Mapping[str, Sequence[str]]) -> None:
        """Write the coverage of a run, held or not, and the table [fields] of that night."""

    def read(self, run_id: int) -> Coverage | None:
        """The coverage of a run; None for one from before there was any."""

    def read_fields(self, run_id: int) -> dict[str, tuple[str, ...]]:
        """The table [fields] by which the snapshot of a run was read."""


class Findings(Protocol):
    """Findings over time: which a run brought, and which it took away."""

    def record(self, run_id: int, turns: Iterable[FindingTurn], standing: int) -> None:
        """Write what became of the findings in a run, and how many stand after it."""

    def count_standing(self, run_id: int) -> int | None:
        """How many findings stand after a run; None where none were recorded yet."""

    def read_standing(self, run_id: int) -> StandingFindings:
        """The findings that stand after a run: what accepted runs left, and its own.

        A run that is not accepted follows upon the one that it was compared with.
        """

    def read_standing_of(self, run_id: int, subjects: Iterable[str]) -> StandingFindings:
        """Of these subjects alone the findings that stand after an accepted run."""


class Notices(Protocol):
    """Notices: written with the change they tell, sent later, once."""

    def queue(self, kept: KeptNotice) -> None:
        """Keep a notice to be sent; of one kind and run there is one, without a run any number."""

    def find_last(self, kinds: Sequence[str]) -> str | None:
        """The JSON of the newest notice of these kinds, sent or not."""

    def list_unsent(self) -> list[tuple[int, str]]:
        """What waits to be sent, oldest first: the number under which it is kept, and its JSON."""

    def count_unsent(self) -> int:
        """How many wait to be sent."""

    def claim(self, numbers: Iterable[int], now: str, until: str) -> list[int]:
        """Claim those that are unsent and that nobody has claimed for longer than now.

        Both are ISO 8601 in UTC. Call it in a transaction: of two callers one gets a notice.
        """

    def unclaim(self, numbers: Iterable[int], until: str) -> None:
        """Give up claims, so that anybody may send these at once.

        `until` is that of the claim, and tells it from a later one: a claim is only taken when the
        one before it has expired, so that each lasts longer than all before. Another's stays.
        """

    def mark_sent(self, numbers: Iterable[int], at: str) -> None:
        """Note when they were sent."""
