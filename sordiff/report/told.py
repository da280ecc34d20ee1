"""The Report: what happened in one night or over several, computed once, for every renderer.

It holds values alone and is free of clock and language: event names, ids, codes, ISO days, the
register's own texts. A renderer puts words around it and recomputes nothing.

Nothing large stands twice: a change names its unit by id, and `Report.units` tells of each unit
once; a list of changes is a list of their numbers, which are their places in `Report.changes`.
"""

from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from sordiff.alerts import Alert
from sordiff.events import Cause, CodedText
from sordiff.model import Day, Gln, Kind, SorId, State

# How a report may be shaped changes with this; it stands in the JSON form.
REPORT_VERSION: Final = 1
# What people read at once: so many changes of a list, unless they ask for others.
SHOWN_TO_PEOPLE: Final = 20


class Asked(Struct, frozen=True, kw_only=True, gc=False):
    """What the report was asked for: the runs, and what of them.

    `run`, or `since` and `until` as days, or none of them for the last run; `type` an event name;
    `under` the top of a subtree; `limit` the most changes that any one list shows.
    """

    run: int | None = None
    since: Day | None = None
    until: Day | None = None
    type: str | None = None
    under: SorId | None = None
    unit: SorId | None = None
    number: Gln | None = None
    folded: bool = True
    limit: int | None = None


class Headline(Struct, frozen=True, kw_only=True, gc=False):
    """The first line, in figures.

    `since` is the day of the snapshot that was compared with (None for a baseline), `until` that
    of the last one; `nights` lie between them, of which `nights_missing` have no snapshot. `runs`
    are the runs told of, oldest first, and `state` that of the last one (accepted, held, released,
    rejected, superseded). `counts` are the changes by event name, after folding and choosing, in
    the order of the contract; `events` how many events they were folded from; `undone` how many
    changes came to nothing over the period (A → B → A), which are told of no further. `elsewhere`
    is how many changes the question left out (by type, subtree, unit, number).
    """

    since: Day | None
    until: Day
    nights: int
    nights_missing: int
    runs: tuple[int, ...]
    kind: str
    state: str
    reason: str | None
    units_before: int | None
    units: int
    open_units: int | None
    version_change: tuple[str, str] | None
    first_lists: tuple[str, ...]
    counts: dict[str, int]
    events: int
    undone: int
    elsewhere: int
    warnings: tuple[str, ...]


class RaisedAlert(Struct, frozen=True, kw_only=True, gc=False):
    """An alert, with the run it was raised by and, where it is settled, the one that did it."""

    run: int
    day: Day
    alert: Alert
    resolved_by: int | None


