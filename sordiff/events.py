"""The closed union of typed events: what can be said of a night.

One class an event type; its fields are the `data` of the event beside the common part that every
event has. The names, and what each means, are the contract; docs/events.md shows a sample of each.
"""

from enum import StrEnum
from typing import Any, ClassVar, Final, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from sordiff.model import (
    Address,
    Contact,
    Day,
    Entry,
    Gln,
    Kind,
    LocationNumber,
    OtherValue,
    Record,
    SorId,
    Speciality,
    Status,
    Unit,
)


class Cause(StrEnum):
    """Why an event is there: something was written, a day passed, or it follows from others."""

    DATA_CHANGED = "data_changed"
    DATE_ELAPSED = "date_elapsed"
    DERIVED = "derived"


class Relation(StrEnum):
    """How the new owner of a location number stands to the old one."""

    TO_DESCENDANT = "to_descendant"
    TO_ANCESTOR = "to_ancestor"
    SAME_OWNER = "same_owner"
    OTHER_OWNER = "other_owner"


class SnapshotSpan(Record, kw_only=True):
    """The two snapshot dates of a run, and the nights between them (0: a reissue)."""

    before: Day
    after: Day
    nights: int


class RunPosition(Record, kw_only=True):
    """The place of an event in its run: 1 to count."""

    id: int
    order: int
    count: int


class CodedText(Record, kw_only=True):
    """A code with the text that its classification gives it on that night."""

    code: str
    text: str | None = None


class Named(Record, kw_only=True):
    """A unit by id and name."""

    id: SorId
    name: str | None = None


class EffectiveNumber(Record, kw_only=True):
    """An effective location number and the unit that owns it."""

    number: Gln
    from_unit: SorId


class OpenEffectiveNumber(EffectiveNumber, kw_only=True):
    """The same, and whether the number itself is open."""

    open: bool


class UnitSummary(Record, kw_only=True):
    """The unit of an event as it stands in the new register (of a removed one: in the old)."""

    id: SorId
    kind: Kind
    name: str | None
    unit_type: CodedText | None
    parent_id: SorId | None
    institution_id: SorId | None
    owner_id: SorId | None
    open: bool
    effective_location_number: OpenEffectiveNumber | None


class StatusChange(Record, kw_only=True):
    """The four days before and after; of a location_number event those of the number."""

    before: Status | None
    after: Status | None


class Place(Record, kw_only=True):
    """Where a unit stands: its parent, its institution and its owner."""

    parent: Named | None
    institution: Named | None
    owner: Named | None
    owner_type: CodedText | None


class PathChange(Record, kw_only=True):
    """One differing path; null is absent."""

    path: str
    before: Any = None
    after: Any = None


class OwnedNumber(LocationNumber, kw_only=True):
    """A location number block and the unit that owns it."""

    unit_id: SorId


class NamedOwnedNumber(OwnedNumber, kw_only=True):
    """A location number block, the unit that owns it, and that unit's name."""

    unit_name: str | None


class Previously(Record, kw_only=True):
    """An earlier owner of a number, and the night on which it had gone from there."""

    unit_id: SorId
    released: Day


class NumberState(Record, kw_only=True):
    """What decides whether a location number is closed."""

    to: Day | None = None
    inactive: bool | None = None


class EventData(Record, kw_only=True):
    """The common part of the data of every event. `run` is left out in a stateless diff."""

    NAME: ClassVar[str]

    snapshot: SnapshotSpan
    run: RunPosition | UnsetType = UNSET
    cause: Cause
    effective: Day | None
    unit: UnitSummary | None
    status: StatusChange | None


class UnitCreated(EventData, kw_only=True):
    """A unit that no earlier snapshot had."""

    NAME = "unit.created"
    after: Unit


class UnitRestored(EventData, kw_only=True):
    """A unit that is not in the last snapshot but was in an earlier one."""

    NAME = "unit.restored"
    after: Unit


class UnitOpened(EventData, kw_only=True):
    """A future unit whose opening day has come."""

    NAME = "unit.opened"


class UnitClosureScheduled(EventData, kw_only=True):
    """The last valid day of a unit that is not closed was set or changed."""

    NAME = "unit.closure_scheduled"
    before: Day | None
    after: Day | None


class UnitClosureCancelled(EventData, kw_only=True):
    """The last valid day of a unit that was not closed was taken away."""

    NAME = "unit.closure_cancelled"
    before: Day | None


class UnitClosed(EventData, kw_only=True):
    """The last valid day of a unit has passed."""

    NAME = "unit.closed"
    to: Day | None
    replaced_by: tuple[SorId, ...]
    location_number: Gln | None


class UnitReopened(EventData, kw_only=True):
    """A closed unit is not closed any more."""

    NAME = "unit.reopened"
    before: Day | None
    after: Day | None


class UnitRemoved(EventData, kw_only=True):
    """A unit that is no longer in the register; `was_open` is abnormal, else it is a purge."""

    NAME = "unit.removed"
    before: Unit
    was_open: bool


class UnitMoved(EventData, kw_only=True):
    """A unit stands under another parent; `descendants` came with it or stood there already."""

    NAME = "unit.moved"
    before: Place
    after: Place
    descendants: int


class UnitRenamed(EventData, kw_only=True):
    """The name of a unit differs."""

    NAME = "unit.renamed"
    before: str | None
    after: str | None


