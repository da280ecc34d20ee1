"""What became of a number, and whether it still belongs to the unit of its line."""

from collections.abc import Iterator, Sequence

from sordiff.events import LocationNumberClosed, find_event_name
from sordiff.model import SorId, find_next_day
from sordiff.reconcile.anchor import AnchorFinder
from sordiff.reconcile.cell import Cell
from sordiff.reconcile.facts import Facts, FormerCarrier, Telling
from sordiff.reconcile.identifiers import ColumnKind, Identifier
from sordiff.reconcile.meaning import Meaning
from sordiff.reconcile.unit_judge import UnitJudge
from sordiff.reconcile.verdict import Issue, Note, Verdict


class NumberJudge:
    """Judges numbers by the facts."""

    def __init__(
        self, facts: Facts, meaning: Meaning, finder: AnchorFinder, units: UnitJudge
    ) -> None:
        self._facts = facts
        self._meaning = meaning
        self._finder = finder
        self._units = units

    def find_faults(self, cell: Cell, anchor: SorId | None) -> Iterator[Issue]:
        """What is wrong with a number; `anchor`: the unit that its line is about, where known."""
        key = cell.identifier.kind, cell.identifier.value
        carriers = self._facts.carriers.get(key, ())
        former = self._facts.former.get(key, ())
        if not carriers:
            yield from self._of_unowned(cell, former, anchor)
        elif anchor is None:
            shown = self._finder.choose(carriers)
            yield cell.issue(Verdict.AMBIGUOUS, candidates=shown, notes=(Note.SHARED,))
        elif (meant := self._meant(cell.identifier, carriers, anchor)) is not None:
            yield from self._of_carrier(cell, meant)
        else:
            yield from self._of_strangers(cell, carriers, former, anchor)

    def _meant(self, one: Identifier, carriers: Sequence[SorId], anchor: SorId) -> SorId | None:
        """The carrier that the line is about, or None where that does not follow."""
        facts = self._facts
        if one.kind is ColumnKind.LOCATION_NUMBER and anchor in facts.units:
            number = facts.effective(anchor)
            if number is None and self._meaning.has_lost(anchor, one.value):
                return None
            if number is not None and number.number != one.value:
                return None
        if anchor in carriers:
            return anchor
        related = [found for found in carriers if facts.are_related(found, anchor)]
        return self._finder.choose(related)[0] if related else None

    def _of_strangers(
        self,
        cell: Cell,
        carriers: Sequence[SorId],
        former: Sequence[FormerCarrier],
        anchor: SorId,
    ) -> Iterator[Issue]:
        """The number is somebody else's: the unit lost it, or it never belonged to it."""
        had = self._meaning.find_loss(cell.identifier, former, anchor)
        if had is not None:
            yield self._moved(cell, anchor, had)
        elif anchor not in self._facts.gone:
            shown = self._finder.choose(carriers)
            yield cell.issue(
                Verdict.AMBIGUOUS,
                unit_id=anchor,
                candidates=(anchor, *(one for one in shown if one != anchor)),
                notes=(Note.NOT_TOGETHER,),
            )

    def _moved(self, cell: Cell, sor_id: SorId, until: Telling) -> Issue:
        """The number is another unit's; what the unit has in place of it is the suggestion."""
        one = cell.identifier
        return cell.issue(
            Verdict.NUMBER_MOVED,
            unit_id=sor_id,
            since=until.day,
            telling=self._ending(one, until),
            candidates=self._finder.choose(self._facts.carriers.get((one.kind, one.value), ())),
            suggestion=self._meaning.present(sor_id, one.kind),
        )

    def _ending(self, one: Identifier, until: Telling) -> Telling:
        """The event that took a number away; of location numbers only the run is known at first."""
        if until.sequence is None and one.kind is ColumnKind.LOCATION_NUMBER:
            return self._facts.moves.get((one.value, until.run), until)
        return until

    def _of_unowned(
        self, cell: Cell, former: Sequence[FormerCarrier], anchor: SorId | None
    ) -> Iterator[Issue]:
        if not former:
            yield cell.issue(Verdict.UNKNOWN, unit_id=anchor)
            return
        last = former[-1]
        sor_id = anchor or last.unit_id
        was_own = self._meaning.find_loss(cell.identifier, former, sor_id) is not None
        yield cell.issue(
            Verdict.NUMBER_RELEASED,
            unit_id=sor_id,
            since=last.until.day,
            telling=self._ending(cell.identifier, last.until),
            # Of a number that was never the unit's, nobody knows which of the two was meant.
            suggestion=self._meaning.present(sor_id, cell.identifier.kind) if was_own else None,
            candidates=() if was_own else (last.unit_id,),
        )

    def _of_carrier(self, cell: Cell, meant: SorId) -> Iterator[Issue]:
        """The unit that carries the number, and the number's own days."""
        found = list(self._units.find_faults(cell, meant))
        yield from found
        unit = self._facts.units[meant]
        number = unit.location_number
        if cell.identifier.kind is not ColumnKind.LOCATION_NUMBER or number is None:
            return
        day = self._facts.day
        if number.is_closed(day):
            elapsed = number.to is not None and number.to < day
            telling = self._closing_of_number(number.number, meant)
            yield cell.issue(
                Verdict.NUMBER_CLOSED,
                unit_id=meant,
                since=find_next_day(number.to) if elapsed else telling.day if telling else None,
                telling=telling,
            )
        elif number.to is not None and not found:
            yield cell.issue(Verdict.CLOSING, unit_id=meant, since=find_next_day(number.to))

    def _closing_of_number(self, number: str, owner: SorId) -> Telling | None:
        """The event that closed a number, not one from the time when another unit had it."""
        told = self._meaning.event(number, find_event_name(LocationNumberClosed))
        begin = max(
            (one.first_run for one in self._facts.holdings.get(number, ()) if one.unit_id == owner),
            default=0,
        )
        return told if told is not None and told.run >= begin else None
