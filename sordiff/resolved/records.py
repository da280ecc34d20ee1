"""The two state records: of a unit, and of a location number."""

from collections.abc import Mapping
from typing import Final, Literal

from sordiff.events import CodedText, Named, OpenEffectiveNumber
from sordiff.model import Contact, Gln, LocationNumber, PostalAddress, Record, SorId, State, Unit

UNIT_STATE: Final = "unit.state"
LOCATION_NUMBER_STATE: Final = "location_number.state"


class CodedSpeciality(CodedText, frozen=True, kw_only=True):
    """A speciality with its text; `type` tells the main one."""

    type: str | None = None


class AddressOf(PostalAddress, frozen=True, kw_only=True):
    """An address, the unit whose record holds it, and the block in which it stands there."""

    from_unit: SorId
    from_block: Literal["postal", "visiting", "activity"]


class AddressState(Record, frozen=True, kw_only=True):
    """The three addresses of a unit after inheritance.

    Without a postal address a unit has its parent's; without a visiting address its own resolved
    postal one; an organizational unit without an activity address its own resolved visiting one.
    """

    postal: AddressOf | None = None
    visiting: AddressOf | None = None
    activity: AddressOf | None = None


class ContactOf(Contact, frozen=True, kw_only=True):
    """A contact block, and the unit whose record holds it; it is inherited as a whole."""

    from_unit: SorId


class UnitState(Record, frozen=True, kw_only=True):
    """A unit as it stands: `unit` its own record, the rest what follows from tree and lists.

    `path` runs from the owner down to the unit itself; `institution` and `owner` are the nearest
    of their kind, the unit itself included. Addresses and contact are those in force, with the
    unit they come from.
    """

    unit: Unit
    state: State
    unit_type: CodedText | None
    specialities: tuple[CodedSpeciality, ...]
    path: tuple[Named, ...]
    institution: Named | None
    owner: Named | None
    effective_location_number: OpenEffectiveNumber | None
    address: AddressState
    contact: ContactOf | None


class NumberOwner(Record, frozen=True, kw_only=True):
    """A unit that owns a location number: itself, the owner above it, and the block in its record.

    `open` is of the number, `state` of the unit.
    """

    id: SorId
    name: str | None
    state: State
    owner: Named | None
    open: bool
    block: LocationNumber


class LocationNumberState(Record, frozen=True, kw_only=True):
    """A location number as it stands; more than one owner, by id, is a fault in the data.

    `heirs` are the open units that have it as their effective number, its owners included.
    """

    number: Gln
    owners: tuple[NumberOwner, ...]
    heirs: int


STATE_TYPES: Final[Mapping[str, type[Record]]] = {
    UNIT_STATE: UnitState,
    LOCATION_NUMBER_STATE: LocationNumberState,
}
