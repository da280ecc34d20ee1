"""The canonical model: one unit, one location number, one snapshot, whatever version wrote them.

Values only. Text that is a name (ids, SHAK, ydernummer, codes) stays text; a day is ISO 8601 text,
which sorts as the calendar does; absence is None, and for things without order the empty tuple.
Source of the fields: the field table of the SOR extract, versions 1.0.0 and 2.0.0.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NewType

from msgspec import Struct

SorId = NewType("SorId", str)
Gln = NewType("Gln", str)
Day = NewType("Day", str)

# What an unknown path holds: the text of a leaf, or the sorted list of repeated siblings, in which
# an item is a text or an object of relative paths.
OtherValue = str | list[Any]


class Kind(StrEnum):
    """The three levels of the register."""

    OWNER = "owner"
    INSTITUTION = "institution"
    ORGANIZATIONAL_UNIT = "organizational_unit"


class State(StrEnum):
    """The one state in which a unit is on a day."""

    OPEN = "open"
    FUTURE = "future"
    CLOSED = "closed"


class Record(Struct, frozen=True, kw_only=True, gc=False, rename={"from_": "from"}):
    """Base of all records: frozen, by keyword, and `from_` is written `from`."""


class Status(Record, frozen=True, kw_only=True):
    """Four days: from the last change, last valid day, registration, opening day."""

    from_: Day | None = None
    to: Day | None = None
    updated: Day | None = None
    first_from: Day | None = None


class LocationNumber(Record, frozen=True, kw_only=True):
    """A location number block (lokationsnummer): a GLN and the way messages take to it."""

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
        """The number's own days, which are not the unit's."""
        return Status(
            from_=self.from_, to=self.to, updated=self.updated, first_from=self.first_from
        )

    def is_closed(self, on: Day) -> bool:
        """Whether its last valid day has passed on that day, or it is marked inactive."""
        return self.inactive is True or (self.to is not None and self.to < on)


class PostalAddress(Record, frozen=True, kw_only=True):
    """One address; which one (postal, visiting, activity) is said by where it stands."""

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
    """The address blocks that the unit itself carries; inheritance is not applied."""

    postal: PostalAddress | None = None
    visiting: PostalAddress | None = None
    activity: PostalAddress | None = None


class Contact(Record, frozen=True, kw_only=True):
    """The block of email, website, phone and fax, which is inherited as a whole."""

    email: str | None = None
    website: str | None = None
    phone: str | None = None
    fax: str | None = None
    other: dict[str, OtherValue] = {}


class Speciality(Record, frozen=True, kw_only=True):
    """A clinical speciality (speciale) of a unit; `type` tells the main one."""

    code: str
    type: str | None = None


class Unit(Record, frozen=True, kw_only=True):
    """One unit (enhed) as it stands in one snapshot; the parent is given by nesting alone."""

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
        return state_on(on, self.first_from, self.to)


def state_on(day: Day, first_from: Day | None, to: Day | None) -> State:
    """The state on a day of a unit that is valid from `first_from` until `to`, inclusive."""
    if to is not None and to < day:
        return State.CLOSED
    if first_from is not None and first_from > day:
        return State.FUTURE
    return State.OPEN


class BriefPlace(Record, frozen=True, kw_only=True):
    """Of an address block the region alone."""

    region_code: str | None = None


class BriefAddress(Record, frozen=True, kw_only=True):
    """Of the address blocks the regions alone."""

    postal: BriefPlace | None = None
    visiting: BriefPlace | None = None
    activity: BriefPlace | None = None


class BriefUnit(Record, frozen=True, kw_only=True):
    """What a list tells of a unit: `Unit` without all that has to be looked up in it."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    unit_type: str | None = None
    address: BriefAddress | None = None
    to: Day | None = None
    first_from: Day | None = None

    def state(self, on: Day) -> State:
        """As that of the unit."""
        return state_on(on, self.first_from, self.to)


class Entry(Record, frozen=True, kw_only=True):
    """One entry of a classification: a code, its text, and what else the list says of it."""

    code: str
    text: str | None = None
    attributes: dict[str, OtherValue] = {}


class Classification(Record, frozen=True, kw_only=True):
    """One code list with texts; `serves` names the unit field that carries its codes, if any."""

    name: str
    serves: str | None = None
    entries: dict[str, Entry] = {}


class Header(Record, frozen=True, kw_only=True):
    """What a snapshot says of itself, and what identifies its bytes.

    `created_at` is CreatedAtTime as written, with an offset; `instant` the same moment in UTC, in
    a form that sorts; `size` is in bytes, unpacked; `other` what else the root element held.
    """

    snapshot_date: Day
    created_at: str
    instant: str
    version: str
    sha256: str
    size: int
    other: dict[str, OtherValue] = {}


def day_after(day: Day | None) -> Day | None:
    """The next day, or None where there is none (absent, or the calendar's last day)."""
    if day is None or day == date.max.isoformat():
        return None
    return Day((date.fromisoformat(day) + timedelta(days=1)).isoformat())


def nights_between(before: Day, after: Day) -> int:
    """How many nights lie between two snapshot dates; 0 for a reissue."""
    return (date.fromisoformat(after) - date.fromisoformat(before)).days
