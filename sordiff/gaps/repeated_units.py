"""Units without a row that the night before had: as they were, with what tonight's rows say anew.

What all rows directly below say alike of number, address and contact is what the unit has, its own
or from above. If that is not what it would have anyway, the unit has it anew, and not each of those
below, unless as many of these had just this of their own the night before as had nothing. A number
that rows mark inherited needs no such guess.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from sordiff.gaps.gaps import Gaps
from sordiff.model import Address, SorId, Unit
from sordiff.register import Register


def repeat_units(
    gaps: Gaps, filled: dict[SorId, Unit], read: Mapping[SorId, Unit], old: Register
) -> None:
    """Put what the rows say anew into these units of `filled`, where they are as they were.

    `read`: tonight's units as they were read.
    """
    repeater = _Repeater(gaps, filled, read, old)
    for sor_id in gaps.mentioned:
        repeater.repeat(sor_id)


def _get_number(unit: Unit) -> Any:
    return unit.location_number


def _get_postal(unit: Unit) -> Any:
    return None if unit.address is None else unit.address.postal


def _get_contact(unit: Unit) -> Any:
    return unit.contact


_GET: Final[Mapping[str, Callable[[Unit], Any]]] = {
    "number": _get_number,
    "postal": _get_postal,
    "contact": _get_contact,
}


class _Repeater:
    """Each unit is settled after those above it, since it may have what they have."""

    def __init__(
        self, gaps: Gaps, filled: dict[SorId, Unit], read: Mapping[SorId, Unit], old: Register
    ) -> None:
        self._gaps, self._filled, self._read, self._old = gaps, filled, read, old
        self._waiting = {sor_id for sor_id in gaps.mentioned if sor_id in old.units}

    def repeat(self, sor_id: SorId) -> None:
        if sor_id not in self._waiting:
            return
        self._waiting.discard(sor_id)
        unit, mentioned = self._filled[sor_id], self._gaps.mentioned[sor_id]
        changed: dict[str, Any] = {
            name: value
            for name, value in (("name", mentioned.name), ("cvr", mentioned.cvr))
            if value is not None
        }
        for name, get_own in _GET.items():
            said = getattr(self._gaps.said_below[sor_id], name)
            if said is None:
                continue
            above = self._find_reaching(name, unit.parent_id)
            if said == (get_own(unit) or above):
                continue
            if name == "number" and self._gaps.said_below[sor_id].is_marked:
                changed |= _put(unit, name, None if said == above else said)
                continue
            # Only now: who is below whom may have to be found for a whole register.
            below = self._old.children_of(sor_id)
            had = [get_own(self._old.units[each]) for each in below]
            if had.count(None) > had.count(said):
                changed |= _put(unit, name, None if said == above else said)
        self._filled[sor_id] = replace(unit, **changed)

    def _find_reaching(self, name: str, sor_id: SorId | None) -> Any:
        """What a unit has tonight, its own or from above."""
        mentioned, seen = self._gaps.mentioned, set[SorId]()
        while sor_id is not None and sor_id not in seen:
            seen.add(sor_id)
            self.repeat(sor_id)
            is_known = sor_id in mentioned and sor_id in self._old.units
            unit = self._filled[sor_id] if is_known else self._read.get(sor_id)
            was_read = unit is not None and not is_known
            unit = self._old.units[sor_id] if unit is None else unit
            own = _GET[name](unit)
            if own is not None:
                return own
            if was_read and unit.parent_id is not None and unit.parent_id in mentioned:
                # It has what its row and those beside it say.
                return getattr(self._gaps.said_below[unit.parent_id], name)
            sor_id = unit.parent_id
        return None


def _put(unit: Unit, name: str, own: Any) -> dict[str, Any]:
    """The field in which a unit has this of its own, or nothing."""
    if name == "number":
        return {"location_number": own, "location_number_inherited": own is None}
    if name == "contact":
        return {"contact": own}
    address = replace(unit.address or Address(), postal=own)
    return {"address": None if address == Address() else address}
