"""The location_number events: who owns a number, and what became of it."""

from enum import StrEnum
from typing import TypeAlias

from sordiff.events.parts import EventData, PathChange, StatusChange
from sordiff.model import Day, LocationNumber, Record, SorId


class Relation(StrEnum):
    """How the new owner of a location number stands to the old one."""

    TO_DESCENDANT = "to_descendant"
    TO_ANCESTOR = "to_ancestor"
    SAME_OWNER = "same_owner"
    OTHER_OWNER = "other_owner"


class OwnedNumber(LocationNumber, frozen=True, kw_only=True):
    """A location number block and the unit that owns it."""

    unit_id: SorId


class NamedOwnedNumber(OwnedNumber, frozen=True, kw_only=True):
    """A location number block, the unit that owns it, and that unit's name."""

    unit_name: str | None


class Previously(Record, frozen=True, kw_only=True):
    """An earlier owner of a number, and the night on which it had gone from there."""

    unit_id: SorId
    released: Day


class NumberState(Record, frozen=True, kw_only=True):
    """What decides whether a location number is closed."""

    to: Day | None = None
    inactive: bool | None = None


class LocationNumberEventData(EventData, frozen=True, kw_only=True):
    """Base of the location_number events.

    `shared`: more than one owner is involved. `heirs`: how many open units have the number as
    their effective one after the run.
    """

    unit: None
    status: StatusChange
    shared: bool
    heirs: int


class LocationNumberReleased(LocationNumberEventData, frozen=True, kw_only=True):
    """A unit no longer owns the number."""

    before: OwnedNumber


class LocationNumberReassigned(LocationNumberEventData, frozen=True, kw_only=True):
    """The number went from one unit to another."""

    before: NamedOwnedNumber
    after: NamedOwnedNumber
    relation: Relation


class LocationNumberAssigned(LocationNumberEventData, frozen=True, kw_only=True):
    """A unit owns a number that it did not own before; `reuse`: another unit once did."""

    after: OwnedNumber
    previously: Previously | None
    reuse: bool


class LocationNumberClosed(LocationNumberEventData, frozen=True, kw_only=True):
    """The number is closed, with the same owner: its last day has passed, or it is inactive."""

    unit_id: SorId
    before: NumberState
    after: NumberState


class LocationNumberReopened(LocationNumberEventData, frozen=True, kw_only=True):
    """The number is no longer closed, with the same owner."""

    unit_id: SorId
    before: NumberState
    after: NumberState


class LocationNumberDetailsChanged(LocationNumberEventData, frozen=True, kw_only=True):
    """Another field of the block differs, with the same owner."""

    unit_id: SorId
    changes: tuple[PathChange, ...]


AnyLocationNumberEventData: TypeAlias = (
    LocationNumberReleased
    | LocationNumberReassigned
    | LocationNumberAssigned
    | LocationNumberClosed
    | LocationNumberReopened
    | LocationNumberDetailsChanged
)