class UnitTypeChanged(EventData, kw_only=True):
    """The unit type (enhedstype) of a unit is another code."""

    NAME = "unit.type_changed"
    before: CodedText | None
    after: CodedText | None


class UnitReplaced(EventData, kw_only=True):
    """A unit is replaced by others that it was not replaced by before."""

    NAME = "unit.replaced"
    before: tuple[SorId, ...]
    after: tuple[SorId, ...]


class _TextChanged(EventData, kw_only=True):
    """Base of the events of one text field."""

    before: str | None
    after: str | None


class UnitProviderNumberChanged(_TextChanged, kw_only=True):
    """The provider number (ydernummer) differs."""

    NAME = "unit.provider_number_changed"


class UnitShakChanged(_TextChanged, kw_only=True):
    """The SHAK code differs."""

    NAME = "unit.shak_changed"


class UnitCvrChanged(_TextChanged, kw_only=True):
    """The CVR number differs."""

    NAME = "unit.cvr_changed"


class UnitPNumberChanged(_TextChanged, kw_only=True):
    """The P number (production unit) differs."""

    NAME = "unit.p_number_changed"


class UnitPharmacyNumberChanged(_TextChanged, kw_only=True):
    """The pharmacy number differs."""

    NAME = "unit.pharmacy_number_changed"


class UnitSpecialitiesChanged(EventData, kw_only=True):
    """The set of specialities differs."""

    NAME = "unit.specialities_changed"
    before: tuple[Speciality, ...] | None
    after: tuple[Speciality, ...] | None


class UnitAddressChanged(EventData, kw_only=True):
    """The address blocks that the unit itself carries differ."""

    NAME = "unit.address_changed"
    before: Address | None
    after: Address | None


class UnitContactChanged(EventData, kw_only=True):
    """The contact block that the unit itself carries differs."""

    NAME = "unit.contact_changed"
    before: Contact | None
    after: Contact | None


class UnitDetailsChanged(EventData, kw_only=True):
    """Anything else of a unit differs, path by path, unknown elements included."""

    NAME = "unit.details_changed"
    changes: tuple[PathChange, ...]


class UnitEffectiveLocationNumberChanged(EventData, kw_only=True):
    """The location number that holds for an open unit, its own or inherited, is another."""

    NAME = "unit.effective_location_number_changed"
    before: EffectiveNumber | None
    after: EffectiveNumber | None


class LocationNumberEventData(EventData, kw_only=True):
    """Base of the location_number events.

    `shared`: more than one owner is involved. `heirs`: how many open units have the number as
    their effective one after the run.
    """

    shared: bool
    heirs: int


class LocationNumberReleased(LocationNumberEventData, kw_only=True):
    """A unit owns the number no longer."""

    NAME = "location_number.released"
    before: OwnedNumber


class LocationNumberReassigned(LocationNumberEventData, kw_only=True):
    """The number went from one unit to another."""

    NAME = "location_number.reassigned"
    before: NamedOwnedNumber
    after: NamedOwnedNumber
    relation: Relation


class LocationNumberAssigned(LocationNumberEventData, kw_only=True):
    """A unit owns the number that it did not own; `reuse`: another unit once did."""

    NAME = "location_number.assigned"
    after: OwnedNumber
    previously: Previously | None
    reuse: bool


class LocationNumberClosed(LocationNumberEventData, kw_only=True):
    """The number, in the same unit's hands, is closed: its last day passed, or it is inactive."""

    NAME = "location_number.closed"
    unit_id: SorId
    before: NumberState
    after: NumberState


class LocationNumberReopened(LocationNumberEventData, kw_only=True):
    """The number, in the same unit's hands, is closed no longer."""

    NAME = "location_number.reopened"
    unit_id: SorId
    before: NumberState
    after: NumberState


class LocationNumberDetailsChanged(LocationNumberEventData, kw_only=True):
    """Another field of the block differs, in the same unit's hands."""

    NAME = "location_number.details_changed"
    unit_id: SorId
    changes: tuple[PathChange, ...]


class ClassificationEventData(EventData, kw_only=True):
    """Base of the classification events.

    `units`: how many open units carry the code in the new register; null where no unit field has
    codes of this list.
    """

    list: str
    code: str
    units: int | None


class ClassificationTextChanged(ClassificationEventData, kw_only=True):
    """A code has another text: the changed enhedstype text, among others."""

    NAME = "classification.text_changed"
    before: str | None
    after: str | None


class ClassificationEntryChanged(ClassificationEventData, kw_only=True):
    """Another field of an entry differs; before and after are all its further fields."""

    NAME = "classification.entry_changed"
    before: dict[str, OtherValue]
    after: dict[str, OtherValue]


class ClassificationCodeAdded(ClassificationEventData, kw_only=True):
    """A code is new in its list."""

    NAME = "classification.code_added"
    after: Entry


class ClassificationCodeRemoved(ClassificationEventData, kw_only=True):
    """A code is gone from its list."""

    NAME = "classification.code_removed"
    before: Entry


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
    | LocationNumberReleased
    | LocationNumberReassigned
    | LocationNumberAssigned
    | LocationNumberClosed
    | LocationNumberReopened
    | LocationNumberDetailsChanged
    | UnitEffectiveLocationNumberChanged
    | UnitClosed
    | UnitRemoved
)

EVENT_TYPES: Final[dict[str, type[AnyEventData]]] = {
    event_type.NAME: event_type for event_type in get_args(AnyEventData)
}


class Event(Record, kw_only=True):
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
