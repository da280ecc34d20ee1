"""A snapshot that was read, and how it is to be taken."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from sordiff.errors import Problem, SnapshotRefused
from sordiff.model import Day
from sordiff.report import RecordedRun
from sordiff.service.ingest.read_snapshot import list_names
from sordiff.settings import Settings
from sordiff.snapshot import Snapshot


class IngestOptions(Struct, frozen=True, kw_only=True):
    """How a snapshot is to be taken.

    `recorded_at` (ISO 8601) and `user` are inputs: nothing below the command line reads a clock.
    `plain`: read everything, whatever is known of it already.
    `snapshot_date`: the day of a file that has none.
    `as_given`: several snapshots are taken in the order given, not in that of their nights.
    `history`: it is a night of a history, which is published only on demand.
    `quiet_since`: from this day on, nothing has changed on the days that have no run.
    `correct`: the number of the wrong run that the snapshot puts right.
    `restored`: the changelog is a restored backup, and the lost nights are gone for good.
    `state`: what became of it when it was recorded first, for a changelog that is made anew.
    `database`: the whole path of the changelog, for commands in notices that can be copied.
    `sends_notices`: they are sent afterwards, so that also one of an old snapshot is kept.
    `leaves_soon`: the process has nothing to do behind it, and may leave what it needed as it is.
    """

    recorded_at: str
    user: str
    accept: bool = False
    rebaseline: bool = False
    restored: bool = False
    publish: bool = True
    history: bool = False
    quiet_since: Day | None = None
    dry_run: bool = False
    sends_notices: bool = False
    plain: bool = False
    reason: str | None = None
    data_types: Path | None = None
    snapshot_date: Day | None = None
    as_given: bool = False
    correct: int | None = None
    state: Literal["accepted", "held"] | None = None
    database: Path | None = None
    leaves_soon: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether a person takes the responsibility for it."""
        return self.accept or self.rebaseline or self.correct is not None


class Candidate(Struct, frozen=True, kw_only=True):
    """A snapshot that was read, how it is to be taken, and the last accepted run."""

    snapshot: Snapshot
    settings: Settings
    options: IngestOptions
    last: RecordedRun | None

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The further names of fields by which the snapshot was read."""
        return list_names(self.settings, self.snapshot.header.version)


def build_snapshot_refusal(
    snapshot: Snapshot, code: str, message: str, advice: str
) -> SnapshotRefused:
    """A refusal of a snapshot that is good in itself."""
    problem = Problem(code=code, message=message, file=snapshot.file)
    return SnapshotRefused(snapshot.file, (problem,), advice=advice)
