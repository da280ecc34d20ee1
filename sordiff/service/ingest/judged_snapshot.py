"""All that is to be recorded of a snapshot, and the parts that every kind of run has."""

from collections.abc import Mapping

from msgspec import Struct

from sordiff.alerts import Alert
from sordiff.anomalies.dates import find_date_alerts
from sordiff.changelog import Session
from sordiff.changelog.records import NO_UNITS, NewRun, PreparedUnits
from sordiff.coverage.counts import Coverage, count_coverage, iterate_units_except
from sordiff.diff import Changeset
from sordiff.events import Event
from sordiff.model import SorId, count_nights_between
from sordiff.register import Register
from sordiff.replay import Adoption, derive_root_adoptions
from sordiff.report import RecordedRun
from sordiff.resolved import StateKeys
from sordiff.service.ingest.candidate import Candidate
from sordiff.service.ingest.quality import QualityOfNight
from sordiff.snapshot import Snapshot
from sordiff.wire import Origin


class JudgedSnapshot(Struct, frozen=True, kw_only=True):
    """All that is to be recorded of a snapshot.

    `before` is None for the baseline; `touched` are the ids whose records the state must change;
    `changes` and `state_keys` are None where everything is taken anew: of a baseline and a
    rebaseline. `records` are those of the touched units that are there, by their ids, where they
    were encoded already, and `created` those that came, where they were prepared. `fields` are the
    further names by which the snapshot was read.
    """

    run: NewRun
    snapshot: Snapshot
    before: Register | None
    after: Register
    touched: frozenset[SorId]
    changes: Changeset | None = None
    state_keys: StateKeys | None = None
    records: Mapping[SorId, str] = {}
    created: PreparedUnits = NO_UNITS
    events: tuple[Event, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    alerts: tuple[Alert, ...] = ()
    coverage: Coverage
    fields: Mapping[str, tuple[str, ...]]
    quality: QualityOfNight
    origin: Origin

    @property
    def held(self) -> bool:
        """Whether it waits for a decision, and moves no state until then."""
        return self.run.state == "held"


def find_candidate_date_alerts(candidate: Candidate, nights_missing: int) -> tuple[Alert, ...]:
    """What is wrong with the dates of a snapshot, held against the clock of the call."""
    return find_date_alerts(
        candidate.snapshot.header, candidate.options.recorded_at, nights_missing
    )


def read_coverage(session: Session, last: RecordedRun, old: Register) -> Coverage:
    """That of the last accepted run; counted once if it is from before there was any."""
    recorded = session.coverage.read(last.id)
    return recorded or count_coverage(iterate_units_except(old.units, frozenset()))


def derive_snapshot_adoptions(last: RecordedRun, snapshot: Snapshot) -> tuple[Adoption, ...]:
    """What changed on the root element, which no event tells."""
    return derive_root_adoptions(last.header.other, snapshot.header.other)


def build_origin(candidate: Candidate, old: Register) -> Origin:
    """Where the ids of the events come from."""
    return Origin(
        source=candidate.settings.source,
        created_before=old.created_at,
        created_after=candidate.snapshot.header.created_at,
    )


def build_new_run(
    kind: str, candidate: Candidate, open_units: int, warnings: tuple[str, ...]
) -> NewRun:
    """A run of this kind, accepted, and without anything that its events say."""
    snapshot, options, last = candidate.snapshot, candidate.options, candidate.last
    nights = None
    if last is not None:
        nights = count_nights_between(last.header.snapshot_date, snapshot.header.snapshot_date)
    if options.correct is not None:
        nights = 0
    return NewRun(
        kind=kind,
        state="accepted",
        header=snapshot.header,
        units=snapshot.count,
        file=snapshot.file,
        data_types_sha256=snapshot.data_types_sha256,
        compared_with=last.id if last else None,
        source=candidate.settings.source,
        nights=nights,
        nights_missing=max(0, (nights or 0) - 1),
        version_changed=last is not None and last.header.version != snapshot.header.version,
        publish=options.publish and not options.history,
        history=options.history and options.publish,
        warnings=warnings,
        reason=options.reason,
        recorded_at=options.recorded_at,
        decided_by=options.user if options.is_decided else None,
        open_units=open_units,
        exceptional=False,
        counts={},
        lists={name: listed.serves for name, listed in snapshot.lists.items()},
        corrects=options.correct,
    )
