"""What is published of the runs themselves: beginnings and ends, decisions, alerts.

They go to the run topic beside the events of the register, have no sequence, and are never printed
by `sordiff events`.
"""

import uuid
from typing import ClassVar, Final

from msgspec import Struct

from sordiff.alerts import Alert
from sordiff.model import Day, Record


class RunSpan(Record, frozen=True, kw_only=True):
    """The two snapshot dates of a run and the nights between; a baseline has nothing before."""

    before: Day | None
    after: Day
    nights: int | None


class RunSummary(Record, frozen=True, kw_only=True):
    """A run: number, kind (baseline, night, reissue, rebaseline, correction), count of events."""

    id: int
    kind: str
    count: int


class RunEventData(Record, frozen=True, kw_only=True):
    """The common part of the data of everything that is told of a run."""

    NAME: ClassVar[str]

    snapshot: RunSpan
    run: RunSummary


class Sequences(RunEventData, frozen=True, kw_only=True):
    """With the first and the last sequence of the run's events; null where it has none."""

    first_sequence: str | None
    last_sequence: str | None


class RunStarted(Sequences, frozen=True, kw_only=True):
    """The first message of a run; its events follow, in the same transaction."""

    NAME = "run.started"

    units: int


class RunCompleted(Sequences, frozen=True, kw_only=True):
    """The last message of a run: whoever has read it has the whole run.

    `beyond_events`: since the run.completed before, the register has changed by more than the
    events tell, so that who applies events must read the state topics anew.
    """

    NAME = "run.completed"

    units: int
    counts: dict[str, int]
    changelog: str
    digest: str
    version_changed: bool
    nights_missing: int
    beyond_events: bool


class RunHeld(RunEventData, frozen=True, kw_only=True):
    """A run waits for a person's decision; none of its events is published until then."""

    NAME = "run.held"

    counts: dict[str, int]
    alerts: tuple[Alert, ...]
    at: str


class RunReleased(RunEventData, frozen=True, kw_only=True):
    """A held run was accepted; the whole run follows."""

    NAME = "run.released"

    decided_by: str
    reason: str
    at: str


class RunRejected(RunEventData, frozen=True, kw_only=True):
    """A held run was rejected; nothing of it will follow."""

    NAME = "run.rejected"

    decided_by: str
    reason: str
    at: str


class RunRetracted(Sequences, frozen=True, kw_only=True):
    """A published run is retracted: do not rely on its events."""

    NAME = "run.retracted"

    decided_by: str
    reason: str
    at: str


class AlertRaised(RunEventData, frozen=True, kw_only=True):
    """A run that was accepted is unusual."""

    NAME = "alert.raised"

    alerts: tuple[Alert, ...]
    at: str


class AlertResolved(RunEventData, frozen=True, kw_only=True):
    """A later run took the place of a held one, which is superseded."""

    NAME = "alert.resolved"

    resolved_by: int
    at: str


RUN_EVENT_TYPES: Final[dict[str, type[RunEventData]]] = {
    data.NAME: data
    for data in (
        RunStarted,
        RunCompleted,
        RunHeld,
        RunReleased,
        RunRejected,
        RunRetracted,
        AlertRaised,
        AlertResolved,
    )
}


class RunOrigin(Struct, frozen=True, kw_only=True):
    """What the ids of a run's own messages are made of; a baseline has nothing before."""

    source: str
    created_before: str | None
    created_after: str
    run_id: int


def build_run_event_id(name: str, origin: RunOrigin) -> str:
    """The id of what is told of a run: as that of an event, and the run's number at its end."""
    parts = [
        origin.source,
        origin.created_before or "",
        origin.created_after,
        f"sordiff.{name}.v1",
        origin.source,
        str(origin.run_id),
    ]
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(parts)))
