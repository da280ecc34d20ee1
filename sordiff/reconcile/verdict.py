"""What is said of a line of a list, and of the list as a whole."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from sordiff.model import Day, SorId
from sordiff.reconcile.facts import Telling
from sordiff.reconcile.identifiers import ColumnKind


class Verdict(StrEnum):
    """Whether a line is still true, the gravest first: of several faults the first is told."""

    INVALID = "invalid"
    UNKNOWN = "unknown"
    REMOVED = "removed"
    REPLACED = "replaced"
    CLOSED = "closed"
    NUMBER_RELEASED = "number_released"
    NUMBER_MOVED = "number_moved"
    NUMBER_CLOSED = "number_closed"
    AMBIGUOUS = "ambiguous"
    CLOSING = "closing"
    RENAMED = "renamed"
    CURRENT = "current"


class Note(StrEnum):
    """What is said of a line beside its verdict."""

    DIGITS_RESTORED = "digits_restored"
    DIGITS_LOST = "digits_lost"
    NO_NUMBER = "no_number"
    NOT_YET_OPEN = "not_yet_open"
    SHARED = "shared"
    NOT_TOGETHER = "not_together"


RANK: Final = {verdict: rank for rank, verdict in enumerate(Verdict)}
# The unit itself is no longer there to be reached.
GONE: Final = frozenset({Verdict.REMOVED, Verdict.REPLACED, Verdict.CLOSED})


class Suggestion(Struct, frozen=True, kw_only=True):
    """What to write in place of it: a unit, its number, and how sure that is.

    `number` is of the kind that is on the line; in place of a SOR id, the location number.
    `score` is a probability: 1 is the register's own word, and anything less is inferred from the
    `reasons` and never a fact.
    """

    unit_id: SorId
    number: str | None
    name: str | None
    score: float
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Whether the register itself says it."""
        return self.score >= 1


class Issue(Struct, frozen=True, kw_only=True):
    """One fault of one cell; `place` is its column, from 0."""

    verdict: Verdict
    place: int | None
    kind: ColumnKind | None
    value: str | None
    unit_id: SorId | None = None
    since: Day | None = None
    telling: Telling | None = None
    notes: tuple[Note, ...] = ()
    candidates: tuple[SorId, ...] = ()
    suggestion: Suggestion | None = None


class ReconciledRow(Struct, frozen=True, kw_only=True):
    """A line with its verdict, which is that of the gravest of its faults.

    `value` and `kind` are the number that decided it. `since` is the first day on which the line is
    no longer true, which may lie ahead; `event` is what says so. `candidates` are the units among
    which a number does not decide, or to which it belongs now.
    """

    line: int
    value: str | None
    kind: ColumnKind | None
    verdict: Verdict
    unit_id: SorId | None
    name: str | None
    since: Day | None
    suggestion: Suggestion | None
    event: Telling | None = None
    notes: tuple[Note, ...] = ()
    candidates: tuple[SorId, ...] = ()


class JudgedRow(Struct, frozen=True):
    """What is told of a line, and all of its faults, the gravest first."""

    row: ReconciledRow
    issues: tuple[Issue, ...] = ()


class ReconciledColumn(Struct, frozen=True, kw_only=True):
    """A column that was recognised, by its heading."""

    name: str
    kind: ColumnKind


class Reconciliation(Struct, frozen=True, kw_only=True):
    """A list as it stands by the register of a day; `since`: only what became false after it.

    `counts` are the lines by verdict; `earlier` is how many false lines `since` leaves out.
    """

    list: str
    day: Day
    run: int
    since: Day | None
    columns: tuple[ReconciledColumn, ...]
    lines: int
    counts: dict[Verdict, int]
    earlier: int
    rows: tuple[ReconciledRow, ...]
