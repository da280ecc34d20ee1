"""The parts of a changelog that know what is to be published, and what was."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Protocol

from sordiff.changelog.records import ChangedState, LastChange, OutboxRow
from sordiff.report import Unpublished


class Outbox(Protocol):
    """What is to be published: written with what it tells, marked when it has arrived.

    A row of kind `run` is a whole accepted run; `state` is one that was recorded with --no-publish,
    of which only the state goes out; `whole state` has all state written anew; any other kind is
    one run event.
    """

    def queue(self, run_id: int, kind: str, recorded_at: str, message: str | None = None) -> None:
        """Have something published; of one kind and run there is one."""

    def queue_anew(self, run_id: int, kind: str, recorded_at: str) -> None:
        """Have it published, also where it was before."""

    def list_waiting(self) -> list[OutboxRow]:
        """What is not published, oldest first, silent states included."""

    def list_published(self, kinds: AbstractSet[str]) -> list[OutboxRow]:
        """What was published of some kinds, oldest first."""

    def find_published_at(self, run_id: int, kind: str) -> str | None:
        """When that row was published; None where it waits, or was never to be published."""

    def mark_attempted(self, numbers: Iterable[int], at: str) -> None:
        """Note that these are about to be sent: from now on they may have arrived."""

    def mark_published(self, numbers: Iterable[int], at: str) -> None:
        """Note that these have arrived."""

    def withhold(self, run_id: int) -> None:
        """Publish nothing of an accepted run but the state that it left, as with --no-publish."""

    def mark_beyond_events(self, run_id: int) -> None:
        """Note that a run told, when it was published, that more changed than its events tell."""

    def is_beyond_events(self, run_id: int) -> bool:
        """Whether a run said so, or runs right before it are left out of what is published."""

    def mark_silent(self, last_run: int, at: str) -> None:
        """Note that the state of the silent runs up to this one went out with it."""

    def count_backlog(self) -> Unpublished:
        """How much waits."""

    def find_last_state_written(self, run_id: int) -> int:
        """The last run before this one of which the state went out; 0 where none did."""


class Identity(Protocol):
    """Under which name this changelog publishes, and which others it has adopted the runs of."""

    def find_own_name(self) -> str | None:
        """The name of this changelog; None before it first publishes."""

    def read_adopted_names(self) -> frozenset[str]:
        """The changelogs whose runs in the topics are taken as they are."""

    def read_adopted_sequence(self) -> int:
        """The last sequence of all that was adopted; 0 where nothing was."""

    def give_name(self, name: str, at: str) -> None:
        """Name this changelog, once and for all, unless it adopts what was published as its own."""

    def adopt(self, names: Iterable[str], last_sequence: int, at: str) -> None:
        """Take what these have published as it is; one of them may be the changelog's own name."""

    def set_beyond_events(self, *, owed: bool) -> None:
        """Note whether the next run must tell that the state went another way than the events."""

    def is_beyond_events(self) -> bool:
        """Whether the next run must tell that the state went another way than the events."""


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
