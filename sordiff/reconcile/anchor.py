"""Which unit the numbers on a line mean: by its SOR id, else by what its numbers have in common."""

from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.model import Day, SorId
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, Identifier
from sordiff.reconcile.names import is_same_name

_ORDER: Final = {kind: place for place, kind in enumerate(ColumnKind)}
# Names and numbers of a line, each with the place of its column.
Names = Sequence[tuple[int, str]]
Placed = tuple[int, Identifier]


class AnchorFinder:
    """Leads from numbers to units; a line is taken to have been true on the day `true_on`."""

    def __init__(self, facts: Facts, true_on: Day | None = None) -> None:
        """`true_on`: None for the first recorded day."""
        self._facts = facts
        self._true_on = true_on

    def find_anchor(self, placed: Sequence[Placed], names: Names) -> SorId | None:
        """The unit that the line is about: by its SOR id, else by most of its numbers.

        A number speaks for whoever has it or once had it, and for those above and below. Where no
        SOR id says otherwise, all numbers may have left the unit that they belonged to.
        """
        valid = sorted((one for _, one in placed if one.is_valid), key=lambda one: _ORDER[one.kind])
        sor_ids = [SorId(one.value) for one in valid if one.kind is ColumnKind.SOR_ID]
        for sor_id in sor_ids:
            if sor_id in self._facts.units or sor_id in self._facts.gone:
                return sor_id
        numbers = [one for one in valid if one.kind is not ColumnKind.SOR_ID]
        left = None if sor_ids else self._left_behind(numbers, names)
        return left or self._by_vote(numbers, names)

    def _by_vote(self, numbers: Sequence[Identifier], names: Names) -> SorId | None:
        decided = (self._decided(one, names) for one in numbers)
        options = list(dict.fromkeys(found for found in decided if found is not None))
        if len(options) < 2:  # noqa: PLR2004  # one needs no vote
            return options[0] if options else None
        return max(
            options, key=lambda option: sum(self._speaks_for(one, option) for one in numbers)
        )

    def _speaks_for(self, one: Identifier, sor_id: SorId) -> bool:
        key = one.kind, one.value
        former = (found.unit_id for found in self._facts.former.get(key, ()))
        carriers = (*self._facts.carriers.get(key, ()), *former)
        return any(self._facts.are_related(found, sor_id) for found in carriers)

    def _decided(self, one: Identifier, names: Names) -> SorId | None:
        """The one unit that a number leads to: it carries it now, else it was the last that did."""
        carriers = self.choose(self._facts.carriers.get((one.kind, one.value), ()), names)
        if len(carriers) == 1:
            return carriers[0]
        former = self._facts.former.get((one.kind, one.value), ())
        return former[-1].unit_id if not carriers and former else None

    def _left_behind(self, numbers: Sequence[Identifier], names: Names) -> SorId | None:
        """Whose the numbers were when the line was right, if another unit has them now."""
        known = [one for one in numbers if self._facts.is_known(one.kind, one.value)]
        for one in known:
            carriers = self.choose(self._facts.carriers.get((one.kind, one.value), ()), names)
            if len(carriers) == 1:
                for left in self._leavers(one, carriers[0], names):
                    if all(self._speaks_for(other, left) for other in known):
                        return left
        return None

    def _leavers(self, one: Identifier, meant: SorId, names: Names) -> Iterator[SorId]:
        """Who may have been meant by a number before `meant` had it, the last one first.

        A name on the line decides where it is that of one of the two alone, or of a unit above it.
        Without such a name it is who owned a location number on the day.
        """
        former = [
            found
            for found in reversed(self._facts.former.get((one.kind, one.value), ()))
            if not self._facts.are_related(found.unit_id, meant)
            and not self._is_called_alone(meant, found.unit_id, names)
        ]
        if not former:
            return
        for found in former:
            if self._is_called_alone(found.unit_id, meant, names):
                yield found.unit_id
        if one.kind is ColumnKind.LOCATION_NUMBER:
            holders = self._facts.holders_on(one.value, self._true_on)
            for found in former:
                is_later = self._true_on is None or found.until.day > self._true_on
                if found.unit_id in holders and is_later:
                    yield found.unit_id

    def _is_called_alone(self, sor_id: SorId, other: SorId, names: Names) -> bool:
        """Whether a name on the line leads to the one unit, and not to the other as well."""
        return bool(names) and any(
            self._is_called(one, names) for one in self._line(sor_id) - self._line(other)
        )

    def _line(self, sor_id: SorId) -> set[SorId]:
        return {sor_id, *(above.sor_id for above in self._facts.above(sor_id))}

    def choose(self, carriers: Sequence[SorId], names: Names = ()) -> tuple[SorId, ...]:
        """The units that a number means: open ones first, of one line the topmost.

        Of several the one whose name is on the line, where that is one alone.
        """
        facts = self._facts
        found = [one for one in carriers if facts.is_open(one)] or list(carriers)
        top = tuple(
            one for one in found if not any(above.sor_id in found for above in facts.above(one))
        )
        if len(top) > 1 and names:
            said = [one for one in top if self._is_called(one, names)]
            if len(said) == 1:
                return tuple(said)
        if len(top) > 1 and not facts.is_open(top[0]):
            last = max(top, key=lambda one: facts.units[one].to or "")
            return (last,)
        return top

    def _is_called(self, sor_id: SorId, names: Names) -> bool:
        """Whether a name on the line is the unit's."""
        unit = self._facts.known(sor_id)
        return bool(unit and unit.name and any(is_same_name(unit.name, said) for _, said in names))
