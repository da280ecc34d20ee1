"""The part of a changelog that answers for many numbers at once: what a list is judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sordiff.brief_unit import BriefUnit
    from sordiff.changelog.records import OwnerSpan, RemovedUnit, SequencedTelling
    from sordiff.model import Day, SorId
    from sordiff.reconcile.facts import ListedUnit
    from sordiff.reconcile.identifiers import ColumnKind
    from sordiff.reconcile.registered_unit import RegisteredUnit


class ListedUnits(Protocol):
    """Units and numbers by the thousand; each method asks the changelog once, however many."""

    def read_units(self, ids: Collection[str]) -> dict[SorId, ListedUnit]:
        """Those of these units that are in the register now."""

    def find_carriers(
        self, kind: ColumnKind, values: Collection[str]
    ) -> Iterator[tuple[str, SorId]]:
        """The units that carry these numbers now, each with the number, in order of both."""

    def find_former_carriers(
        self, kind: ColumnKind, values: Collection[str]
    ) -> Iterator[tuple[str, SorId, SequencedTelling]]:
        """The units that carried these numbers, each with what ended it, oldest first.

        Of any kind but location numbers: see `find_holdings`.
        """

    def find_holdings(self, numbers: Collection[str]) -> Iterator[tuple[str, OwnerSpan]]:
        """Of the location numbers that any unit ever lost: who owned them, from run to run.

        Those that ended first, in the order in which they ended; then those that last.
        """

    def find_lost_numbers(self, ids: Collection[str]) -> Iterator[tuple[SorId, str, int]]:
        """The location numbers that units owned, each with the run that took it away, in order."""

    def find_lost_provider_numbers(
        self, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        """The provider numbers that units had, each with what ended it, in order."""

    def find_former_numbers(
        self, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        """The effective location numbers that units had, each with what ended it, in order."""

    def find_former_names(
        self, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        """The names that units had, each with what ended it, in order."""

    def find_removed(self, ids: Collection[str], until_run: int) -> dict[SorId, RemovedUnit]:
        """Those of these units that the register had, and had no longer after that run."""

    def find_first_runs(self, ids: Collection[str]) -> dict[SorId, int]:
        """Of those that the register ever had, the first run of each."""

    def find_changed(self, ids: Collection[str], since_run: int) -> set[SorId]:
        """Those of which any run after that one told something."""

    def find_events(
        self, subjects: Collection[str], names: Collection[str], until_run: int
    ) -> Iterator[tuple[str, SequencedTelling]]:
        """The newest event of each subject, type and run up to a run, oldest first."""

    def read_days(self) -> Mapping[int, Day]:
        """The day of the snapshot of each accepted run."""

    def iterate_opened(self, spans: Iterable[tuple[str, str]]) -> Iterator[RegisteredUnit]:
        """The units of today's register that opened on these days, from the first to the last."""

    def list_ids_after(self, sor_id: str, most: int) -> list[SorId]:
        """The ids of units that follow upon this one, as texts sort."""

    def iterate_briefly(self) -> Iterator[BriefUnit]:
        """All units of the register as it stands, in brief."""

    def iterate_gone_briefly(self) -> Iterator[BriefUnit]:
        """The units that the register had and has no longer, each as it last stood, by run."""

    def read_registered(self, ids: Iterable[str]) -> dict[SorId, RegisteredUnit]:
        """The same of some units; of one that is gone as it last stood."""
