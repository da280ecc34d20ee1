"""The blocks of a report's outline, in no format: titles, counts and lines of pieces."""

from typing import Final, TypeAlias

from msgspec import Struct

from sordiff.alerts import Severity
from sordiff.model import Day
from sordiff.render.event_style import EventStyle, Part, find_style
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.last_nights import LastNights
from sordiff.render.text.rich_text import Line
from sordiff.report import Change, SectionName, Standing


class Count(Struct, frozen=True, kw_only=True):
    """One part of the line of counts, with the look of the first type that it counts."""

    part: Part
    style: EventStyle
    count: str
    title: str


class HeadingBlock(Struct, frozen=True, kw_only=True):
    """What period, which runs, how many of what; `nothing` stands where there are no counts."""

    title: str
    facts: tuple[str, ...]
    counts: tuple[Count, ...]
    nothing: str


class Remark(Struct, frozen=True, kw_only=True):
    """What must be known beside the changes; `moved_nothing`: the run is held or rejected."""

    line: Line
    moved_nothing: bool = False


class AlertLine(Struct, frozen=True, kw_only=True):
    """An alert; `lead` says how grave it is."""

    severity: Severity
    is_settled: bool
    lead: str
    line: Line


Notice: TypeAlias = Remark | AlertLine


class NoticesBlock(Struct, frozen=True, kw_only=True):
    """What is read before anything else; those that are too many for that are `folded` away."""

    alerts_title: str
    shown: tuple[Notice, ...]
    folded: tuple[Notice, ...]
    more: str


class ChangeRow(Struct, frozen=True, kw_only=True, gc=False):
    """A change: its place in the report, and its parts, which are told when they are asked for.

    `title` is empty where the heading of the section says it.
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
        """All that is said of it; where words are marked, the first line has them."""
        return self.text.lines(self.change)


class Example(Struct, frozen=True, kw_only=True, gc=False):
    """An example of a group: what it is about, and what the group does not say of it."""

    place: int
    about: Line
    said: Line
    identity: Line


class GroupBlock(Struct, frozen=True, kw_only=True):
    """Changes that belong together, in a sentence; `members` are all, where they are shown."""

    style: EventStyle
    count: str
    sentence: Line
    examples: tuple[Example, ...]
    members: tuple[ChangeRow, ...]
    more: str


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
    """The quality of the data; `unknown` says that it was not recorded."""

    title: str
    unknown: str
    kinds: tuple[FindingsOfKind, ...]


class NightsBlock(Struct, frozen=True, kw_only=True):
    """The picture of the last nights."""

    title: str
    last: LastNights


class NightsLeftOutBlock(Struct, frozen=True, kw_only=True):
    """Why there is no picture: the report is of a part of the register."""

    text: str


class Medium(Struct, frozen=True, kw_only=True):
    """What a medium shows: paper is read from the top down, a page is opened where one likes.

    `notices` are shown before the others fold away; of the calendar so many days and units are
    named. A page opens a group to all its members, so that its examples say the same again.
    """

    is_page: bool
    closing_units: int
    closing_days: int | None = None
    notices: int | None = None
    says_nights_left_out: bool = True


TERMINAL: Final = Medium(is_page=False, closing_units=3, closing_days=12)
MAIL: Final = Medium(is_page=False, closing_units=3, closing_days=12, says_nights_left_out=False)
PAGE: Final = Medium(is_page=True, closing_units=5, notices=8, says_nights_left_out=False)


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
