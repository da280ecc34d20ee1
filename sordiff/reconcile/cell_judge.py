"""The faults of one number of a line."""

from collections.abc import Iterator, Sequence

from sordiff.events import (
    LocationNumberClosed,
    UnitClosed,
    UnitClosureScheduled,
    UnitReplaced,
    find_event_name,
)
from sordiff.model import Day, SorId, State, find_next_day
from sordiff.reconcile.facts import Facts, FormerCarrier, Telling
from sordiff.reconcile.identifiers import ColumnKind, Identifier, is_cut
from sordiff.reconcile.meaning import Meaning, Names
from sordiff.reconcile.verdict import Issue, Note, Suggestion, Verdict


class CellJudge:
    """Judges numbers by the facts; a line is taken to have been true on the day `true_on`."""

    def __init__(self, facts: Facts, true_on: Day | None) -> None:
        """`true_on`: None for the first recorded day."""
        self.facts = facts
        self._meaning = Meaning(facts)
        self._true_on = true_on

    def find_faults(
        self,
        place: int,
        one: Identifier,
        anchor: SorId | None,
        names: Names,
        *,
        is_alone: bool,
    ) -> Iterator[Issue]:
        """What is wrong with a number; `anchor`: the unit that its line is about, where known.

        `is_alone`: no other number on the line says which unit is meant.
        """
        cell = _Cell(place, one)
        if not one.is_valid:
            notes = (Note.DIGITS_LOST,) if is_cut(one) else ()
            yield cell.issue(Verdict.INVALID, notes=notes)
        elif one.kind is ColumnKind.SOR_ID:
            yield from self._of_unit(cell, SorId(one.value))
        else:
            yield from self._of_number(cell, anchor, names, is_alone=is_alone)

    def _of_unit(self, cell: "_Cell", sor_id: SorId) -> Iterator[Issue]:
        """What became of a unit."""
        facts = self.facts
        unit = facts.units.get(sor_id)
        if unit is None:
            yield from self._of_absent(cell, sor_id)
            return
        state = unit.state(facts.day)
        if state is State.CLOSED:
            heir = self._meaning.heir(unit.replaced_by)
            by = [find_event_name(UnitClosed)]
            if heir:
                by.insert(0, find_event_name(UnitReplaced))
            yield cell.issue(
                Verdict.REPLACED if heir else Verdict.CLOSED,
                unit_id=sor_id,
                since=find_next_day(unit.to),
                telling=self._meaning.event(sor_id, *by),
                suggestion=heir,
                candidates=unit.replaced_by if len(unit.replaced_by) > 1 else (),
            )
        elif unit.to is not None:
            yield cell.issue(
                Verdict.CLOSING,
                unit_id=sor_id,
                since=find_next_day(unit.to),
                telling=self._meaning.event(sor_id, find_event_name(UnitClosureScheduled)),
                suggestion=self._meaning.heir(unit.replaced_by),
                notes=(Note.NOT_YET_OPEN,) if state is State.FUTURE else (),
            )

    def _of_absent(self, cell: "_Cell", sor_id: SorId) -> Iterator[Issue]:
        gone = self.facts.gone.get(sor_id)
        if gone is None:
            yield cell.issue(Verdict.UNKNOWN)
            return
        last, telling = gone
        heir = self._meaning.heir(last.replaced_by) if last else None
        yield cell.issue(
            Verdict.REPLACED if heir else Verdict.REMOVED,
            unit_id=sor_id,
            since=telling.day,
            telling=telling,
            suggestion=heir,
            candidates=last.replaced_by if last and len(last.replaced_by) > 1 else (),
        )

    def _of_number(
        self, cell: "_Cell", anchor: SorId | None, names: Names, *, is_alone: bool
    ) -> Iterator[Issue]:
        """What became of a number, and whether it still belongs to the unit of its line."""
        one = cell.identifier
        key = one.kind, one.value
        carriers = self.facts.carriers.get(key, ())
        former = self.facts.former.get(key, ())
        if not carriers:
            yield from self._of_unowned(cell, former, anchor)
            return
        meant = self._meant(one, carriers, anchor, names)
        if meant is None:
            yield from self._of_strangers(cell, carriers, former, anchor)
            return
        left = self._left_behind(one, former, meant, names) if is_alone else None
        if left is not None:
            yield self._moved(cell, left.unit_id, left.until)
            return
        yield from self._of_carrier(cell, meant)

    def _meant(
        self,
        one: Identifier,
        carriers: Sequence[SorId],
        anchor: SorId | None,
        names: Names,
    ) -> SorId | None:
        """The carrier that the line is about, or None where that does not follow."""
        facts = self.facts
        if anchor is not None:
            if one.kind is ColumnKind.LOCATION_NUMBER and anchor in facts.units:
                number = facts.effective(anchor)
                if number is None and self._meaning.has_lost(anchor, one.value):
                    return None
                if number is not None and number.number != one.value:
                    return None
            if anchor in carriers:
                return anchor
            related = [found for found in carriers if facts.are_related(found, anchor)]
            return self._meaning.choose(related)[0] if related else None
        chosen = self._meaning.choose(carriers, names)
        return chosen[0] if len(chosen) == 1 else None

    def _left_behind(
        self,
        one: Identifier,
        former: Sequence[FormerCarrier],
        meant: SorId,
        names: Names,
    ) -> FormerCarrier | None:
        """Of a number that stands alone: whose it was when the line was right, if no longer.

        A name on the line that is the present carrier's settles it.
        """
        if one.kind is not ColumnKind.LOCATION_NUMBER or self._meaning.is_called(meant, names):
            return None
        holders = self.facts.holders_on(one.value, self._true_on)
        later = [
            found
            for found in former
            if found.unit_id in holders - {meant}
            and (self._true_on is None or found.until.day > self._true_on)
            and not self.facts.are_related(found.unit_id, meant)
        ]
        return later[-1] if later else None

    def _of_strangers(
        self,
        cell: "_Cell",
        carriers: Sequence[SorId],
        former: Sequence[FormerCarrier],
        anchor: SorId | None,
    ) -> Iterator[Issue]:
        """The number is somebody else's, or of several units."""
        shown = self._meaning.choose(carriers)
        if anchor is None:
            yield cell.issue(
                Verdict.AMBIGUOUS,
                candidates=shown,
                notes=(Note.SHARED,),
            )
            return
        had = self._meaning.find_loss(cell.identifier, former, anchor)
        if had is not None:
            yield self._moved(cell, anchor, had)
        elif anchor not in self.facts.gone:
            yield cell.issue(
                Verdict.AMBIGUOUS,
                unit_id=anchor,
                candidates=(anchor, *(one for one in shown if one != anchor)),
                notes=(Note.NOT_TOGETHER,),
            )

    def _moved(self, cell: "_Cell", sor_id: SorId, until: Telling) -> Issue:
        """The number is another unit's; what the unit has in place of it is the suggestion."""
        one = cell.identifier
        return cell.issue(
            Verdict.NUMBER_MOVED,
            unit_id=sor_id,
            since=until.day,
            telling=self._ending(one, until),
            candidates=self._meaning.choose(self.facts.carriers.get((one.kind, one.value), ())),
            suggestion=self._meaning.present(sor_id, one.kind),
        )

    def _ending(self, one: Identifier, until: Telling) -> Telling:
        """The event that took a number away; of location numbers only the run is known at first."""
        if until.sequence is None and one.kind is ColumnKind.LOCATION_NUMBER:
            return self.facts.moves.get((one.value, until.run), until)
        return until

    def _of_unowned(
        self, cell: "_Cell", former: Sequence[FormerCarrier], anchor: SorId | None
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
        )

    def _of_carrier(self, cell: "_Cell", meant: SorId) -> Iterator[Issue]:
        """The unit that carries the number, and the number's own days."""
        found = list(self._of_unit(cell, meant))
        yield from found
        unit = self.facts.units[meant]
        number = unit.location_number
        if cell.identifier.kind is not ColumnKind.LOCATION_NUMBER or number is None:
            return
        day = self.facts.day
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
            (one.first_run for one in self.facts.holdings.get(number, ()) if one.unit_id == owner),
            default=0,
        )
        return told if told is not None and told.run >= begin else None


class _Cell:
    """A number in its place, of which issues are made."""

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
