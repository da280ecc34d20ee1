"""What the numbers on a line mean: which unit, what it lost, and what is to be written instead."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from sordiff.model import SorId
from sordiff.reconcile.facts import Facts, FormerCarrier, Telling
from sordiff.reconcile.identifiers import ColumnKind, Identifier
from sordiff.reconcile.names import is_same_name
from sordiff.reconcile.verdict import Suggestion

# What the register says itself, as a reason.
BY_REGISTER: Final = "register"
OF_UNIT: Final = "unit_has_number"

_ORDER: Final = {kind: place for place, kind in enumerate(ColumnKind)}
# Names and numbers of a line, each with the place of its column.
Names = Sequence[tuple[int, str]]
Placed = tuple[int, Identifier]


class Meaning:
    """Leads from numbers to units, by the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def suggest(self, sor_id: SorId, score: float, reasons: tuple[str, ...]) -> Suggestion:
        """A unit as a suggestion, with the number by which it is reached."""
        unit = self.facts.known(sor_id)
        return Suggestion(
            unit_id=sor_id,
            number=self.facts.open_number(sor_id),
            name=unit.name if unit else None,
            score=score,
            reasons=reasons,
        )

    def find_anchor(self, placed: Sequence[Placed], names: Names) -> SorId | None:
        """The unit that the line is about: by its SOR id, else by most of its numbers.

        A number speaks for whoever has it or once had it, and for those above and below.
        """
        valid = [one for _, one in placed if one.is_valid]
        for one in valid:
            sor_id = SorId(one.value)
            if one.kind is ColumnKind.SOR_ID and (
                sor_id in self.facts.units or sor_id in self.facts.gone
            ):
                return sor_id
        valid.sort(key=lambda one: _ORDER[one.kind])
        decided = (self.decided(one, names) for one in valid if one.kind is not ColumnKind.SOR_ID)
        options = list(dict.fromkeys(found for found in decided if found is not None))
        if len(options) < 2:  # noqa: PLR2004  # one needs no vote
            return options[0] if options else None
        return max(options, key=lambda option: sum(self._speaks_for(one, option) for one in valid))

    def _speaks_for(self, one: Identifier, sor_id: SorId) -> bool:
        key = one.kind, one.value
        former = (found.unit_id for found in self.facts.former.get(key, ()))
        carriers = (*self.facts.carriers.get(key, ()), *former)
        return any(self.facts.are_related(found, sor_id) for found in carriers)

    def decided(self, one: Identifier, names: Names) -> SorId | None:
        """The one unit that a number leads to: it carries it now, else it was the last that did."""
        carriers = self.choose(self.facts.carriers.get((one.kind, one.value), ()), names)
        if len(carriers) == 1:
            return carriers[0]
        former = self.facts.former.get((one.kind, one.value), ())
        return former[-1].unit_id if not carriers and former else None

    def choose(self, carriers: Sequence[SorId], names: Names = ()) -> tuple[SorId, ...]:
        """The units that a number means: open ones first, of one line the topmost.

        Of several the one whose name is on the line, where that is one alone.
        """
        facts = self.facts
        found = [one for one in carriers if facts.is_open(one)] or list(carriers)
        top = tuple(
            one for one in found if not any(above.sor_id in found for above in facts.above(one))
        )
        if len(top) > 1 and names:
            said = [one for one in top if self.is_called(one, names)]
            if len(said) == 1:
                return tuple(said)
        if len(top) > 1 and not facts.is_open(top[0]):
            last = max(top, key=lambda one: facts.units[one].to or "")
            return (last,)
        return top

    def is_called(self, sor_id: SorId, names: Names) -> bool:
        """Whether a name on the line is the unit's."""
        unit = self.facts.known(sor_id)
        return bool(unit and unit.name and any(is_same_name(unit.name, said) for _, said in names))

    def heir(self, replaced_by: Sequence[SorId]) -> Suggestion | None:
        """The unit that the register names, or the one that replaces that again."""
        if not replaced_by:
            return None
        followed = [self._last_heir(one) for one in replaced_by]
        best = next((one for one in followed if self.facts.is_open(one)), followed[0])
        return self.suggest(best, 1.0, (BY_REGISTER,))

    def _last_heir(self, sor_id: SorId) -> SorId:
        seen = {sor_id}
        while True:
            unit = self.facts.known(sor_id)
            if unit is None or self.facts.is_open(sor_id) or len(unit.replaced_by) != 1:
                return sor_id
            following = unit.replaced_by[0]
            if following in seen:
                return sor_id
            seen.add(following)
            sor_id = following

    def find_loss(
        self, one: Identifier, former: Sequence[FormerCarrier], anchor: SorId
    ) -> Telling | None:
        """What took a number from a unit that once had it, itself or from a unit above."""
        for found in reversed(former):
            if found.unit_id == anchor:
                return found.until
        if one.kind is ColumnKind.LOCATION_NUMBER:
            for number, until in reversed(self.facts.former_numbers.get(anchor, ())):
                if number == one.value:
                    return until
        for found in reversed(former):
            if self.facts.are_related(found.unit_id, anchor):
                return found.until
        return None

    def has_lost(self, sor_id: SorId, number: str) -> bool:
        """Whether messages to the unit once went to this number."""
        key = ColumnKind.LOCATION_NUMBER, number
        return any(one.unit_id == sor_id for one in self.facts.former.get(key, ())) or any(
            had == number for had, _ in self.facts.former_numbers.get(sor_id, ())
        )

    def present(self, sor_id: SorId, kind: ColumnKind) -> Suggestion | None:
        """The unit itself with the number of that kind that it has now, while it is open."""
        if not self.facts.is_open(sor_id):
            return None
        found = self.suggest(sor_id, 1.0, (OF_UNIT,))
        if kind is ColumnKind.LOCATION_NUMBER:
            return found
        return replace(found, number=self.facts.units[sor_id].value(kind))

    def event(self, subject: str, *names: str) -> Telling | None:
        """The newest event of a subject, of the first of these types that there is."""
        found = (self.facts.events.get((subject, name)) for name in names)
        return next((telling for telling in found if telling is not None), None)
