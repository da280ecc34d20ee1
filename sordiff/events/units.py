"""The unit events: what can be said of one unit."""

from typing import Any, TypeAlias

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


class UnitFieldChanged(UnitEventData, frozen=True, kw_only=True):
    """Base of the events of one field: the value of the field before and after, null for none.

    The row of the catalogue names the field. Such an event needs no interpretation of its own, and
    none to be applied to a unit.
    """

    before: Any
    after: Any


class UnitCreated(UnitEventData, frozen=True, kw_only=True):
    """A unit that no earlier snapshot had."""

    after: Unit


class UnitRestored(UnitEventData, frozen=True, kw_only=True):
    """A unit that is not in the last snapshot but was in an earlier one."""

    after: Unit


class UnitOpened(UnitEventData, frozen=True, kw_only=True):
    """A future unit whose opening day has come."""


class UnitClosureScheduled(UnitEventData, frozen=True, kw_only=True):
    """The last valid day of a unit that is not closed was set or changed."""

    before: Day | None
    after: Day | None


class UnitClosureCancelled(UnitEventData, frozen=True, kw_only=True):
    """The last valid day of a unit that was not closed was removed."""

    before: Day | None


class UnitClosed(UnitEventData, frozen=True, kw_only=True):
    """The last valid day of a unit has passed."""

    to: Day | None
    replaced_by: tuple[SorId, ...]
    location_number: Gln | None


class UnitReopened(UnitEventData, frozen=True, kw_only=True):
    """A closed unit is no longer closed."""

    before: Day | None
    after: Day | None


class UnitRemoved(UnitEventData, frozen=True, kw_only=True):
    """A unit that is no longer in the register; `was_open` is abnormal, else it is a purge."""

    before: Unit
    was_open: bool


class UnitMoved(UnitEventData, frozen=True, kw_only=True):
    """A unit has another parent; `descendants` counts the units below it."""

    before: Place
    after: Place
    descendants: int


class UnitTypeChanged(UnitEventData, frozen=True, kw_only=True):
    """The unit type (enhedstype) of a unit is another code."""

    before: CodedText | None
    after: CodedText | None


class UnitReplaced(UnitEventData, frozen=True, kw_only=True):
    """A unit is replaced by units that did not replace it before."""

    before: tuple[SorId, ...]
    after: tuple[SorId, ...]


class _TextChanged(UnitFieldChanged, frozen=True, kw_only=True):
    """Base of the events of one text field."""

    before: str | None
    after: str | None


class UnitRenamed(_TextChanged, frozen=True, kw_only=True):
    """The name of a unit differs."""


class UnitProviderNumberChanged(_TextChanged, frozen=True, kw_only=True):
    """The provider number (ydernummer) differs."""


class UnitShakChanged(_TextChanged, frozen=True, kw_only=True):
    """The SHAK code differs."""


class UnitCvrChanged(_TextChanged, frozen=True, kw_only=True):
    """The CVR number differs."""


class UnitPNumberChanged(_TextChanged, frozen=True, kw_only=True):
    """The P number (production unit) differs."""


class UnitPharmacyNumberChanged(_TextChanged, frozen=True, kw_only=True):
    """The pharmacy number differs."""


class UnitSpecialitiesChanged(UnitFieldChanged, frozen=True, kw_only=True):
    """The set of specialities differs."""

    before: tuple[Speciality, ...] | None
    after: tuple[Speciality, ...] | None


class UnitAddressChanged(UnitFieldChanged, frozen=True, kw_only=True):
    """The address blocks that the unit itself carries differ."""

    before: Address | None
    after: Address | None


class UnitContactChanged(UnitFieldChanged, frozen=True, kw_only=True):
    """The contact block that the unit itself carries differs."""

    before: Contact | None
    after: Contact | None


class UnitDetailsChanged(UnitEventData, frozen=True, kw_only=True):
    """Anything else of a unit differs, path by path, unknown elements included."""

    changes: tuple[PathChange, ...]


class UnitEffectiveLocationNumberChanged(UnitEventData, frozen=True, kw_only=True):
    """An open unit has another effective location number, its own or inherited."""

    before: EffectiveNumber | None
    after: EffectiveNumber | None


AnyUnitFieldEventData: TypeAlias = (
    UnitRenamed
    | UnitProviderNumberChanged
    | UnitShakChanged
    | UnitCvrChanged
    | UnitPNumberChanged
    | UnitPharmacyNumberChanged
    | UnitSpecialitiesChanged
    | UnitAddressChanged
    | UnitContactChanged
)
# The events of a unit that both registers have, and that tell of its own record.
AnyStayingUnitEventData: TypeAlias = (
    AnyUnitFieldEventData
    | UnitOpened
    | UnitReopened
    | UnitMoved
    | UnitTypeChanged
    | UnitClosureScheduled
    | UnitClosureCancelled
    | UnitReplaced
    | UnitDetailsChanged
    | UnitClosed
)
AnyUnitEventData: TypeAlias = (
    AnyStayingUnitEventData
    | UnitCreated
    | UnitRestored
    | UnitRemoved
    | UnitEffectiveLocationNumberChanged
)
