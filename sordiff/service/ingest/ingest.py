"""`sordiff ingest`: compare with the last accepted snapshot, and record it in one transaction."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from sqlite3 import Connection

from sordiff.errors import ChangelogFailed, ChangelogMissing
from sordiff.report import IngestReport, Outcome, RecordedRun
from sordiff.service.ingest.evaluate import Candidate, IngestOptions, Judged, judge, refused
from sordiff.service.ingest.notices import queue_late, queue_run
from sordiff.service.ingest.read_snapshot import read
from sordiff.service.ingest.record import record
from sordiff.settings import Settings
from sordiff.snapshot import Progress, Reading, Snapshot
from sordiff.store import decisions, runs
from sordiff.store.alerts import alerts_of_run, resolve_alerts
from sordiff.store.coverage import is_read_by
from sordiff.store.database import opened_copy, opened_to_read, opened_to_write, transaction
from sordiff.store.locks import locked
from sordiff.store.subtrees import StoredIndex, read_index

_OUTCOMES = {
    (False, False): Outcome.RECORDED,
    (False, True): Outcome.HELD,
    (True, False): Outcome.WOULD_RECORD,
    (True, True): Outcome.WOULD_HOLD,
}


def ingest_snapshots(
    paths: Iterable[Path],
    database: Path,
    settings: Settings,
    options: IngestOptions,
    *,
    progress: Progress | None = None,
) -> Iterator[IngestReport]:
    """Take the snapshots in the order given; the first refusal ends it, what came before stays."""
    how = Reading(data_types=options.data_types, progress=progress, plain=options.plain)
    if options.dry_run:
        # On a copy, so that each of several snapshots is compared with the one before it.
        with opened_copy(database) as connection:
            for path in paths:
                snapshot = read(path, settings, how, None if options.plain else _index(connection))
                yield _ingest(snapshot, connection, settings, options)
        return
    with locked(database, "writer"):
        for path in paths:
            snapshot = read_against(database, path, settings, how)
            with opened_to_write(database) as connection:
                yield _ingest(snapshot, connection, settings, options)


def read_against(database: Path, path: Path, settings: Settings, how: Reading) -> Snapshot:
    """Read a snapshot; where the changelog has the index of the last one, what it has not."""
    if how.plain:
        return read(path, settings, how)
    with _index_in(database) as index:
        return read(path, settings, how, index)


@contextmanager
def _index_in(database: Path) -> Iterator[StoredIndex | None]:
    """The index, where there is a changelog of today's schema; a refused file must make none."""
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(opened_to_read(database))
            index = _index(connection)
        except (ChangelogFailed, ChangelogMissing):
            index = None
        yield index


def _index(connection: Connection) -> StoredIndex | None:
    last = runs.last_accepted(connection)
    return None if last is None else read_index(connection, last.id, last.units)


def _ingest(
    snapshot: Snapshot, connection: Connection, settings: Settings, options: IngestOptions
) -> IngestReport:
    known = _known(snapshot, connection, settings, options)
    if known is not None:
        return known
    candidate = Candidate(
        snapshot=snapshot,
        settings=settings,
        options=options,
        last=runs.last_accepted(connection),
    )
    judged = judge(candidate, connection)
    run_id = runs.next_run_id(connection)
    first = runs.next_sequence(connection)
    pending = runs.pending_held(connection)
    with transaction(connection):
        if pending is not None:
            decisions.supersede(connection, pending)
        record(connection, run_id, judged)
        if pending is not None and not judged.held:
            resolve_alerts(connection, pending.id, run_id)
        queue_run(connection, run_id, judged, pending)
    outcome = _OUTCOMES[options.dry_run, judged.held]
    return _report(outcome, run_id, judged, first, pending)


def _known(
    snapshot: Snapshot, connection: Connection, settings: Settings, options: IngestOptions
) -> IngestReport | None:
    """The answer to bytes that some run already has, however old; None for new ones."""
    run = runs.run_by_sha256(connection, snapshot.header.sha256)
    if run is None or run.state == "superseded":
        return None
    if run.state == "rejected" and options.accept:
        return None
    if run.state == "rejected":
        message = (
            f"run {run.id} with the same content was rejected by {run.decided_by}: {run.reason}"
        )
        raise refused(snapshot, "rejected", message, "Take it all the same with --accept.")
    # Read by other names of fields, it may say something else.
    if run.state == "held" and (
        options.accept or not is_read_by(connection, run.id, settings.fields)
    ):
        return None
    warnings: list[str] = []
    if options.data_types is not None:
        warnings.append("the content is recorded already, so that --data-types was not looked at")
    if run.state == "held":
        return _known_report(Outcome.KNOWN_HELD, snapshot, run, connection, warnings)
    warnings += queue_late(connection, options, settings)
    return _known_report(Outcome.ALREADY_RECORDED, snapshot, run, connection, warnings)


def _known_report(
    outcome: Outcome,
    snapshot: Snapshot,
    run: RecordedRun,
    connection: Connection,
    warnings: list[str],
) -> IngestReport:
    before = None if run.compared_with is None else runs.run_by_id(connection, run.compared_with)
    return IngestReport(
        outcome=outcome,
        file=snapshot.file,
        run_id=run.id,
        kind=run.kind,
        day_before=before.header.snapshot_date if before else None,
        day=snapshot.header.snapshot_date,
        units=run.units,
        counts=runs.counts_of(connection, run.id),
        alerts=alerts_of_run(connection, run.id) if run.state == "held" else (),
        warnings=tuple(warnings),
    )


def _report(
    outcome: Outcome,
    run_id: int,
    judged: Judged,
    first_sequence: int,
    pending: RecordedRun | None,
) -> IngestReport:
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
        counts=dict(run.counts),
        superseded=pending.id if pending else None,
        first_sequence=first_sequence if judged.events and not judged.held else None,
        adoptions=len(judged.adoptions),
        first_lists={
            name: len(listed.entries)
            for name, listed in judged.snapshot.lists.items()
            if name not in known_lists
        },
        alerts=judged.alerts,
        warnings=run.warnings,
    )
