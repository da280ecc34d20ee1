"""What the services hand to the renderers: values to be shown, computed once."""

from enum import StrEnum

from msgspec import Struct

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
    first_sequence: int | None = None
    adoptions: int = 0
    first_lists: dict[str, int] = {}
    alerts: tuple[Alert, ...] = ()
    warnings: tuple[str, ...] = ()


class RecordedRun(Struct, frozen=True, kw_only=True):
    """A run as it stands in the changelog, with the header of its snapshot."""

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


class JudgedAgain(Struct, frozen=True, kw_only=True):
    """A recorded run, and what the rules say of it with the limits of today."""

    run_id: int
    day: str
    state: str
    alerts: tuple[Alert, ...]
