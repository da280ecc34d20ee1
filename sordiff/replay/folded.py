"""The units of a fold: each stays as it was given until an event changes it."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from sordiff.fields import Flat, flatten_unit, nest_unit
from sordiff.model import LocationNumber, SorId, Unit

_list_number_values: Final = attrgetter(*LocationNumber.__struct_fields__)


class FoldedUnits:
    """Units by id. A unit is made flat when it is first read; most are never read."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Start from these units."""
        self._units: dict[str, Unit | Flat] = {unit.sor_id: unit for unit in units}

    def __getitem__(self, sor_id: str) -> Flat:
        unit = self._units[sor_id]
        if isinstance(unit, Unit):
            unit = self._units[sor_id] = flatten_unit(unit)
        return unit

    def __setitem__(self, sor_id: str, unit: Flat | Unit) -> None:
        self._units[sor_id] = unit

    def __delitem__(self, sor_id: str) -> None:
        del self._units[sor_id]

    def __contains__(self, sor_id: str) -> bool:
        return sor_id in self._units

    def get(self, sor_id: str) -> Flat | None:
        """The unit, if it is there."""
        return self[sor_id] if sor_id in self._units else None

    def is_still(self, sor_id: SorId, unit: Unit) -> bool:
        """Whether no event has changed this unit since it was given."""
        return self._units.get(sor_id) is unit

    def has_number(self, sor_id: str, number: LocationNumber) -> bool:
        """Whether the unit was given with this very number: whoever assigns it changes nothing.

        So it is with all numbers of units that are new.
        """
        unit = self._units[sor_id]
        if not isinstance(unit, Unit) or unit.location_number is None:
            return False
        return bool(_list_number_values(unit.location_number) == _list_number_values(number))

    def as_units(self) -> dict[SorId, Unit]:
        """The units as records."""
        return {
            SorId(sor_id): unit if isinstance(unit, Unit) else nest_unit(unit)
            for sor_id, unit in self._units.items()
        }
