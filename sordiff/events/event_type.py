"""An event type: everything about it that the code needs, in one record."""

from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from sordiff.events.event_data import AnyEventData


class Subject(StrEnum):
    """What an event is about; the value is what its name begins with, before the dot.

    The subject of an event is a SOR id, a GLN, or list/code, in this order.
    """

    UNIT = "unit"
    LOCATION_NUMBER = "location_number"
    CLASSIFICATION = "classification"


class SectionName(StrEnum):
    """The sections of changes, in their order."""

    CREATED = "created"
    CLOSURES = "closures"
    CLOSED = "closed"
    MOVED = "moved"
    RENAMED = "renamed"
    TYPES = "types"
    LOCATION_NUMBERS = "location_numbers"
    CLASSIFICATIONS = "classifications"
    OTHER = "other"


class CountName(StrEnum):
    """The parts of a report's line of counts, in their order; what has no part is `other`."""

    CREATED = "created"
    RESTORED = "restored"
    OPENED = "opened"
    REOPENED = "reopened"
    CLOSED = "closed"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    TYPES = "types"
    NUMBERS = "numbers"
    INHERITED = "inherited"
    TEXTS = "texts"
    CODES = "codes"
    CLOSURES = "closures"
    CANCELLED = "cancelled"
    OTHER = "other"


class Family(StrEnum):
    """Event types that share one sign and one colour."""

    CREATED = "created"
    CLOSED = "closed"
    MOVED = "moved"
    RENAMED = "renamed"
    CLOSURES = "closures"
    LOCATION_NUMBERS = "location_numbers"
    CLASSIFICATIONS = "classifications"
    OTHER = "other"


class Folding(StrEnum):
    """How the changes of one type and subject over several nights become one change.

    sides: the first `before` and the last `after`. parts: the same for each path. days: one state
    of openness and last valid day, together with the other types of days. presence: came or went,
    which tells all. ownership: who had a number first and who has it last. number_state: closed or
    reopened, and nothing where it ends as it began.
    """

    SIDES = "sides"
    PARTS = "parts"
    DAYS = "days"
    PRESENCE = "presence"
    OWNERSHIP = "ownership"
    NUMBER_STATE = "number_state"


class Grouping(StrEnum):
    """What changes of a type can have in common, so that a report tells of them as a group."""

    FIELD = "field"
    OWNER = "owner"
    PLACE = "place"
    MOVE = "move"
    NAME = "name"
    UNIT_TYPE = "unit_type"
    CLOSURE = "closure"
    PATHS = "paths"
    HANDOVER = "handover"
    NUMBER = "number"
    INHERITED_NUMBER = "inherited_number"
    LIST = "list"
    NEVER = "never"


class MeasureName(StrEnum):
    """What is counted under a name of its own, because several event types belong together.

    unit.removed_while_open is a part of unit.removed; unit.ceased is closed or removed while open;
    location_number.lost is released or reassigned.
    """

    CEASED = "unit.ceased"
    LOST = "location_number.lost"
    REMOVED_WHILE_OPEN = "unit.removed_while_open"


class EventType(Struct, frozen=True, kw_only=True, dict=True):
    """One event type: a row of the catalogue. Order of the rows is order of the groups in a run.

    `data` is the class of its data, `meaning` says when it comes and what to make of it, in the
    Markdown of docs/events.md.

    `field`: the field of the unit that it tells, where it is the event of one field. `variant_of`:
    the type whose place in a run and whose id it has. `leaves_first`: its group begins with the
    units that have nothing below them. `tells_closing`: it tells of a last valid day.

    `section`, `count`, `family`, `folding` and `grouping` are its place in a report;
    `sides_name_units`: the ids in `before` and `after` of its changes are those of units;
    `compares_words`: its texts are compared word by word.

    `measure`: the measure in which it is counted, where that is not its own; `plural`: what stands
    before "are under Region X" in an alert.
    """

    name: str
    data: type[AnyEventData]
    meaning: str
    field: str | None = None
    variant_of: type[AnyEventData] | None = None
    leaves_first: bool = False
    tells_closing: bool = False
    section: SectionName = SectionName.OTHER
    count: CountName = CountName.OTHER
    family: Family = Family.OTHER
    folding: Folding = Folding.SIDES
    grouping: Grouping = Grouping.FIELD
    sides_name_units: bool = False
    compares_words: bool = False
    measure: MeasureName | None = None
    plural: str | None = None

    @cached_property
    def subject(self) -> Subject:
        """What its events are about."""
        return Subject(self.name.partition(".")[0])

    @property
    def topic(self) -> str:
        """The topic of its events, by its name in the settings, such as `unit_events`."""
        return f"{self.subject}_events"
