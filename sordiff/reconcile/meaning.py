"""What became of units and their numbers: what was lost, who replaces it, what to write instead."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from sordiff.model import SorId
from sordiff.reconcile.facts import Facts, FormerCarrier, Telling
from sordiff.reconcile.identifiers import ColumnKind, Identifier
from sordiff.reconcile.verdict import Suggestion

# What the register says itself, as a reason.
BY_REGISTER: Final = "register"
OF_UNIT: Final = "unit_has_number"


class Meaning:
    """Leads from units to what is said of them, by the facts."""

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
