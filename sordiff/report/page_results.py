"""What the pages of the server show beside what the commands answer, computed once."""

from msgspec import Struct

from sordiff.model import Day, Gln
from sordiff.report.command_results import RecordedRun, StatusReport
from sordiff.report.lookup_results import Candidate, Life, ShownAbsence, ShownNumber, ShownUnit
from sordiff.report.model import Report
from sordiff.report.request import RaisedAlert


class FrontPage(Struct, frozen=True, kw_only=True):
    """How the register stands this morning.

    `last`: the report of the last accepted night, None where there is none; `alerts`: those of the
    held run.
    """

    status: StatusReport
    last: Report | None
    alerts: tuple[RaisedAlert, ...]


class SearchResult(Struct, frozen=True, kw_only=True):
    """What fits a text on a day, best first; `is_more`: not all that fits is told.

    `number`: the text is a location number that some unit had.
    """

    text: str
    day: Day
    candidates: tuple[Candidate, ...]
    is_more: bool
    number: Gln | None


class TreeRow(Struct, frozen=True, kw_only=True):
    """A unit in a list of the tree, with how many are below it at all levels, and are open."""

    unit: Candidate
    below: int
    open_below: int


class TreeLevel(Struct, frozen=True, kw_only=True):
    """The owners, or what is right below a unit: from `skipped` on, of `count`."""

    day: Day
    unit: ShownUnit | None
    rows: tuple[TreeRow, ...]
    skipped: int
    count: int


class Heirs(Struct, frozen=True, kw_only=True):
    """The first of the open units that inherit a location number from one, of `count`."""

    rows: tuple[Candidate, ...]
    count: int


class UnitPage(Struct, frozen=True, kw_only=True):
    """A unit and its life; heirs and children are those of today, and empty for another day.

    `held`: the run whose snapshot alone has it, and which waits for a decision; it has no life yet.
    """

    shown: ShownUnit | ShownAbsence
    life: Life | None
    heirs: Heirs
    children: tuple[TreeRow, ...]
    held: RecordedRun | None = None


class NumberPage(Struct, frozen=True, kw_only=True):
    """A location number, its life, and who inherits it today; `held` as of a unit."""

    shown: ShownNumber
    life: Life | None
    heirs: Heirs
    held: RecordedRun | None = None


class NightNeighbours(Struct, frozen=True, kw_only=True):
    """A run, and the runs before and after it, as far as there are any."""

    run: RecordedRun
    before: int | None
    after: int | None


class DecisionPage(Struct, frozen=True, kw_only=True):
    """A run, with samples of its changes; `last`: the last accepted run.

    `is_correctable`: it is the last accepted one, and no baseline. `right_runs`: the earlier ones
    with whose snapshots it can be put right, newest first.
    """

    run: RecordedRun
    report: Report
    last: RecordedRun | None
    is_correctable: bool
    right_runs: tuple[RecordedRun, ...]
