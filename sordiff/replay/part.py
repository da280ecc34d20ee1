"""The fold of a few units alone, for looking back: what is told of others is passed over."""

from sordiff.events import (
    Event,
    LocationNumberAssigned,
    LocationNumberEventData,
    LocationNumberReassigned,
    LocationNumberReleased,
    OwnedNumber,
)
from sordiff.model import SorId
from sordiff.replay.fold import Fold


def concerned(event: Event) -> frozenset[SorId]:
    """The units whose records an event tells of; none for a classification."""
    match event.data:
        case LocationNumberReassigned(before=old, after=new):
            return frozenset({old.unit_id, new.unit_id})
        case LocationNumberReleased(before=owned) | LocationNumberAssigned(after=owned):
            return frozenset({owned.unit_id})
        case LocationNumberEventData():
            return frozenset({SorId(str(event.number_owner))})
        case data if data.unit is not None:
            return frozenset({SorId(event.subject)})
        case _:
            return frozenset()


class PartFold(Fold):
    """A fold that is told what concerns one of its units, though it may concern others, too."""

    def _hand_over(self, number: str, taken: OwnedNumber | None, given: OwnedNumber | None) -> None:
        super()._hand_over(number, self._if_here(taken), self._if_here(given))

    def _if_here(self, owned: OwnedNumber | None) -> OwnedNumber | None:
        return owned if owned is not None and owned.unit_id in self.units else None
