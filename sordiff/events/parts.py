"""The parts that events are made of, and the common part of their data."""

from enum import StrEnum
from typing import Any

from msgspec import UNSET, UnsetType

from sordiff.model import Day, Gln, Kind, Record, SorId, Status


class Cause(StrEnum):
    """Why an event is there: something was written, a day passed, or it follows from others."""

    DATA_CHANGED = "data_changed"
    DATE_ELAPSED = "date_elapsed"
    DERIVED = "derived"


class SnapshotSpan(Record, frozen=True, kw_only=True):
    """The two snapshot dates of a run, and the nights between them (0: a reissue)."""

    before: Day
    after: Day
    nights: int


class RunPosition(Record, frozen=True, kw_only=True):
    """The place of an event in its run: 1 to count."""

    id: int
    order: int
    count: int


class CodedText(Record, frozen=True, kw_only=True):
    """A code with the text that its classification gives it on that night."""

    code: str
    text: str | None = None


class EffectiveNumber(Record, frozen=True, kw_only=True):
    """An effective location number and the unit that owns it."""

    number: Gln
    from_unit: SorId


class OpenEffectiveNumber(EffectiveNumber, frozen=True, kw_only=True):
    """The same, and whether the number itself is open."""

    open: bool


class UnitSummary(Record, frozen=True, kw_only=True):
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


class StatusChange(Record, frozen=True, kw_only=True):
    """The four days before and after; of a location_number event those of the number."""

    before: Status | None
    after: Status | None


class PathChange(Record, frozen=True, kw_only=True):
    """One differing path; null is absent."""

    path: str
    before: Any = None
    after: Any = None


class EventData(Record, frozen=True, kw_only=True):
    """The common part of the data of every event. `run` is left out in a stateless diff."""

    snapshot: SnapshotSpan
    run: RunPosition | UnsetType = UNSET
    cause: Cause
    effective: Day | None
    unit: UnitSummary | None
    status: StatusChange | None
