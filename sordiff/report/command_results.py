"""What the services hand to the renderers: values to be shown, computed once."""

from enum import StrEnum
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from sordiff.alerts import Alert
from sordiff.events import Event
from sordiff.model import Header, Kind, State


class LocatedFinding(Struct, frozen=True, kw_only=True):
    """A finding, with the line of its unit where it is about one."""

    code: str
    subject: str
    message: str
    line: int | None


class CheckReport(Struct, frozen=True, kw_only=True):
    """What a snapshot holds, and what is suspicious in it."""

    file: str
    header: Header
    units: int
    kinds: dict[Kind, int]
    states: dict[State, int]
    location_numbers: int
    lists: dict[str, int]
    findings: tuple[LocatedFinding, ...]
    warnings: tuple[str, ...]


class CoveredField(Struct, frozen=True, kw_only=True):
    """A canonical field or block: the elements that it was read from, and who carries it."""

    field: str
    read_from: tuple[str, ...]
    units: int
    carriers: dict[Kind, int]


class UnknownPath(Struct, frozen=True, kw_only=True):
    """What nobody knows, where it stands: how many units carry it, and some of what they say."""

    path: str
    units: int
    carriers: dict[Kind, int]
    samples: tuple[str, ...]


class CoverageReport(Struct, frozen=True, kw_only=True):
    """How many units of a snapshot carry each field, and what of it nobody knows."""

    file: str
    header: Header
    units: int
    fields: tuple[CoveredField, ...]
    unknown: tuple[UnknownPath, ...]
    warnings: tuple[str, ...]


class Outcome(StrEnum):
    """What became of a snapshot that was not refused."""

    RECORDED = "recorded"
    HELD = "held"
    ALREADY_RECORDED = "already_recorded"
    WOULD_RECORD = "would_record"
    WOULD_HOLD = "would_hold"
    KNOWN_HELD = "known_held"


class IngestReport(Struct, frozen=True, kw_only=True):
    """One snapshot taken: its run, or the one that already has it.

    `counts` are the events by name; `superseded` the held run that this one made obsolete.
    `adoptions` counts the differences that were stored without an event; `first_lists` are the
    classifications seen for the first time, with the number of their codes.
    """

    outcome: Outcome
    file: str
    run_id: int
    kind: str
    day_before: str | None = None
    day: str
    nights_missing: int = 0
    version_change: tuple[str, str] | None = None
    units: int
    events: tuple[Event, ...] = ()
    counts: dict[str, int] = {}
    superseded: int | None = None
    corrects: int | None = None
    first_sequence: int | None = None
    adoptions: int = 0
    first_lists: dict[str, int] = {}
    alerts: tuple[Alert, ...] = ()
    warnings: tuple[str, ...] = ()


class RecordedRun(Struct, frozen=True, kw_only=True):
    """A run as it stands in the changelog, with the header of its snapshot.

    `corrects`: the wrong run that it puts right; `corrected_by`: the run that puts this one right.
    `history`: it is a night of a history, which is published only on demand.
    """

    id: int
    kind: str
    state: str
    header: Header
    units: int
    compared_with: int | None
    nights: int | None
    nights_missing: int
    version_changed: bool
    publish: bool
    event_count: int
    first_sequence: int | None
    last_sequence: int | None
    digest: str
    warnings: tuple[str, ...]
    reason: str | None
    recorded_at: str
    decided_by: str | None
    decided_at: str | None
    source: str
    open_units: int | None
    exceptional: bool
    lists: dict[str, str | None]
    corrects: int | None = None
    corrected_by: int | None = None
    retracted_at: str | None = None
    retracted_by: str | None = None
    retracted_reason: str | None = None
    history: bool = False

    @property
    def is_taken_back(self) -> bool:
        """Whether a correction or a retraction says that it is wrong."""
        return self.corrected_by is not None or self.retracted_at is not None


class Unpublished(Struct, frozen=True, kw_only=True):
    """What waits to be published: runs, their events, and messages beside them.

    `begun`: this changelog was published from before, or it was tried; where Kafka is not used
    everything waits, and nobody wants to hear of it. `oldest` is the time at which the oldest of it
    was recorded; `attempted` when it was last tried to send some of it.
    """

    begun: bool
    runs: int
    events: int
    messages: int
    oldest: str | None
    attempted: str | None


class Restoration(Struct, frozen=True, kw_only=True):
    """How far a restored backup is behind what was recorded before.

    `last_run` and `last_sequence` are those that it ends with; `given_sequence` was given already.
    `next_day` is the day of the first lost night, None where it is not known.
    """

    last_run: int
    last_sequence: int
    given_sequence: int
    next_day: str | None


class DeadLetter(Struct, frozen=True, kw_only=True):
    """An event that a subscriber refused too often; the next ones were sent. `at` is in UTC."""

    sequence: int
    event_id: str
    type: str
    subject: str
    at: str
    reason: str


class WebhookPosition(Struct, frozen=True, kw_only=True):
    """How far a subscriber of webhooks is: it has all that it wants up to `sequence`.

    `event_id` is that of the event with that sequence, None before the first. `delivered_at` is
    when it last took an event; `failing_since` and `reason` tell why nothing gets through.
    """

    name: str
    sequence: int
    event_id: str | None = None
    delivered_at: str | None = None
    failing_since: str | None = None
    reason: str | None = None
    dead_letters: tuple[DeadLetter, ...] = ()


class StatusReport(Struct, frozen=True, kw_only=True):
    """How the changelog stands; ages are in hours, the size in bytes."""

    database: str
    database_size: int
    last_run: RecordedRun | None
    last_accepted: RecordedRun | None
    snapshot_age_hours: float | None
    held: RecordedRun | None
    unsent_notices: int
    last_sequence: int
    unpublished: Unpublished
    sinks: dict[str, Unpublished] | UnsetType = UNSET
    restored: Restoration | UnsetType = UNSET
    webhooks: tuple[WebhookPosition, ...] | UnsetType = UNSET


class ReevaluatedRun(Struct, frozen=True, kw_only=True):
    """A recorded run, and what the rules say of it with the limits of today."""

    run_id: int
    day: str
    state: str
    alerts: tuple[Alert, ...]


class PublishedRow(Struct, frozen=True, kw_only=True):
    """What went out: a whole run (`run`), or one message of another kind beside the events.

    `messages` counts all that were sent, state records included; `arrived_before`: it was found in
    the sink, sent by a call that died before it could note it.
    """

    run_id: int
    kind: str
    day: str
    sink: str
    events: int = 0
    messages: int = 0
    arrived_before: bool = False


class TopicReport(Struct, frozen=True, kw_only=True):
    """What became of a topic, or how it stands.

    problems: what is to be put right. weaknesses: what lets it lose messages, or stand still, when
    a broker fails. least_in_sync: min.insync.replicas; None where it is not shown.
    """

    name: str
    partitions: int
    replicas: int = 0
    least_in_sync: int | None = None
    created: bool = False
    problems: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()


class EffectiveSetting(Struct, frozen=True, kw_only=True):
    """A setting, its value, where that is from, and the environment variable that would give it."""

    path: str
    value: Any
    origin: str
    variable: str
