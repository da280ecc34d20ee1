"""`sordiff ingest`: compare with the last accepted snapshot, and record it in one transaction."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from sqlite3 import Connection

from sordiff.alerts import alerts_of
from sordiff.errors import SordiffError
from sordiff.model import Gln, SorId, Unit
from sordiff.report import IngestReport, Outcome
from sordiff.service.judging import (
    Candidate,
    IngestOptions,
    Judged,
    judge,
    refused,
)
from sordiff.service.reading import Progress, read
from sordiff.settings import Settings
from sordiff.snapshot import Snapshot
from sordiff.store import changelog, state
from sordiff.store.database import opened_copy, opened_to_write, transaction
from sordiff.store.locks import locked
from sordiff.wire import envelope, positioned


def ingest_snapshots(
    paths: Iterable[Path],
    database: Path,
    settings: Settings,
    options: IngestOptions,
    *,
    progress: Progress | None = None,
) -> Iterator[IngestReport]:
    """Take the snapshots in the order given; the first refusal ends it, what came before stays."""
    if options.dry_run:
        # On a copy, so that each of several snapshots is compared with the one before it.
        with opened_copy(database) as connection:
            for path in paths:
                snapshot = read(path, settings, data_types=options.data_types, progress=progress)
                yield _ingest(snapshot, connection, settings, options)
        return
    with locked(database, "writer"):
        for path in paths:
            snapshot = read(path, settings, data_types=options.data_types, progress=progress)
            with opened_to_write(database) as connection:
                yield _ingest(snapshot, connection, settings, options)


def _ingest(
    snapshot: Snapshot, connection: Connection, settings: Settings, options: IngestOptions
) -> IngestReport:
    known = _known(snapshot, connection, options)
    if known is not None:
        return known
    judged = judge(_candidate(snapshot, connection, settings, options), connection)
    run_id = changelog.next_run_id(connection)
    first = changelog.next_sequence(connection)
    with transaction(connection):
        _record(connection, run_id, judged)
    outcome = Outcome.WOULD_RECORD if options.dry_run else Outcome.RECORDED
    return _report(outcome, run_id, judged, first)


def _candidate(
    snapshot: Snapshot, connection: Connection, settings: Settings, options: IngestOptions
) -> Candidate:
    last = changelog.last_accepted(connection)
    return Candidate(snapshot=snapshot, settings=settings, options=options, last=last)


def _known(
    snapshot: Snapshot, connection: Connection, options: IngestOptions
) -> IngestReport | None:
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
        raise refused(snapshot, "rejected", message, "Take it all the same with --accept.")
    if run.state == "held":
        message = f"Run {run.id} with the same content is held and waits for a decision."
        raise SordiffError(message, advice="See `sordiff runs`.")
    warnings: tuple[str, ...] = ()
    if options.data_types is not None:
        warnings = ("the content is recorded already, so that --data-types was not looked at",)
    return IngestReport(
        outcome=Outcome.ALREADY_RECORDED,
        file=snapshot.file,
        run_id=run.id,
        kind=run.kind,
        day=snapshot.header.snapshot_date,
        units=run.units,
        warnings=warnings,
    )


def _record(connection: Connection, run_id: int, judged: Judged) -> None:
    """Everything of one run: the caller's transaction makes it all or nothing."""
    lines = [
        envelope(event, judged.origin, data=data)
        for event, data in positioned(judged.events, run_id)
    ]
    changelog.record_run(connection, run_id, judged.run, lines)
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


def _ownerships(units: Iterable[Unit]) -> set[tuple[Gln, SorId]]:
    return {(unit.number, unit.sor_id) for unit in units if unit.number is not None}


def _report(outcome: Outcome, run_id: int, judged: Judged, first_sequence: int) -> IngestReport:
    run, before, after = judged.run, judged.before, judged.after
    known_lists = before.lists if before else {}
    return IngestReport(
        outcome=outcome,
        file=judged.snapshot.file,
        run_id=run_id,
        kind=run.kind,
        day_before=before.day if before else None,
        day=after.day,
        nights_missing=run.nights_missing,
        version_change=(before.version, after.version) if before and run.version_changed else None,
        units=run.units,
        events=judged.events,
        first_sequence=first_sequence if judged.events else None,
        adoptions=len(judged.adoptions),
        first_lists={
            name: len(listed.entries)
            for name, listed in judged.snapshot.lists.items()
            if name not in known_lists
        },
        alerts=alerts_of(judged.events),
        warnings=run.warnings,
    )
