"""A second, slow way to the verdicts: from the whole registers of all nights, night by night, without events or queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sordiff.model import SorId, State
from tests.making.numbers import verhoeff_digit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sordiff.model import Unit
    from sordiff.register import Register

# The gravest first, as docs/reconcile.md has them.
ORDER = (
    "invalid",
    "unknown",
    "removed",
    "replaced",
    "closed",
    "number_released",
    "number_moved",
    "number_closed",
    "ambiguous",
    "closing",
    "renamed",
    "current",
)


class Oracle:
    """Answers for the last of these nights."""

    def __init__(self, nights: Sequence[Register]) -> None:
        self.nights = nights
        self.last = nights[-1]
        self.day = self.last.day

    def of_line(self, sor_id: str, number: str) -> str:
        """The verdict on a line with a SOR id, a location number, or both."""
        found = ["current"]
        if sor_id:
            found.append(self.of_unit(sor_id))
        if number:
            found += self.of_number(number, sor_id)
        if not sor_id and not number:
            found.append("unknown")
        return min(found, key=ORDER.index)

    def of_unit(self, sor_id: str) -> str:
        if not self._was_unit(sor_id):
            good = sor_id[-10:-1] == "100001600" and verhoeff_digit(sor_id[:-1]) == sor_id[-1]
            return "unknown" if good else "invalid"
        unit = self.last.units.get(SorId(sor_id))
        if unit is None:
            last = next(
                night.units[SorId(sor_id)]
                for night in reversed(self.nights)
                if sor_id in night.units
            )
            return "replaced" if last.replaced_by else "removed"
        if unit.state(self.day) is State.CLOSED:
            return "replaced" if unit.replaced_by else "closed"
        return "current" if unit.to is None else "closing"

    def of_number(self, number: str, sor_id: str) -> list[str]:
        owners = sorted(self.last.owners_of(number))  # type: ignore[arg-type]  # a text from a list
        earlier = self._earlier_owners(number)
        if not owners and not earlier:
            digits = [int(digit) for digit in number]
            good = len(digits) == 13 and (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
            return ["unknown" if good else "invalid"]
        if not owners:
            return ["number_released"]
        if sor_id and self._was_unit(sor_id):
            return self._beside(number, SorId(sor_id), owners, earlier)
        meant = self._meant(owners)
        if len(meant) > 1:
            return ["ambiguous"]
        # An id beside it that is no unit's still says that the number does not stand alone.
        alone = not sor_id or self.of_unit(sor_id) == "invalid"
        first = self._first_owners(number)
        if alone and any(
            one in first and not self._related(one, meant[0]) for one in earlier if one != meant[0]
        ):
            return ["number_moved"]
        return self._of_owner(meant[0])

    def _beside(
        self, number: str, sor_id: SorId, owners: list[SorId], earlier: list[SorId]
    ) -> list[str]:
        unit = self.last.units.get(sor_id)
        effective = self.last.effective_number(unit) if unit else None
        lost = sor_id in earlier or self._once_reached(sor_id, number)
        near = [one for one in owners if self._related(one, sor_id)]
        is_stranger = (
            not near
            or effective not in {None, number}
            or (effective is None and unit is not None and lost)
        )
        if not is_stranger:
            return self._of_owner(sor_id if sor_id in near else self._meant(near)[0])
        if lost or any(self._related(one, sor_id) for one in earlier):
            return ["number_moved"]
        return ["ambiguous"] if unit is not None else []

    def _of_owner(self, sor_id: SorId) -> list[str]:
        found = [self.of_unit(sor_id)]
        block = self.last.units[sor_id].location_number
        assert block is not None
        if block.inactive or (block.to is not None and block.to < self.day):
            found.append("number_closed")
        elif block.to is not None and found == ["current"]:
            found.append("closing")
        return found

    def _meant(self, owners: list[SorId]) -> list[SorId]:
        units = [self.last.units[one] for one in owners]
        opened = [unit for unit in units if unit.state(self.day) is State.OPEN]
        chosen = opened or units
        ids = {unit.sor_id for unit in chosen}
        top = [
            unit
            for unit in chosen
            if not ids & {above.sor_id for above in self.last.ancestors(unit)}
        ]
        if len(top) > 1 and not opened:
            return [max(top, key=lambda unit: unit.to or "").sor_id]
        return [unit.sor_id for unit in top]

    def _earlier_owners(self, number: str) -> list[SorId]:
        """Those that had it on some night and no longer have it, in the order in which they lost it."""
        lost: dict[SorId, int] = {}
        for place, (old, new) in enumerate(zip(self.nights, self.nights[1:], strict=False)):
            for one in old.owners_of(number) - new.owners_of(number):  # type: ignore[arg-type]  # as above
                lost[one] = place
        now = self.last.owners_of(number)  # type: ignore[arg-type]  # as above
        return sorted((one for one in lost if one not in now), key=lambda one: (lost[one], one))

    def _first_owners(self, number: str) -> set[SorId]:
        """Whose it was on the first night on which it was anybody's."""
        owners = (night.owners_of(number) for night in self.nights)  # type: ignore[arg-type]  # as above
        return set(next(found for found in owners if found))

    def _once_reached(self, sor_id: SorId, number: str) -> bool:
        """Whether messages to the unit went to that number, by what events tell: of units open then."""
        for old, new in zip(self.nights, self.nights[1:], strict=False):
            before, after = old.units.get(sor_id), new.units.get(sor_id)
            if before is None or after is None or after.state(new.day) is not State.OPEN:
                continue
            was = old.effective_number(before)
            if was == number and new.effective_number(after) != number:
                return True
        return False

    def _related(self, one: SorId, other: SorId) -> bool:
        return one == other or other in self._above(one) or one in self._above(other)

    def _above(self, sor_id: SorId) -> set[SorId]:
        unit: Unit | None = self.last.units.get(sor_id)
        return {above.sor_id for above in self.last.ancestors(unit)} if unit else set()

    def _was_unit(self, sor_id: str) -> bool:
        return any(sor_id in night.units for night in self.nights)
