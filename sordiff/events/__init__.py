"""The closed union of typed events: what can be said of a night.

One class an event type; its fields are the `data` of the event beside the common part that every
event has. The names, and what each means, are the contract; docs/events.md shows a sample of each.
"""

from typing import Final, TypeAlias, get_args

from sordiff.events.classifications import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationEventData,
    ClassificationTextChanged,
)
from sordiff.events.location_numbers import (
    AnyLocationNumberEventData,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberEventData,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    NamedOwnedNumber,
    NumberState,
    OwnedNumber,
    Previously,
    Relation,
)
from sordiff.events.parts import (
    Cause,
    CodedText,
    EffectiveNumber,
    EventData,
    OpenEffectiveNumber,
    PathChange,
    RunPosition,
    SnapshotSpan,
    StatusChange,
    UnitSummary,
)
from sordiff.events.units import (
    Named,
    Place,
    UnitAddressChanged,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitContactChanged,
    UnitCreated,
    UnitCvrChanged,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitEventData,
    UnitMoved,
    UnitOpened,
    UnitPharmacyNumberChanged,
    UnitPNumberChanged,
    UnitProviderNumberChanged,
    UnitRemoved,
    UnitRenamed,
    UnitReopened,
    UnitReplaced,
    UnitRestored,
    UnitShakChanged,
    UnitSpecialitiesChanged,
    UnitTypeChanged,
)
from sordiff.model import Record, SorId

# In the order in which the groups stand in a run; `closed` and `removed` come last.
AnyEventData: TypeAlias = (
    ClassificationTextChanged
    | ClassificationEntryChanged
    | ClassificationCodeAdded
    | ClassificationCodeRemoved
    | UnitCreated
    | UnitRestored
    | UnitOpened
    | UnitReopened
    | UnitMoved
    | UnitRenamed
    | UnitTypeChanged
    | UnitProviderNumberChanged
    | UnitShakChanged
    | UnitCvrChanged
    | UnitPNumberChanged
    | UnitPharmacyNumberChanged
    | UnitSpecialitiesChanged
    | UnitAddressChanged
    | UnitContactChanged
    | UnitClosureScheduled
    | UnitClosureCancelled
    | UnitReplaced
    | UnitDetailsChanged
    | AnyLocationNumberEventData
    | UnitEffectiveLocationNumberChanged
    | UnitClosed
    | UnitRemoved
)

EVENT_TYPES: Final[dict[str, type[AnyEventData]]] = {
    event_type.NAME: event_type for event_type in get_args(AnyEventData)
}


class Event(Record, frozen=True, kw_only=True):
    """One event: what it is about (a SOR id, a GLN or list/code), and what is said of it."""

    subject: str
    data: AnyEventData

    @property
    def name(self) -> str:
        """The event type without prefix and version, such as `unit.created`."""
        return self.data.NAME

    @property
    def number_owner(self) -> SorId | None:
        """The unit that a location_number event concerns (of reassigned: the new owner)."""
        match self.data:
            case LocationNumberReleased(before=owned):
                return owned.unit_id
            case LocationNumberAssigned(after=owned) | LocationNumberReassigned(after=owned):
                return owned.unit_id
            case (
                LocationNumberClosed(unit_id=unit_id)
                | LocationNumberReopened(unit_id=unit_id)
                | LocationNumberDetailsChanged(unit_id=unit_id)
            ):
                return unit_id
            case _:
                return None


__all__ = [
    "EVENT_TYPES",
    "AnyEventData",
    "AnyLocationNumberEventData",
    "Cause",
    "ClassificationCodeAdded",
    "ClassificationCodeRemoved",
    "ClassificationEntryChanged",
    "ClassificationEventData",
    "ClassificationTextChanged",
    "CodedText",
    "EffectiveNumber",
    "Event",
    "EventData",
    "LocationNumberAssigned",
    "LocationNumberClosed",
    "LocationNumberDetailsChanged",
    "LocationNumberEventData",
    "LocationNumberReassigned",
    "LocationNumberReleased",
    "LocationNumberReopened",
    "Named",
    "NamedOwnedNumber",
    "NumberState",
    "OpenEffectiveNumber",
    "OwnedNumber",
    "PathChange",
    "Place",
    "Previously",
    "Relation",
    "RunPosition",
    "SnapshotSpan",
    "StatusChange",
    "UnitAddressChanged",
    "UnitClosed",
    "UnitClosureCancelled",
    "UnitClosureScheduled",
    "UnitContactChanged",
    "UnitCreated",
    "UnitCvrChanged",
    "UnitDetailsChanged",
    "UnitEffectiveLocationNumberChanged",
    "UnitEventData",
    "UnitMoved",
    "UnitOpened",
    "UnitPNumberChanged",
    "UnitPharmacyNumberChanged",
    "UnitProviderNumberChanged",
    "UnitRemoved",
    "UnitRenamed",
    "UnitReopened",
    "UnitReplaced",
    "UnitRestored",
    "UnitShakChanged",
    "UnitSpecialitiesChanged",
    "UnitSummary",
    "UnitTypeChanged",
]
