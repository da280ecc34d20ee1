"""The unit events: what can be said of one unit."""

from sordiff.events.parts import (
    CodedText,
    EffectiveNumber,
    EventData,
    PathChange,
    StatusChange,
    UnitSummary,
)
from sordiff.model import Address, Contact, Day, Gln, Record, SorId, Speciality, Unit


class Named(Record, frozen=True, kw_only=True):
    """A unit by id and name."""

    id: SorId
    name: str | None = None


class Place(Record, frozen=True, kw_only=True):
    """Where a unit stands: its parent, its institution and its owner."""

    parent: Named | None
    institution: Named | None
    owner: Named | None
    owner_type: CodedText | None


class UnitEventData(EventData, frozen=True, kw_only=True):
    """Base of the unit events: they all have a unit and its status."""

    unit: UnitSummary
    status: StatusChange


class UnitCreated(UnitEventData, frozen=True, kw_only=True):
    """A unit that no earlier snapshot had."""

    NAME = "unit.created"
    after: Unit


class UnitRestored(UnitEventData, frozen=True, kw_only=True):
    """A unit that is not in the last snapshot but was in an earlier one."""

    NAME = "unit.restored"
    after: Unit


class UnitOpened(UnitEventData, frozen=True, kw_only=True):
    """A future unit whose opening day has come."""

    NAME = "unit.opened"


class UnitClosureScheduled(UnitEventData, frozen=True, kw_only=True):
    """The last valid day of a unit that is not closed was set or changed."""

    NAME = "unit.closure_scheduled"
    before: Day | None
    after: Day | None


class UnitClosureCancelled(UnitEventData, frozen=True, kw_only=True):
    """The last valid day of a unit that was not closed was taken away."""

    NAME = "unit.closure_cancelled"
    before: Day | None


class UnitClosed(UnitEventData, frozen=True, kw_only=True):
    """The last valid day of a unit has passed."""

    NAME = "unit.closed"
    to: Day | None
    replaced_by: tuple[SorId, ...]
    location_number: Gln | None


class UnitReopened(UnitEventData, frozen=True, kw_only=True):
    """A closed unit is not closed any more."""

    NAME = "unit.reopened"
    before: Day | None
    after: Day | None


class UnitRemoved(UnitEventData, frozen=True, kw_only=True):
    """A unit that is no longer in the register; `was_open` is abnormal, else it is a purge."""

    NAME = "unit.removed"
    before: Unit
    was_open: bool


class UnitMoved(UnitEventData, frozen=True, kw_only=True):
    """A unit stands under another parent; `descendants` came with it or stood there already."""

    NAME = "unit.moved"
    before: Place
    after: Place
    descendants: int


class UnitRenamed(UnitEventData, frozen=True, kw_only=True):
    """The name of a unit differs."""

    NAME = "unit.renamed"
    before: str | None
    after: str | None


class UnitTypeChanged(UnitEventData, frozen=True, kw_only=True):
    """The unit type (enhedstype) of a unit is another code."""

    NAME = "unit.type_changed"
    before: CodedText | None
    after: CodedText | None


class UnitReplaced(UnitEventData, frozen=True, kw_only=True):
    """A unit is replaced by others that it was not replaced by before."""

    NAME = "unit.replaced"
    before: tuple[SorId, ...]
    after: tuple[SorId, ...]


class _TextChanged(UnitEventData, frozen=True, kw_only=True):
    """Base of the events of one text field."""

    before: str | None
    after: str | None


class UnitProviderNumberChanged(_TextChanged, frozen=True, kw_only=True):
    """The provider number (ydernummer) differs."""

    NAME = "unit.provider_number_changed"


class UnitShakChanged(_TextChanged, frozen=True, kw_only=True):
    """The SHAK code differs."""

    NAME = "unit.shak_changed"


class UnitCvrChanged(_TextChanged, frozen=True, kw_only=True):
    """The CVR number differs."""

    NAME = "unit.cvr_changed"


class UnitPNumberChanged(_TextChanged, frozen=True, kw_only=True):
    """The P number (production unit) differs."""

    NAME = "unit.p_number_changed"


class UnitPharmacyNumberChanged(_TextChanged, frozen=True, kw_only=True):
    """The pharmacy number differs."""

    NAME = "unit.pharmacy_number_changed"


class UnitSpecialitiesChanged(UnitEventData, frozen=True, kw_only=True):
    """The set of specialities differs."""

    NAME = "unit.specialities_changed"
    before: tuple[Speciality, ...] | None
    after: tuple[Speciality, ...] | None


class UnitAddressChanged(UnitEventData, frozen=True, kw_only=True):
    """The address blocks that the unit itself carries differ."""

    NAME = "unit.address_changed"
    before: Address | None
    after: Address | None


class UnitContactChanged(UnitEventData, frozen=True, kw_only=True):
    """The contact block that the unit itself carries differs."""

    NAME = "unit.contact_changed"
    before: Contact | None
    after: Contact | None


class UnitDetailsChanged(UnitEventData, frozen=True, kw_only=True):
    """Anything else of a unit differs, path by path, unknown elements included."""

    NAME = "unit.details_changed"
    changes: tuple[PathChange, ...]


class UnitEffectiveLocationNumberChanged(UnitEventData, frozen=True, kw_only=True):
    """The location number that holds for an open unit, its own or inherited, is another."""

    NAME = "unit.effective_location_number_changed"
    before: EffectiveNumber | None
    after: EffectiveNumber | None
