"""The model: units, location numbers, classifications and headers, the same for every version.

Values only. Ids, SHAK, provider numbers and codes are text. A day is ISO 8601 text, which sorts by
calendar. Absent is None; an absent set is the empty tuple.
Source of the fields: the field table of the SOR extract, versions 1.0.0 and 2.0.0.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType

from msgspec import UNSET, Struct, UnsetType

SorId = NewType("SorId", str)
Gln = NewType("Gln", str)
Day = NewType("Day", str)

# Fields of a unit that came after the first release: where they are absent, JSON leaves them out.
LATER_FIELDS: Final = frozenset({"organisational_level"})

# By which rules bytes are read into units: a greater number where equal bytes give other units.
# 1: where no type tells the main speciality, it is the first.
# 2: of a code that a list has several times, every entry is known.
ORDER_KNOWN: Final = 1
ENTRIES_KNOWN: Final = 2
READING_RULES: Final = ENTRIES_KNOWN

# The value at an unknown path: the text of a leaf, or the sorted list of repeated siblings, each a
# text or an object of relative paths.
OtherValue = str | list[Any]


class Kind(StrEnum):
    """The three levels of the register."""

    OWNER = "owner"
    INSTITUTION = "institution"
    ORGANIZATIONAL_UNIT = "organizational_unit"


class State(StrEnum):
    """The state of a unit on a day: exactly one of these."""

    OPEN = "open"
    FUTURE = "future"
    CLOSED = "closed"


class Record(Struct, frozen=True, kw_only=True, gc=False, rename={"from_": "from"}):
    """Base of all records: frozen, keyword-only; `from_` is written `from`."""


class Status(Record, frozen=True, kw_only=True):
    """Four days: of the last change, the last valid day, of the registration, of the opening."""

    from_: Day | None = None
    to: Day | None = None
    updated: Day | None = None
    first_from: Day | None = None


class LocationNumber(Record, frozen=True, kw_only=True):
    """A location number (lokationsnummer): a GLN, and how messages reach it."""

    number: Gln
    internal_only: bool | None = None
    inactive: bool | None = None
    system_supplier: str | None = None
    system: str | None = None
    network: str | None = None
    administrator: str | None = None
    region: str | None = None
    note: str | None = None
    from_: Day | None = None
    to: Day | None = None
    updated: Day | None = None
    first_from: Day | None = None
    other: dict[str, OtherValue] = {}

    @property
    def status(self) -> Status:
        """The days of the number, which are not those of the unit."""
        return Status(
            from_=self.from_, to=self.to, updated=self.updated, first_from=self.first_from
        )

    def is_closed(self, on: Day) -> bool:
        """Whether its last valid day lies before that day, or it is marked inactive."""
        return self.inactive is True or (self.to is not None and self.to < on)


class PostalAddress(Record, frozen=True, kw_only=True):
    """One address block; Address says whether it is postal, visiting or activity."""

    street_name: str | None = None
    street_building: str | None = None
    floor: str | None = None
    suite: str | None = None
    district_subdivision: str | None = None
    post_office_box: str | None = None
    post_code: str | None = None
    district_name: str | None = None
    country_code: str | None = None
    country_scheme: str | None = None
    stairway: str | None = None
    municipality_code: str | None = None
    street_code: str | None = None
    region_code: str | None = None
    coordinate_north: str | None = None
    coordinate_east: str | None = None
    other: dict[str, OtherValue] = {}


class Address(Record, frozen=True, kw_only=True):
    """The unit's own address blocks; inherited ones are not among them."""

    postal: PostalAddress | None = None
    visiting: PostalAddress | None = None
    activity: PostalAddress | None = None


class Contact(Record, frozen=True, kw_only=True):
    """Email, website, phone and fax; a unit inherits them as a whole."""

    email: str | None = None
    website: str | None = None
    phone: str | None = None
    fax: str | None = None
    other: dict[str, OtherValue] = {}


class Speciality(Record, frozen=True, kw_only=True):
    """A clinical speciality (speciale) of a unit; `type` says which is the main one.

    Where none of a unit has a type, the first one is the main one; else their order says nothing.
    """

    code: str
    type: str | None = None


