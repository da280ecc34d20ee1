"""The parts of a changelog that know what is to be published, and what was."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sordiff.changelog.records import ChangedState, LastChange, OutboxRow, SinkRead
    from sordiff.report import Unpublished


class SinkOutbox(Protocol):
    """The outbox as one sink has it: what waits for it, and what it has."""

    def register(self, at: str) -> None:
        """Note that this sink is used from now on; what waits for it is counted."""

    def forget(self) -> None:
        """Count nothing for this sink any more, as if it had never been used."""

    def queue_anew(self, run_id: int, kind: str, recorded_at: str) -> None:
        """Have something published in this sink alone, also where it was before."""

    def demand_histories(self, run_ids: Iterable[int]) -> None:
        """Have these nights of histories published whole in this sink, as other runs are."""

    def list_waiting(self) -> list[OutboxRow]:
        """What is not published there, oldest first, silent states included."""

    def list_published(self, kinds: AbstractSet[str] | None = None) -> list[OutboxRow]:
        """What was published there of some kinds, or of all, oldest first."""

    def find_published(self, run_id: int, kind: str) -> int | None:
        """The row of that kind and run, if it was published there."""

    def find_read(self) -> SinkRead | None:
        """How far the sink was read; None where it must be read whole."""

    def note_read(self, read: SinkRead | None) -> None:
        """Note how far the sink was read, or that it must be read whole."""

    def mark_attempted(self, numbers: Iterable[int], at: str) -> None:
        """Note that these are about to be sent: from now on they may have arrived."""

    def mark_published(self, numbers: Iterable[int], at: str) -> None:
        """Note that these have arrived."""

    def mark_silent(self, last_run: int, at: str) -> None:
        """Note that the state of the silent runs up to this one went out with it."""

    def mark_beyond_events(self, run_id: int) -> None:
        """Note that a run told, when it was published, that more changed than its events tell."""

    def is_beyond_events(self, run_id: int) -> bool:
        """Whether a run said so, or runs right before it are left out of what is published."""

    def expect_beyond_events(self, *, expected: bool) -> None:
        """Note whether the next run must say so: the state went another way than the events."""

    def expects_beyond_events(self) -> bool:
        """Whether the next run must say so."""

    def find_last_state_written(self, run_id: int) -> int:
        """The last run before this one of which the state went out; 0 where none did."""

    def find_whole_state_written(self) -> int:
        """The last run as of which the whole state went out, or of a later one; 0 without any."""

    def count_backlog(self) -> Unpublished:
        """How much waits."""


class Outbox(Protocol):
    """What is to be published: written with what it tells, marked by each sink when it has arrived.

    A row of kind `run` is a whole accepted run; `state` is one that was recorded with --no-publish,
    of which only the state goes out, or a night of a history, which is a `run` for a sink that
    demands it; `whole state` has all state written anew; any other kind is one run event.
    """

    def of_sink(self, sink: str) -> SinkOutbox:
        """What waits for that sink, and what it has; where it is new, everything waits."""

    def list_sinks(self) -> list[str]:
        """The sinks that were ever used, in the order in which they were first."""

    def queue(self, run_id: int, kind: str, recorded_at: str, message: str | None = None) -> None:
        """Have something published in all sinks; of one kind and run there is one."""

    def is_published(self, run_id: int, kind: str) -> bool:
        """Whether any sink has it."""

    def find_published_elsewhere(
        self, sink: str, run_ids: AbstractSet[int]
    ) -> tuple[int, str] | None:
        """The first of these runs that another sink has whole, and which sink that is."""

    def withhold(self, run_ids: Iterable[int]) -> None:
        """Publish nothing of these runs but the state that they left, as with --no-publish."""


class Identity(Protocol):
    """The source of this changelog, its name, and which others it has adopted the runs of."""

    def find_source(self) -> str | None:
        """The source of all its events; None before the first run."""

    def give_source(self, source: str) -> None:
        """Note the source, once and for all."""

    def find_own_name(self) -> str | None:
        """The name of this changelog, from its birth on; None between an adoption and the next."""

    def read_adopted_names(self) -> frozenset[str]:
        """The changelogs whose runs in the topics are taken as they are."""

    def read_adopted_sequence(self) -> int:
        """The last sequence of all that was adopted; 0 where nothing was."""

    def give_name(self, name: str, at: str) -> None:
        """Name this changelog anew, after it adopted what was published as its own."""

    def take_name(self, name: str, since: str) -> None:
        """Go by the name of the changelog that this one takes the place of, as since then."""

    def adopt(self, names: Iterable[str], last_sequence: int, at: str) -> None:
        """Take what these have published as it is; one of them may be the changelog's own name."""


class StateChanges(Protocol):
    """Which state records each run changed."""

    def record_keys(self, run_id: int, *, units: Iterable[str], numbers: Iterable[str]) -> None:
        """Note the records that a run changed."""

    def record_all(self, run_id: int) -> None:
        """Note that a run changed every record there is."""

    def read_between(self, after_run: int, run_id: int) -> ChangedState:
        """What the accepted runs after the one and up to the other changed."""

    def read_last(self, run_id: int, *, after_run: int = 0) -> LastChange:
        """When each record was last changed, seen from the end of that run.

        Of who asks only for what changed after a run, no more is read than what changed since.
        """

    def read_known_keys(self, run_id: int) -> tuple[set[str], set[str]]:
        """All ids and all numbers that some accepted run up to this one had."""
