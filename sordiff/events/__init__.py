"""The closed union of typed events: what can be said of a night.

One class an event type; its fields are the `data` of the event beside the common part that every
event has. What else there is to know of a type stands in its row of the catalogue. The names, and
what each means, are the contract; docs/events.md shows a sample of each.
"""

from typing import assert_never

from sordiff.events.catalogue import (
    CATALOGUE,
    EVENT_TYPES,
    FIELD_BY_DATA,
    FIELD_EVENTS,
    TYPE_BY_DATA,
    TYPE_BY_NAME,
    find_event_name,
)
from sordiff.events.classifications import (
    AnyClassificationEventData,
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationEventData,
    ClassificationTextChanged,
)
from sordiff.events.event_data import AnyEventData
from sordiff.events.event_type import (
    CountName,
    EventType,
    Family,
    Folding,
    Grouping,
    MeasureName,
    SectionName,
    Subject,
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
    AnyStayingUnitEventData,
    AnyUnitEventData,
    AnyUnitFieldEventData,
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
    UnitFieldChanged,
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


class Event(Record, frozen=True, kw_only=True):
    """One event: what it is about (a SOR id, a GLN or list/code), and what is said of it."""

    subject: str
    data: AnyEventData

    @property
    def type(self) -> EventType:
        """The row of the catalogue that tells of the event's type."""
        return TYPE_BY_DATA[type(self.data)]

    @property
    def name(self) -> str:
        """The event type without prefix and version, such as `unit.created`."""
        return TYPE_BY_DATA[type(self.data)].name

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
            case UnitEventData() | ClassificationEventData():
                return None
            case _:  # pragma: no cover - the union is closed
                assert_never(self.data)


__all__ = [
    "CATALOGUE",
    "EVENT_TYPES",
    "FIELD_BY_DATA",
    "FIELD_EVENTS",
    "TYPE_BY_DATA",
    "TYPE_BY_NAME",
    "AnyClassificationEventData",
    "AnyEventData",
    "AnyLocationNumberEventData",
    "AnyStayingUnitEventData",
    "AnyUnitEventData",
    "AnyUnitFieldEventData",
    "Cause",
    "ClassificationCodeAdded",
    "ClassificationCodeRemoved",
    "ClassificationEntryChanged",
    "ClassificationEventData",
    "ClassificationTextChanged",
    "CodedText",
    "CountName",
    "EffectiveNumber",
    "Event",
    "EventData",
    "EventType",
    "Family",
    "Folding",
    "Grouping",
    "LocationNumberAssigned",
    "LocationNumberClosed",
    "LocationNumberDetailsChanged",
    "LocationNumberEventData",
    "LocationNumberReassigned",
    "LocationNumberReleased",
    "LocationNumberReopened",
    "MeasureName",
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
    "SectionName",
    "SnapshotSpan",
    "StatusChange",
    "Subject",
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
    "UnitFieldChanged",
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
    "find_event_name",
]
