"""What a changelog keeps and gives back, beside the records that the report has of its own."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from sordiff.events import Event
from sordiff.findings import Finding
from sordiff.model import READING_RULES, Header, SorId
from sordiff.reconcile.facts import ListedUnit

Turn: TypeAlias = Literal["known", "new", "changed", "resolved"]

# A finding is known by its code and its subject.
Key: TypeAlias = tuple[str, str]
StandingFindings: TypeAlias = dict[Key, Finding]
# The run of an event about a subject, its sequence, and the event.
SubjectEvent: TypeAlias = tuple[int, int, Event]


class EncodedEvent(Struct, array_like=True, gc=False):
    """An event as it is recorded: its id and name, its subject, and its data as canonical JSON."""

    id: str
    name: str
    subject: str
    data: bytes


class PreparedEvents(Struct, kw_only=True):
    """All events of a run as `Runs.prepare` made them, in parts in their order, to be read once."""

    count: int
    digest: str
    parts: Iterable[bytes]


class PreparedUnits(Struct, frozen=True, kw_only=True):
    """Units of which nothing is there as `AcceptedState.prepare` made them, and their ids."""

    ids: frozenset[SorId]
    parts: tuple[bytes, ...]


NO_UNITS: Final = PreparedUnits(ids=frozenset(), parts=())


class NewRun(Struct, frozen=True, kw_only=True):
    """What is to be recorded of a run, accepted or held.

    `counts` are the events by name, and what the rules derive of them; `exceptional` runs stay
    out of the history of the rules; `lists` are tonight's classifications with the field each
    serves; by `reading_rules` the snapshot was read.
    """

    kind: str
    state: str
    header: Header
    units: int
    file: str
    data_types_sha256: str | None
    compared_with: int | None
    source: str
    nights: int | None
    nights_missing: int
    version_changed: bool
    publish: bool
    warnings: tuple[str, ...]
    reason: str | None
    recorded_at: str
    decided_by: str | None
    open_units: int
    exceptional: bool
    counts: Mapping[str, int]
    lists: Mapping[str, str | None]
    corrects: int | None = None
    reading_rules: int = READING_RULES
    history: bool = False


class Decision(Struct, frozen=True, kw_only=True):
    """Who decided about a run, when (ISO 8601) and why."""

    user: str
    at: str
    reason: str


class GivenRun(Struct, frozen=True, kw_only=True):
    """A run that was published, as the place to which it was published tells it."""

    id: int
    day: str
    digest: str
    first_sequence: int | None
    last_sequence: int | None


class EventQuery(Struct, frozen=True, kw_only=True):
    """Which events are wanted: after a sequence, of a run, of a type, about a subject, how many.

    `published`: only of runs that are published, and with `histories` of nights of histories.
    """

    since: int = 0
    run: int | None = None
    event_type: str | None = None
    subject: str | None = None
    limit: int | None = None
    published: bool = False
    histories: bool = False


class OutboxRow(Struct, frozen=True, kw_only=True):
    """What waits to be published, with the source of its run."""

    id: int
    run_id: int
    kind: str
    message: str | None
    recorded_at: str
    attempted_at: str | None
    source: str


class BriefRun(Struct, frozen=True, kw_only=True):
    """What says how a run stands; the fields are those of RecordedRun and of its header."""

    id: int
    sha256: str
    kind: str
    state: str
    recorded_at: str
    decided_at: str | None
    retracted_at: str | None
    first_sequence: int | None
    last_sequence: int | None
    publish: bool
    history: bool


class SinkRead(Struct, frozen=True, kw_only=True):
    """How far a sink was read when all that it had of the source was marked as published here.

    `changelog` is the name of this one then. `position` is the sink's own word for it
    (sordiff.event_sink). `last_sequence` is the last that it had; `last_row` the last row of the
    outbox of which it had something.
    """

    changelog: str
    source: str
    position: str
    last_sequence: int
    last_row: int


class FindingTurn(Struct, frozen=True, kw_only=True):
    """What became of a finding in a run; `known`: it was there when findings were first recorded.

    `changed`: the same finding concerns other units, or says another value.
    """

    change: Turn
    finding: Finding


class KeptNotice(Struct, frozen=True, kw_only=True):
    """A notice as it is kept: what it is about, when it was written, and its JSON."""

    run_id: int | None
    kind: str
    at: str
    notice: str


class ChangedState(Struct, frozen=True, kw_only=True):
    """What some runs on end changed; `whole` where one of them changed all there is."""

    whole: bool
    units: frozenset[str]
    numbers: frozenset[str]


class ReachedRun(NamedTuple):
    """What a state record carries of the last run that changed it.

    `sequence`: the last one that had been given when the run was accepted. `time`: CreatedAtTime of
    its snapshot; empty before the first run.
    """

    sequence: int
    time: str


class LastChange(Struct, frozen=True, kw_only=True):
    """For each record the last run that changed it; `whole` for those that are not named."""

    whole: ReachedRun
    units: dict[str, ReachedRun]
    numbers: dict[str, ReachedRun]


class OwnerSpan(Struct, frozen=True, kw_only=True):
    """A unit that owned a number from one run until another; None: it still does."""

    unit_id: SorId
    first_run: int
    released_run: int | None


class SequencedTelling(Struct, frozen=True, gc=False):
    """The run that tells something, and the event: its sequence and type, None without one."""

    run: int
    sequence: int | None
    type: str | None


class RemovedUnit(Struct, frozen=True, kw_only=True):
    """A unit that is gone: as it last stood, where that is known, and what removed it."""

    last: ListedUnit | None
    run: int
    sequence: int | None