class Unit(Record, frozen=True, kw_only=True):
    """One unit (enhed) in one snapshot; its parent is given by nesting alone."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    unit_type: str | None = None
    local_code: str | None = None
    pharmacy_number: str | None = None
    shak: str | None = None
    provider_number: str | None = None
    location_number: LocationNumber | None = None
    location_number_inherited: bool = False
    geographical_parent_relation: str | None = None
    geographical_parent_id: SorId | None = None
    address: Address | None = None
    contact: Contact | None = None
    specialities: tuple[Speciality, ...] = ()
    from_: Day | None = None
    to: Day | None = None
    updated: Day | None = None
    first_from: Day | None = None
    replaces: tuple[SorId, ...] = ()
    replaced_by: tuple[SorId, ...] = ()
    ambulant_activity: bool | None = None
    patients_admitted: bool | None = None
    reporting_level: bool | None = None
    local_attribute_1: str | None = None
    local_attribute_2: str | None = None
    local_attribute_3: str | None = None
    local_attribute_4: str | None = None
    local_attribute_5: str | None = None
    cvr: str | None = None
    p_number: str | None = None
    organisational_level: str | UnsetType = UNSET
    other: dict[str, OtherValue] = {}

    @property
    def status(self) -> Status:
        """The unit's own days."""
        return Status(
            from_=self.from_, to=self.to, updated=self.updated, first_from=self.first_from
        )

    @property
    def number(self) -> Gln | None:
        """The location number that the unit itself owns."""
        return self.location_number.number if self.location_number else None

    def state(self, on: Day) -> State:
        """Closed, future or open on that day; `to` is the last valid day, inclusive."""
        return find_state(on, self.first_from, self.to)


# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_OPEN: Final = State.OPEN
_FUTURE: Final = State.FUTURE
_CLOSED: Final = State.CLOSED


def find_state(day: Day, first_from: Day | None, to: Day | None) -> State:
    """The state on a day of a unit that is valid from `first_from` until `to`, inclusive."""
    if to is not None and to < day:
        return _CLOSED
    if first_from is not None and first_from > day:
        return _FUTURE
    return _OPEN


class Entry(Record, frozen=True, kw_only=True):
    """One entry of a classification: a code, its text, and its other attributes."""

    code: str
    text: str | None = None
    attributes: dict[str, OtherValue] = {}


class Classification(Record, frozen=True, kw_only=True):
    """A code list with texts; `serves` is the unit field that has its codes, if there is one.

    `in_use_only`: only codes that some unit carries are in it, so that one more or one fewer says
    nothing of the list itself. `reading_rules`: by which the entries were read; a list that is
    missing for a time keeps what was read before.
    """

    name: str
    serves: str | None = None
    entries: dict[str, Entry] = {}
    in_use_only: bool = False
    reading_rules: int = READING_RULES

    def comes_first(self, before: "Classification | None") -> bool:
        """Whether the night before had no such list, or but the codes in use of it."""
        return before is None or (before.in_use_only and not self.in_use_only)


class Header(Record, frozen=True, kw_only=True):
    """The header of a snapshot, and the identity of its bytes.

    `created_at`: CreatedAtTime as written, with an offset; `instant`: the same time in UTC, as a
    text that sorts; `size`: in bytes, unpacked; `other`: unknown content of the root element.
    """

    snapshot_date: Day
    created_at: str
    instant: str
    version: str
    sha256: str
    size: int
    other: dict[str, OtherValue] = {}


def find_next_day(day: Day | None) -> Day | None:
    """The next day, or None where there is none (absent, or the calendar's last day)."""
    if day is None or day == date.max.isoformat():
        return None
    return Day((date.fromisoformat(day) + timedelta(days=1)).isoformat())


def count_nights_between(before: Day, after: Day) -> int:
    """How many nights lie between two snapshot dates; 0 for a reissue and for days that go back."""
    return max(0, (date.fromisoformat(after) - date.fromisoformat(before)).days)


def read_instant(header: Header) -> datetime:
    """CreatedAtTime in UTC, to the microsecond."""
    return datetime.fromisoformat(f"{header.instant[:26]}+00:00")
