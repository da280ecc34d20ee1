"""The parts of a changelog that look back: at one subject, or for a report."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sordiff.brief_unit import IndexedUnit, SearchedUnit
    from sordiff.changelog.records import OwnerSpan, SubjectEvent
    from sordiff.events import Subject
    from sordiff.model import Classification, Day, Gln, SorId, Unit
    from sordiff.replay import Adoption
    from sordiff.report import Change, Night, RaisedAlert, RecordedRun
    from sordiff.report.change_from_event import RecordedEvent


class Ownership(Protocol):
    """Who had a location number, and since when a unit is there or gone."""

    def find_first_run(self, sor_id: SorId) -> int | None:
        """The accepted run that first had this unit, or None where none ever did."""

    def find_removing_run(self, sor_id: SorId, run_id: int) -> int | None:
        """The last accepted run, up to that one, with which the unit was gone."""

    def is_number(self, number: Gln) -> bool:
        """Whether a unit of an accepted run ever owned this number."""

    def list_owners(self, number: Gln) -> list[OwnerSpan]:
        """All units that ever owned the number, in the order in which they gave it up."""


class Subjects(Protocol):
    """What accepted runs told of one unit, one number or one code."""

    def iterate_events(
        self, subject: str, about: Subject | None = None, *, since: int = 0
    ) -> Iterator[SubjectEvent]:
        """The events of a subject after a sequence, in order; `about`: those of that kind alone."""

    def iterate_events_of_unit(self, sor_id: SorId, since: int = 0) -> Iterator[SubjectEvent]:
        """The events that tell of a unit: its own, then those of the numbers that it owned."""

    def iterate_adoptions(self, subject: str, since_run: int = 0) -> Iterator[tuple[int, Adoption]]:
        """What changed of a subject without an event, each with its run, in order."""


class ReportQueries(Protocol):
    """What a report reads beside runs, counts and findings."""

    def read_changes(
        self, runs: Iterable[RecordedRun], whole: Container[str]
    ) -> tuple[list[Change], list[RecordedEvent]]:
        """Each event of these runs as a change, in order; and the events of types in `whole`."""

    def list_subjects(self, runs: Sequence[RecordedRun]) -> list[str]:
        """What these runs, which were accepted, and any between them told of; each once."""

    def list_alerts(self, runs: Iterable[RecordedRun]) -> list[RaisedAlert]:
        """The alerts of these runs, and what settled them."""

    def list_nights(self, day: Day, until_run: int) -> list[Night]:
        """The runs of snapshots from that day on, in figures, up to a run; no corrected one."""

    def list_first_lists(self, runs: Iterable[RecordedRun]) -> tuple[str, ...]:
        """The classifications that were seen for the first time in one of these runs."""

    def list_closings(self, day: Day) -> Sequence[tuple[Day, SorId]]:
        """The last valid days from that day on that the register now knows, with their units."""

    def read_texts(self, serves: str) -> dict[str, str]:
        """The texts of the codes that stand in this field."""

    def read_lists_serving(self) -> dict[str, str | None]:
        """The classifications by name, each with the unit field whose codes it explains, if any."""

    def find_last_record(self, sor_id: SorId, until_run: int) -> Unit | None:
        """A unit that is gone as it last stood: what its last unit.removed up to a run says."""


class Search(Protocol):
    """The register as it stands, for a search."""

    def iterate_units(self) -> Iterator[SearchedUnit]:
        """All units, in no order."""

    def iterate_to_index(self) -> Iterator[IndexedUnit]:
        """All units with everything by which an index finds them, in no order."""

    def read_to_index(self, ids: Iterable[SorId]) -> list[IndexedUnit]:
        """The same of those of these units that are in the register."""

    def read_units(self, ids: Iterable[SorId]) -> dict[SorId, SearchedUnit]:
        """Those of these units that are in the register, in the order asked for."""


class PastRegister(Protocol):
    """The register after an accepted run, asked a few units at a time."""

    def unit(self, sor_id: SorId) -> Unit | None:
        """A unit as it was, or None where there was none."""

    def units(self, ids: Iterable[SorId]) -> dict[SorId, Unit]:
        """Those of these units that there were, in the order of their ids."""

    def ancestors(self, unit: Unit) -> list[Unit]:
        """The units above, nearest first."""

    def children(self, sor_id: SorId) -> list[Unit]:
        """The units right below, by id."""

    def owners(self, number: Gln) -> list[SorId]:
        """The units that owned the number, by id; more than one is a fault in the data."""

    def lists(self, units: Iterable[Unit]) -> dict[str, Classification]:
        """The classifications, with the entries of the codes alone that these units carry."""
