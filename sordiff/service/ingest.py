"""`sordiff ingest`: compare with the last accepted snapshot, and record it in one transaction."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection

from msgspec import Struct

from sordiff.alerts import Alert, alerts_of
from sordiff.diff import compare
from sordiff.errors import Problem, SnapshotRefused, SordiffError
from sordiff.events import Event
from sordiff.model import Gln, SorId, Unit, nights_between
from sordiff.register import Register
from sordiff.replay import Adoption, adoptions_of, root_adoptions
from sordiff.service.compare import compared, is_later
from sordiff.service.reading import Progress, read, register_of
from sordiff.settings import Settings
from sordiff.snapshot import Snapshot
from sordiff.store import changelog, state
from sordiff.store.changelog import NewRun, RecordedRun
from sordiff.store.database import opened_to_read, opened_to_write, transaction
from sordiff.store.locks import locked
from sordiff.wire import CloudEvent, Origin, digest, envelope, positioned


class Outcome(StrEnum):
    """What became of a snapshot that was not refused."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already_recorded"
    WOULD_RECORD = "would_record"


class IngestOptions(Struct, frozen=True, kw_only=True):
    """How a snapshot is to be taken.

    `recorded_at` (ISO 8601) and `user` are inputs: nothing below the command line reads a clock.
    """

    recorded_at: str
    user: str
    accept: bool = False
    rebaseline: bool = False
    publish: bool = True
    dry_run: bool = False
    reason: str | None = None
    data_types: Path | None = None


class IngestResult(Struct, frozen=True, kw_only=True):
    """One snapshot taken: its run, or the one that already has it."""

    outcome: Outcome
    file: str
    run_id: int
    kind: str
    day_before: str | None
    day: str
    nights_missing: int
    version_change: tuple[str, str] | None
    units: int
    events: tuple[Event, ...]
    first_sequence: int | None
    adoptions: int
    alerts: tuple[Alert, ...]
    warnings: tuple[str, ...]


class _Judged(Struct, frozen=True, kw_only=True):
    """A snapshot set against the last accepted one: all that is to be recorded."""

    run: NewRun
    snapshot: Snapshot
    before: Register | None
    after: Register
    touched: frozenset[SorId]
    events: tuple[Event, ...]
    adoptions: tuple[Adoption, ...]
    origin: Origin


def ingest_snapshots(
    paths: Iterable[Path],
    database: Path,
    settings: Settings,
    options: IngestOptions,
    *,
    progress: Progress | None = None,
) -> Iterator[IngestResult]:
    """Take the snapshots in the order given; the first refusal ends it, what came before stays."""
    if options.dry_run:
        for path in paths:
            yield _would_ingest(path, database, settings, options, progress)
        return
    with locked(database, "writer"):
        for path in paths:
            snapshot = read(path, settings, data_types=options.data_types, progress=progress)
            with opened_to_write(database) as connection:
                yield _ingest(snapshot, connection, settings, options)


def _would_ingest(
    path: Path,
    database: Path,
    settings: Settings,
    options: IngestOptions,
    progress: Progress | None,
) -> IngestResult:
    snapshot = read(path, settings, data_types=options.data_types, progress=progress)
    if not database.exists():
        judged = _judge_baseline(snapshot, settings, options)
        return _result(Outcome.WOULD_RECORD, 1, judged, None)
    with opened_to_read(database) as existing:
        return _known(snapshot, existing, options) or _result(
            Outcome.WOULD_RECORD,
            changelog.next_run_id(existing),
            _judge(snapshot, existing, settings, options),
            changelog.next_sequence(existing),
        )


def _ingest(
    snapshot: Snapshot, connection: Connection, settings: Settings, options: IngestOptions
) -> IngestResult:
    known = _known(snapshot, connection, options)
    if known is not None:
        return known
    judged = _judge(snapshot, connection, settings, options)
    run_id = changelog.next_run_id(connection)
    first = changelog.next_sequence(connection)
    with transaction(connection):
        _record(connection, run_id, judged)
    return _result(Outcome.RECORDED, run_id, judged, first)


