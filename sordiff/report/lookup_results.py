"""What `show` and `history` answer: a unit or a location number on a day, or through its life."""

from enum import StrEnum
from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType

from sordiff.events import CodedText, Named
from sordiff.model import Day, Gln, Kind, SorId, State
from sordiff.reconcile.verdict import Suggestion
from sordiff.report.change import Change, Difference, UnitEntry
from sordiff.resolved import LocationNumberState, UnitState


class Answering(Struct, frozen=True, kw_only=True):
    """The recorded day that answers: that of the last accepted snapshot not later than `asked`.

    `asked` is None where no day was asked for; `newest`: the answering snapshot is the last one.
    `retracted_by` and `retracted_reason`: its run is retracted, so that it may be wrong.
    """

    asked: Day | None
    day: Day
    run: int
    newest: bool
    retracted_by: str | UnsetType = UNSET
    retracted_reason: str | UnsetType = UNSET


class AcceptedRun(Struct, frozen=True, kw_only=True):
    """An accepted run, and the day of its snapshot."""

    day: Day
    run: int


class ChildCounts(Struct, frozen=True, kw_only=True):
    """How many units stand right below one, and how many of them are open."""

    units: int
    open: int


class ShownUnit(Struct, frozen=True, kw_only=True, tag_field="about", tag="unit"):
    """A unit on a day, with everything resolved.

    `codes` are the texts of the codes in its location number and addresses, by the field
    (location_number/system …) and code. `successor`: who probably goes on, which is inferred.
    """

    answering: Answering
    state: UnitState
    children: ChildCounts
    codes: dict[str, dict[str, str]] = {}
    successor: Suggestion | UnsetType = UNSET


class FormerOwner(Struct, frozen=True, kw_only=True):
    """A unit that owned a number and no longer did: from which run, and since which without it."""

    id: SorId
    name: str | None
    since: AcceptedRun
    released: AcceptedRun


class ShownNumber(Struct, frozen=True, kw_only=True, tag_field="about", tag="location_number"):
    """A location number on a day; without owners it was nobody's. `codes` as those of a unit."""

    answering: Answering
    state: LocationNumberState
    paths: dict[SorId, tuple[Named, ...]]
    former: tuple[FormerOwner, ...]
    codes: dict[str, dict[str, str]] = {}


class AbsenceReason(StrEnum):
    """Why something was not in the register on a day."""

    NOT_YET = "not_yet"
    REMOVED = "removed"


class ShownAbsence(Struct, frozen=True, kw_only=True, tag_field="about", tag="absence"):
    """A unit that the register did not have on the day; `since` is the run that it came or went.

    `last` is the last recorded day on which a removed one was there.
    """

    answering: Answering
    id: SorId
    name: str | None
    why: AbsenceReason
    since: AcceptedRun
    last: AcceptedRun | None = None
    successor: Suggestion | UnsetType = UNSET


class Candidate(Struct, frozen=True, kw_only=True):
    """A unit that fits what was searched for; `path` are the names above it, the owner first.

    `numbers` are its ydernummer, SHAK code, CVR, P and pharmacy number, as far as it has them.
    """

    id: SorId
    name: str | None
    kind: Kind
    unit_type: CodedText | None
    state: State
    path: tuple[str, ...]
    numbers: tuple[str, ...]


class ShownCandidates(Struct, frozen=True, kw_only=True, tag_field="about", tag="candidates"):
    """The units that fit a text: the first of `count`, what fits best first."""

    answering: Answering
    text: str
    count: int
    candidates: tuple[Candidate, ...]


Shown: TypeAlias = ShownUnit | ShownNumber | ShownAbsence | ShownCandidates


class NonEventKind(StrEnum):
    """What a history has to tell that is no event."""

    BASELINE = "baseline"
    TAKEN_OVER = "taken_over"


class LifeEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a life: an event as a change, or what a run has that is no event.

    `beside`: there with the first snapshot (baseline), or taken over by a rebaseline or at a change
    of version, with the `differences` path by path; under the path "" the unit as a whole by its
    name, under "owner" the unit that a number belongs to. `corrected_by`: the run that puts right
    the run of this entry; `retracted_by` and `retracted_reason` where that is retracted.
    """

    day: Day
    run: int
    sequence: int | None = None
    change: Change | None = None
    beside: NonEventKind | None = None
    differences: tuple[Difference, ...] = ()
    corrected_by: int | None = None
    retracted_by: str | None = None
    retracted_reason: str | None = None


class Life(Struct, frozen=True, kw_only=True):
    """The life of a unit or of a location number, oldest first.

    `units` tells of all units that are mentioned, each as it stands now or last stood; codes are
    told by their texts of today. `successor`: who probably goes on in place of a unit that is gone,
    which is inferred.
    """

    about: str
    id: SorId | Gln
    entries: tuple[LifeEntry, ...]
    units: dict[SorId, UnitEntry]
    unit_types: dict[str, str]
    specialities: dict[str, str]
    lists: dict[str, str | None] = {}
    codes: dict[str, dict[str, str]] = {}
    successor: Suggestion | UnsetType = UNSET
