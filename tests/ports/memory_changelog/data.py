"""What the changelog keeps. What lies in a container is never changed, only replaced."""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from sordiff.alerts import Alert
from sordiff.changelog.records import FindingTurn, KeptNotice, SinkRead
from sordiff.coverage.counts import Coverage
from sordiff.model import Classification, Day, Gln, SorId, Unit
from sordiff.reconcile.kept_list import KeptList
from sordiff.replay import Adoption
from sordiff.report import RecordedRun

ACCEPTED = ("accepted", "released")


class Line(NamedTuple):
    """An event of a run."""

    id: str
    name: str
    subject: str
    sequence: int | None
    data: bytes


class Owner(NamedTuple):
    """A unit that owned a number from one run until another."""

    number: Gln
    unit_id: SorId
    first_run: int
    released_run: int | None
    released: Day | None


class Row(NamedTuple):
    """Something to be published, in all sinks or in one."""

    run_id: int
    kind: str
    sink: str
    message: str | None
    recorded_at: str


class Mark(NamedTuple):
    """What a sink has of a row."""

    attempted_at: str | None = None
    published_at: str | None = None
    beyond_events: bool = False
    demanded: bool = False


@dataclass
class Data:
    runs: dict[int, RecordedRun] = field(default_factory=dict)
    counts: dict[int, dict[str, int]] = field(default_factory=dict)
    lines: dict[int, tuple[Line, ...]] = field(default_factory=dict)
    adoptions: dict[int, tuple[Adoption, ...]] = field(default_factory=dict)
    alerts: dict[int, tuple[Alert, ...]] = field(default_factory=dict)
    resolved: dict[int, int] = field(default_factory=dict)
    coverage: dict[int, Coverage] = field(default_factory=dict)
    fields: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    turns: dict[int, tuple[FindingTurn, ...]] = field(default_factory=dict)
    standing: dict[int, int] = field(default_factory=dict)
    notices: dict[int, tuple[KeptNotice, str | None]] = field(default_factory=dict)
    data_types: dict[int, str | None] = field(default_factory=dict)
    reading_rules: dict[int, int] = field(default_factory=dict)
    claims: dict[int, str] = field(default_factory=dict)
    outbox: dict[int, Row] = field(default_factory=dict)
    marks: dict[tuple[str, int], Mark] = field(default_factory=dict)
    sinks: dict[str, bool] = field(default_factory=dict)
    sink_reads: dict[str, SinkRead] = field(default_factory=dict)
    source: str | None = None
    skipped: int = 0
    own_name: list[str] = field(default_factory=lambda: [str(uuid.uuid4())])
    adopted: dict[str, int] = field(default_factory=dict)
    units: dict[SorId, Unit] = field(default_factory=dict)
    first_runs: dict[SorId, int] = field(default_factory=dict)
    owners: list[Owner] = field(default_factory=list)
    lists: dict[str, Classification] = field(default_factory=dict)
    kept_lists: dict[str, KeptList] = field(default_factory=dict)
    state_changes: list[tuple[int, str, str]] = field(default_factory=list)

    def copy(self) -> Data:
        """The same, which may go another way."""
        return Data(**{part.name: copy.copy(getattr(self, part.name)) for part in fields(self)})

    def restore(self, before: Data) -> None:
        """Be again what it was."""
        for part in fields(self):
            setattr(self, part.name, copy.copy(getattr(before, part.name)))

    def accepted(self) -> list[RecordedRun]:
        """The runs that moved the state, oldest first."""
        return [run for _, run in sorted(self.runs.items()) if run.state in ACCEPTED]
