"""The faults of one number of a line."""

from collections.abc import Iterator

from sordiff.model import SorId
from sordiff.reconcile.anchor import AnchorFinder
from sordiff.reconcile.cell import Cell
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, Identifier, is_cut
from sordiff.reconcile.meaning import Meaning
from sordiff.reconcile.number_judge import NumberJudge
from sordiff.reconcile.unit_judge import UnitJudge
from sordiff.reconcile.verdict import Issue, Note, Verdict


class CellJudge:
    """Judges numbers by the facts."""

    def __init__(self, facts: Facts, meaning: Meaning, finder: AnchorFinder) -> None:
        self._units = UnitJudge(facts, meaning)
        self._numbers = NumberJudge(facts, meaning, finder, self._units)

    def find_faults(self, place: int, one: Identifier, anchor: SorId | None) -> Iterator[Issue]:
        """What is wrong with a number; `anchor`: the unit that its line is about, where known."""
        cell = Cell(place, one)
        if not one.is_valid:
            notes = (Note.DIGITS_LOST,) if is_cut(one) else ()
            yield cell.issue(Verdict.INVALID, notes=notes)
        elif one.kind is ColumnKind.SOR_ID:
            yield from self._units.find_faults(cell, SorId(one.value))
        else:
            yield from self._numbers.find_faults(cell, anchor)
