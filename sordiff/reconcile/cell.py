"""A number in its place on a line, of which faults are made."""

from sordiff.model import Day, SorId
from sordiff.reconcile.facts import Telling
from sordiff.reconcile.identifiers import Identifier
from sordiff.reconcile.verdict import Issue, Note, Suggestion, Verdict


class Cell:
    """A cell that holds a number; `place`: its column, from 0."""

    def __init__(self, place: int, identifier: Identifier) -> None:
        self.place = place
        self.identifier = identifier

    def issue(  # noqa: PLR0913  # the parts of an issue
        self,
        verdict: Verdict,
        *,
        unit_id: SorId | None = None,
        since: Day | None = None,
        telling: Telling | None = None,
        notes: tuple[Note, ...] = (),
        candidates: tuple[SorId, ...] = (),
        suggestion: Suggestion | None = None,
    ) -> Issue:
        """A fault of this cell."""
        return Issue(
            verdict=verdict,
            place=self.place,
            kind=self.identifier.kind,
            value=self.identifier.value,
            unit_id=unit_id,
            since=since,
            telling=telling,
            notes=notes,
            candidates=candidates,
            suggestion=suggestion,
        )