def _known(
    snapshot: Snapshot, connection: Connection, options: IngestOptions
) -> IngestResult | None:
    """The answer to bytes that some run already has, however old; None for new ones."""
    run = changelog.run_by_sha256(connection, snapshot.header.sha256)
    if run is None or run.state == "superseded":
        return None
    if run.state == "rejected":
        if options.accept:
            return None
        message = (
            f"run {run.id} with the same content was rejected by {run.decided_by}: {run.reason}"
        )
        raise _refused(snapshot, "rejected", message, "Take it all the same with --accept.")
    if run.state == "held":
        message = f"Run {run.id} with the same content is held and waits for a decision."
        raise SordiffError(message, advice="See `sordiff runs`.")
    warnings = ()
    if snapshot.data_types_sha256 is not None and options.data_types is not None:
        warnings = ("the content is recorded already, so that --data-types was not looked at",)
    return IngestResult(
        outcome=Outcome.ALREADY_RECORDED,
        file=snapshot.file,
        run_id=run.id,
        kind=run.kind,
        day_before=None,
        day=snapshot.header.snapshot_date,
        nights_missing=0,
        version_change=None,
        units=run.units,
        events=(),
        first_sequence=None,
        adoptions=0,
        alerts=(),
        warnings=warnings,
    )


def _refused(snapshot: Snapshot, code: str, message: str, advice: str) -> SnapshotRefused:
    problem = Problem(code=code, message=message, file=snapshot.file)
    return SnapshotRefused(snapshot.file, (problem,), advice=advice)


def _judge(
    snapshot: Snapshot, connection: Connection, settings: Settings, options: IngestOptions
) -> _Judged:
    last = changelog.last_accepted(connection)
    if last is None:
        return _judge_baseline(snapshot, settings, options)
    if not is_later(snapshot.header, last.header):
        message = (
            f"it is of {snapshot.header.created_at} and not later than run {last.id} "
            f"({last.header.created_at}), and other bytes"
        )
        advice = "Snapshots are recorded in their order; an earlier one can't be added later."
        raise _refused(snapshot, "order", message, advice)
    old = Register(
        day=last.header.snapshot_date,
        created_at=last.header.created_at,
        version=last.header.version,
        units=state.read_units(connection),
        lists=state.read_lists(connection),
    )
    if options.rebaseline:
        return _judge_rebaseline(snapshot, settings, options, last, old)
    return _judge_night(snapshot, connection, settings, options, last, old)


def _judge_baseline(
    snapshot: Snapshot, settings: Settings, options: IngestOptions
) -> _Judged:
    register = register_of(snapshot)
    created_at = snapshot.header.created_at
    return _Judged(
        run=_new_run("baseline", snapshot, settings, options, None, snapshot.warnings),
        snapshot=snapshot,
        before=None,
        after=register,
        touched=frozenset(register.units),
        events=(),
        adoptions=(),
        origin=Origin(
            source=settings.source, created_before=created_at, created_after=created_at
        ),
    )


def _judge_rebaseline(
    snapshot: Snapshot,
    settings: Settings,
    options: IngestOptions,
    last: RecordedRun,
    old: Register,
) -> _Judged:
    changes = compare(old, register_of(snapshot))
    return _Judged(
        run=_new_run("rebaseline", snapshot, settings, options, last, snapshot.warnings),
        snapshot=snapshot,
        before=old,
        after=changes.new,
        touched=changes.touched,
        events=(),
        adoptions=(
            *adoptions_of(changes, ()),
            *root_adoptions(last.header.other, snapshot.header.other),
        ),
        origin=Origin(
            source=settings.source,
            created_before=old.created_at,
            created_after=snapshot.header.created_at,
        ),
    )


