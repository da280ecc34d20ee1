"""The Report: what happened in one night or over several, computed once, for every renderer.

It holds values alone and is free of clock and language: event names, ids, codes, ISO days, the
register's own texts. A renderer puts words around it and recomputes nothing.

Nothing large stands twice: a change names its unit by id, and `Report.units` tells of each unit
once; a list of changes is a list of their numbers, which are their places in `Report.changes`.
"""

from enum import StrEnum

from msgspec import Struct

from sordiff.events import SectionName
from sordiff.model import Day, Gln, SorId
from sordiff.report.change import Change, UnitEntry
from sordiff.report.request import REPORT_VERSION, SHOWN_TO_PEOPLE, Asked, Headline, RaisedAlert


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
    """What happened, in the order in which it is told.

    `lists` are the classifications by name, each with the unit field whose codes it explains, or
    null; `codes` the texts of the codes that stand in differences, by that field and code.
    """

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
    lists: dict[str, str | None] = {}
    codes: dict[str, dict[str, str]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened there: no change; asked for everything, also nothing unusual."""
        head, asked = self.headline, self.asked
        chosen = asked.type or asked.is_of_a_part
        beside = self.alerts or head.nights_missing or head.state == "held" or head.held_runs
        nothing = not head.counts and not head.undone
        return nothing and (bool(chosen) or not beside)
