"""The fold of a few units only, for looking back: changes of other units are ignored."""

from typing import assert_never

from sordiff.events import (
    ClassificationEventData,
    Event,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    OwnedNumber,
    UnitEventData,
)
from sordiff.model import SorId
from sordiff.replay.fold import Fold


def list_concerned(event: Event) -> frozenset[SorId]:
    """The units whose records an event tells of; none for a classification."""
    match event.data:
        case LocationNumberReassigned(before=old, after=new):
            return frozenset({old.unit_id, new.unit_id})
        case LocationNumberReleased(before=owned) | LocationNumberAssigned(after=owned):
            return frozenset({owned.unit_id})
        case (
            LocationNumberClosed(unit_id=unit_id)
            | LocationNumberReopened(unit_id=unit_id)
            | LocationNumberDetailsChanged(unit_id=unit_id)
        ):
            return frozenset({unit_id})
        case UnitEventData(unit=unit):
            return frozenset({unit.id})
        case ClassificationEventData():
            return frozenset()
        case _:  # pragma: no cover - the union is closed
            assert_never(event.data)


class PartFold(Fold):
    """A fold of some units; its events may concern other units as well."""

    def _hand_over(self, number: str, taken: OwnedNumber | None, given: OwnedNumber | None) -> None:
        super()._hand_over(number, self._if_here(taken), self._if_here(given))

    def _if_here(self, owned: OwnedNumber | None) -> OwnedNumber | None:
        return owned if owned is not None and owned.unit_id in self.units else None