def _judge_night(
    snapshot: Snapshot,
    connection: Connection,
    settings: Settings,
    options: IngestOptions,
    last: RecordedRun,
    old: Register,
) -> _Judged:
    comparison = compared(old, snapshot, settings, state.RecordedHistory(connection))
    same_day = snapshot.header.snapshot_date == last.header.snapshot_date
    kind = "reissue" if same_day else "night"
    return _Judged(
        run=_new_run(kind, snapshot, settings, options, last, comparison.warnings),
        snapshot=snapshot,
        before=old,
        after=comparison.changes.new,
        touched=comparison.changes.touched,
        events=comparison.events,
        adoptions=(
            *comparison.adoptions,
            *root_adoptions(last.header.other, snapshot.header.other),
        ),
        origin=comparison.origin,
    )


def _new_run(
    kind: str,
    snapshot: Snapshot,
    settings: Settings,
    options: IngestOptions,
    last: RecordedRun | None,
    warnings: tuple[str, ...],
) -> NewRun:
    nights = last and nights_between(last.header.snapshot_date, snapshot.header.snapshot_date)
    return NewRun(
        kind=kind,
        header=snapshot.header,
        units=len(snapshot.units),
        file=snapshot.file,
        data_types_sha256=snapshot.data_types_sha256,
        compared_with=last.id if last else None,
        source=settings.source,
        nights=nights,
        nights_missing=max(0, (nights or 0) - 1),
        version_changed=last is not None and last.header.version != snapshot.header.version,
        publish=options.publish,
        warnings=warnings,
        reason=options.reason,
        recorded_at=options.recorded_at,
        decided_by=options.user if options.accept or options.rebaseline else None,
    )


def _record(connection: Connection, run_id: int, judged: _Judged) -> None:
    """Everything of one run: the caller's transaction makes it all or nothing."""
    lines = _lines(judged, run_id)
    hashed = digest(bytes(line.data) for line in lines)
    changelog.record_run(connection, run_id, judged.run, lines, hashed)
    changelog.record_adoptions(connection, run_id, judged.adoptions)
    changelog.record_alerts(connection, run_id, alerts_of(judged.events))
    old_units = judged.before.units if judged.before else {}
    new_units = judged.after.units
    changed = [new_units[sor_id] for sor_id in sorted(judged.touched) if sor_id in new_units]
    removed = [sor_id for sor_id in sorted(judged.touched) if sor_id not in new_units]
    state.write_units(connection, changed, removed)
    state.remember_units(connection, (unit.sor_id for unit in changed), run_id)
    before = _ownerships(old_units[i] for i in judged.touched if i in old_units)
    after = _ownerships(changed)
    state.record_owners(
        connection,
        run_id,
        judged.after.day,
        gone=sorted(before - after),
        come=sorted(after - before),
    )
    state.write_lists(connection, judged.snapshot.lists)


def _lines(judged: _Judged, run_id: int) -> list[CloudEvent]:
    return [
        envelope(event, judged.origin, data=data)
        for event, data in positioned(judged.events, run_id)
    ]


def _ownerships(units: Iterable[Unit]) -> set[tuple[Gln, SorId]]:
    return {(unit.number, unit.sor_id) for unit in units if unit.number is not None}


def _result(
    outcome: Outcome, run_id: int, judged: _Judged, first_sequence: int | None
) -> IngestResult:
    run, before = judged.run, judged.before
    return IngestResult(
        outcome=outcome,
        file=judged.snapshot.file,
        run_id=run_id,
        kind=run.kind,
        day_before=before.day if before else None,
        day=judged.after.day,
        nights_missing=run.nights_missing,
        version_change=(
            (before.version, judged.after.version) if before and run.version_changed else None
        ),
        units=run.units,
        events=judged.events,
        first_sequence=first_sequence if judged.events else None,
        adoptions=len(judged.adoptions),
        alerts=alerts_of(judged.events),
        warnings=run.warnings,
    )
