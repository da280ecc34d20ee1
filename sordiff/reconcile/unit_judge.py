"""What became of a unit: closed, gone, replaced, or soon to be."""

from collections.abc import Iterator

from sordiff.events import UnitClosed, UnitClosureScheduled, UnitReplaced, find_event_name
from sordiff.model import SorId, State, find_next_day
from sordiff.reconcile.cell import Cell
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.meaning import Meaning
from sordiff.reconcile.verdict import Issue, Note, Verdict


class UnitJudge:
    """Judges units by the facts."""

    def __init__(self, facts: Facts, meaning: Meaning) -> None:
        self._facts = facts
        self._meaning = meaning

    def find_faults(self, cell: Cell, sor_id: SorId) -> Iterator[Issue]:
        """What is wrong with the unit to which a cell leads."""
        facts = self._facts
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

    def _of_absent(self, cell: Cell, sor_id: SorId) -> Iterator[Issue]:
        gone = self._facts.gone.get(sor_id)
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