class UnitEntry(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A unit as it stands at the end of the period; one that is gone as it last stood.

    The path of a unit is found by following `parent`: all units above are in the table, too.
    `owner` and `institution` are the nearest of that kind, the unit itself included. `unit_type`
    and `region` are codes, whose texts are in `Report.unit_types` and `Report.regions`; the region
    is that of the unit's own address or of the nearest unit above that has one. `missing`: the
    changelog tells nothing of this id but the id.
    """

    name: str | None = None
    kind: Kind | None = None
    unit_type: str | None = None
    parent: SorId | None = None
    institution: SorId | None = None
    owner: SorId | None = None
    region: str | None = None
    state: State | None = None
    gone: bool = False
    missing: bool = False


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "="
    GONE = "-"
    COME = "+"


class Stretch(Struct, frozen=True, array_like=True, gc=False):
    """A stretch of words that stayed, went or came; written as a pair, ["-", "filial af "].

    Put together, SAME and GONE are the old text, SAME and COME the new one.
    """

    mark: Mark
    text: str


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One differing field of a change: its path, and its value before and after; null is absent."""

    path: str
    before: Any = None
    after: Any = None


class Note(StrEnum):
    """What more is to be said of a change that was folded from several."""

    CLOSED_AGAIN = "closed_again"
    REMOVED_AGAIN = "removed_again"
    GONE_BETWEEN = "gone_between"
    REOPENED_BETWEEN = "reopened_between"
    OPENED_BEFORE = "opened_before"


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One change of one unit, number or code over the period.

    `type` is an event name, `subject` a SOR id, a GLN or list/code, `unit` the unit concerned (of
    a number its owner now, of a released one its last). `run` and `day` are those of the (last)
    event, `steps` how many events were folded into it.

    `before` and `after` by type: renamed, and the events of one text: that text; type_changed: the
    type's code and text; closure_scheduled, closure_cancelled, closed, reopened: the last valid
    day (that of a created unit is `to`); moved: ids from the owner down to the parent; replaced:
    ids; location_number: the id of the owning unit; effective_location_number_changed: the number,
    and `origins` the units it comes from; classification: the text. What has parts (address,
    contact, specialities, details, entries) is told in `differences`, path by path; `stretches`
    mark the words of a new name or text.

    `effective` is the day from which it holds, `carriers` how many open units have the number or
    carry the code now, `descendants` how many units stand below a moved one, `number` the location
    number that a unit has (created) or had (closed), `relation` how a number's new owner stands to
    the old one, `previously` who had a reused number and until when, `was_open` marks a removed
    unit that was not closed. `group` is the place in `Report.groups` of the group it belongs to.
    """

    type: str
    subject: str
    unit: SorId | None = None
    run: int
    day: Day
    steps: int = 1
    cause: Cause = Cause.DATA_CHANGED
    effective: Day | None = None
    before: str | CodedText | tuple[str, ...] | None = None
    after: str | CodedText | tuple[str, ...] | None = None
    origins: tuple[SorId | None, SorId | None] | None = None
    differences: tuple[Difference, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    notes: tuple[Note, ...] = ()
    to: Day | None = None
    replaces: tuple[SorId, ...] = ()
    replaced_by: tuple[SorId, ...] = ()
    number: Gln | None = None
    relation: str | None = None
    previously: tuple[SorId, Day] | None = None
    shared: bool = False
    was_open: bool = False
    descendants: int | None = None
    carriers: int | None = None
    group: int | None = None


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """Changes of one kind that a rule found to belong together.

    `rule` is its stable name, `parameters` what it found, by name: ids of units, codes, words of
    the register. `count` is how many there are, `examples` three of them, `members` all of them (as
    far as `Asked.limit` lets them).
    """

    rule: str
    type: str
    parameters: dict[str, str]
    count: int
    examples: tuple[int, ...]
    members: tuple[int, ...]


def shown_members(group: Group, asked: Asked) -> tuple[int, ...]:
    """What people are shown of a group: three examples; asked for more than usual, all members."""
    opened = asked.limit is None or asked.limit > SHOWN_TO_PEOPLE
    return group.members if opened else group.examples


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


class Section(Struct, frozen=True, kw_only=True, gc=False):
    """The changes of one kind: how many by event name, how many of them in groups, and the others.

    `single` are the changes that are in no group, as far as `Asked.limit` lets them.
    """

    name: SectionName
    count: int
    counts: dict[str, int]
    grouped: int
    single: tuple[int, ...]


class ClosingDay(Struct, frozen=True, kw_only=True, gc=False):
    """A day of the calendar: the units whose last valid day it is; `scheduled` in this period."""

    day: Day
    count: int
    units: tuple[SorId, ...]
    scheduled: tuple[SorId, ...]


class Calendar(Struct, frozen=True, kw_only=True, gc=False):
    """The closings to come, by day; `later` are beyond its last day.

    `whole`: all that the register knows of; else (a report of an older night) only those that were
    scheduled in this period.
    """

    whole: bool
    days: tuple[ClosingDay, ...]
    later: int


class NumberStory(Struct, frozen=True, kw_only=True, gc=False):
    """What became of one location number: who had it, who has it, and who feels it.

    `changes` are of the number itself; `felt` the units whose effective number it was or became.
    """

    number: Gln
    before: tuple[SorId, ...]
    after: tuple[SorId, ...]
    changes: tuple[int, ...]
    felt: tuple[int, ...]
    felt_count: int


class Standing(StrEnum):
    """Whether a finding is new, was there before, or is gone."""

    NEW = "new"
    STANDING = "standing"
    RESOLVED = "resolved"


class FindingLine(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One finding: its code, what it is about, and the parts of its sentence.

    `units` are the units concerned, `reached` those of them that have a location number, `value`
    what is wrong or, of open_below_closed, the last valid day of the closed unit above.
    """

    code: str
    subject: str
    message: str
    units: tuple[SorId, ...] = ()
    reached: tuple[SorId, ...] = ()
    value: str | None = None


class FindingKind(Struct, frozen=True, kw_only=True, gc=False):
    """The findings of one code: how many of each standing, and those that are shown."""

    code: str
    counts: dict[Standing, int]
    new: tuple[FindingLine, ...]
    resolved: tuple[FindingLine, ...]
    standing: tuple[FindingLine, ...]


class Quality(Struct, frozen=True, kw_only=True, gc=False):
    """Data quality; `known` is false where findings were not yet recorded at the time."""

    known: bool
    kinds: tuple[FindingKind, ...]


class Night(Struct, frozen=True, kw_only=True, gc=False):
    """One run of the last 90 nights; `counts` are events by name.

    `held`: it waited for a decision, or still does; `unusual`: the rules said something of it.
    """

    run: int
    day: Day
    kind: str
    state: str
    units: int
    nights_missing: int
    counts: dict[str, int]
    held: bool
    unusual: bool


class Report(Struct, frozen=True, kw_only=True, gc=False):
    """What happened, in the order in which it is told."""

    version: int = REPORT_VERSION
    asked: Asked
    headline: Headline
    alerts: tuple[RaisedAlert, ...]
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    calendar: Calendar
    numbers: tuple[NumberStory, ...]
    quality: Quality
    nights: tuple[Night, ...]
    changes: tuple[Change, ...]
    units: dict[SorId, UnitEntry]
    unit_types: dict[str, str]
    specialities: dict[str, str]
    regions: dict[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened there: no change; asked for everything, also nothing unusual."""
        head, asked = self.headline, self.asked
        chosen = asked.type or asked.under or asked.unit or asked.number
        beside = self.alerts or head.nights_missing or head.state == "held"
        return not head.counts and (bool(chosen) or not beside)
