"""The blocks of a report's outline, in no format: titles, counts and lines of pieces."""

from typing import TypeAlias

from msgspec import Struct

from sordiff.alerts import Severity
from sordiff.model import Day
from sordiff.render.event_style import EventStyle, Part, find_style
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.last_nights import LastNights
from sordiff.render.text.rich_text import DOT, Line, joined, plain_text
from sordiff.report import Change, SectionName, Standing


class Count(Struct, frozen=True, kw_only=True):
    """One part of the line of counts, with the look of the first type that it counts."""

    part: Part
    style: EventStyle
    count: str
    title: str


class TypeCount(Struct, frozen=True, kw_only=True):
    """A type of change that there was, and how many; `place` is that of the order of a run."""

    place: int
    style: EventStyle
    count: str
    title: str


class HeadingBlock(Struct, frozen=True, kw_only=True):
    """What period, which runs, how many of what; `nothing` stands where there are no counts.

    `types` are the same counts type by type, what matters most first.
    """

    title: str
    facts: tuple[str, ...]
    counts: tuple[Count, ...]
    nothing: str
    types: tuple[TypeCount, ...]


class Remark(Struct, frozen=True, kw_only=True):
    """What must be known beside the changes; `moved_nothing`: the run is held or rejected."""

    line: Line
    moved_nothing: bool = False

    @property
    def level(self) -> str:
        """How it is shown: as what stopped the run, or quietly."""
        return "held" if self.moved_nothing else "settled"


class AlertLine(Struct, frozen=True, kw_only=True):
    """An alert; `lead` says how grave it is."""

    severity: Severity
    is_settled: bool
    lead: str
    line: Line

    @property
    def level(self) -> str:
        """How it is shown: as grave as it is, or quietly."""
        return "settled" if self.is_settled else self.severity


Notice: TypeAlias = Remark | AlertLine


class NoticesBlock(Struct, frozen=True, kw_only=True):
    """What is read before anything else, the alerts under their title.

    Those that are too many for that are `folded` away.
    """

    alerts_title: str
    shown: tuple[Notice, ...]
    folded: tuple[Notice, ...]
    more: str


class ChangeRow(Struct, frozen=True, kw_only=True, gc=False):
    """A change: its place in the report, and its parts, which are told when they are asked for.

    `title` is empty where the heading of the section or the first line says it.
    """

    change: Change
    place: int
    title: str
    text: ChangeText

    @property
    def style(self) -> EventStyle:
        """The sign and the colour."""
        return find_style(self.change.type)

    @property
    def about(self) -> Line:
        """The unit with its type, the number, or the code."""
        return self.text.about(self.change)

    @property
    def identity(self) -> Line:
        """The id of the unit, for behind what is told under its name."""
        return self.text.identity(self.change)

    @property
    def path(self) -> Line:
        """The way down to the unit."""
        return self.text.path_above(self.change)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that is said of it; the first line tells its field, or has the marked words."""
        first, *more = self.text.lines(self.change) or ((),)
        label = self.text.label(self.change)
        return tuple(line for line in ((*label, *first), *more) if line)


class Example(Struct, frozen=True, kw_only=True, gc=False):
    """An example of a group: what it is about, and what the group does not say of it."""

    place: int
    about: Line
    said: Line
    identity: Line

    @property
    def told(self) -> Line:
        """Both in one line."""
        return joined([part for part in (self.about, self.said) if part], DOT.text)


class GroupBlock(Struct, frozen=True, kw_only=True):
    """Changes that belong together, in a sentence; `members` are all, where they are shown.

    `rule` is the sentence without the count, where that stands large beside it.
    """

    style: EventStyle
    count: str
    sentence: Line
    rule: Line
    examples: tuple[Example, ...]
    members: tuple[ChangeRow, ...]
    more: str

    @property
    def name(self) -> str:
        """The sentence as bare text."""
        return plain_text(self.sentence)


class GroupsBlock(Struct, frozen=True, kw_only=True):
    """What kind of night it was."""

    title: str
    groups: tuple[GroupBlock, ...]


class SectionBlock(Struct, frozen=True, kw_only=True):
    """The changes of one kind that are in no group: `single` of `count`."""

    name: SectionName
    title: str
    count: str
    single: str
    grouped: str
    rows: tuple[ChangeRow, ...]
    more: str


class ClosingsOfDay(Struct, frozen=True, kw_only=True):
    """A day of the calendar: some of its units, each with whether it was scheduled just now."""

    day: Day
    counted: str
    units: tuple[tuple[Line, bool], ...]
    more: str

    @property
    def named(self) -> Line:
        """The units in one line."""
        return joined([unit for unit, _ in self.units], ", ")


class ClosingsBlock(Struct, frozen=True, kw_only=True):
    """The closings to come; `partly` says that not all that the register knows are here."""

    title: str
    days: tuple[ClosingsOfDay, ...]
    later: str
    partly: str


class FindingsOfStanding(Struct, frozen=True, kw_only=True):
    """The findings of one kind that are new, resolved, or as they were; `word` says which."""

    standing: Standing
    word: str
    lines: tuple[Line, ...]
    more: str


class FindingsOfKind(Struct, frozen=True, kw_only=True):
    """The findings of one kind; `counted` is how many of each standing."""

    title: str
    count: str
    counted: str
    standings: tuple[FindingsOfStanding, ...]
    more: str


class FindingsBlock(Struct, frozen=True, kw_only=True):
    """The quality of the data; `unknown` says that it was not recorded.

    `hint` tells how those are shown that are only counted.
    """

    title: str
    unknown: str
    kinds: tuple[FindingsOfKind, ...]
    hint: str


class NightsBlock(Struct, frozen=True, kw_only=True):
    """The picture of the last nights."""

    title: str
    last: LastNights


class NightsLeftOutBlock(Struct, frozen=True, kw_only=True):
    """Why there is no picture: the report is of a part of the register."""

    text: str


Block: TypeAlias = (
    HeadingBlock
    | NoticesBlock
    | GroupsBlock
    | SectionBlock
    | ClosingsBlock
    | FindingsBlock
    | NightsBlock
    | NightsLeftOutBlock
)
