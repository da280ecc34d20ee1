"""`sordiff ingest`: compare with the last accepted snapshot, and record it in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import structs

from sordiff.changelog import Changelog, Session, WriteSession
from sordiff.changelog.records import EncodedEvent, PreparedEvents
from sordiff.collection import hold_until_left, pause_collection
from sordiff.errors import ChangelogFailed, ChangelogMissing, SordiffError
from sordiff.model import ORDER_KNOWN, READING_RULES
from sordiff.report import IngestReport, Outcome, RecordedRun
from sordiff.row_index import KnownRows
from sordiff.service.changelog_source import demand_source
from sordiff.service.ingest.candidate import Candidate, IngestOptions, build_snapshot_refusal
from sordiff.service.ingest.corrected_lists import queue_corrected_lists, queue_lists_of_held
from sordiff.service.ingest.first_night import assess_beside, judge_first_night
from sordiff.service.ingest.judged_snapshot import JudgedSnapshot
from sordiff.service.ingest.judgement import judge_snapshot, refuse_ahead
from sordiff.service.ingest.newest import Newest, demand_unchanged, find_newest
from sordiff.service.ingest.night_work import EventEncoder
from sordiff.service.ingest.notices import queue_late, queue_run
from sordiff.service.ingest.read_snapshot import build_register, list_names, read_with_settings
from sordiff.service.ingest.record import record_first_state, record_next_state, record_run
from sordiff.service.ingest.reports import report_known, report_recorded
from sordiff.service.ingest.snapshot_problems import note_problem, queue_problem_over
from sordiff.settings import Settings
from sordiff.snapshot import Progress, ReadOptions, Snapshot
from sordiff.subtrees import SubtreeIndex


def ingest_snapshots(
    paths: Iterable[Path],
    changelog: Changelog,
    settings: Settings,
    options: IngestOptions,
    *,
    progress: Progress | None = None,
) -> Iterator[IngestReport]:
    """Take the snapshots in the order given; the first refusal ends it, what came before stays."""
    how = ReadOptions(
        data_types=options.data_types,
        snapshot_date=options.snapshot_date,
        progress=progress,
        plain=options.plain,
    )
    if options.dry_run:
        # On a copy, so that each of several snapshots is compared with the one before it.
        with changelog.open_copy() as session:
            for path in paths:
                snapshot = read_with_settings(
                    path, settings, how, None if options.plain else _read_index(session)
                )
                yield take_snapshot(snapshot, session, settings, options)
        return
    with changelog.lock_writer():
        if options.restored:
            changelog.continue_restored()
        for path in paths:
            newest = _find_newest(changelog)
            with note_problem(path, changelog, options):
                reading = _choose_reading(newest, how)
                snapshot = read_with_index(changelog, path, settings, reading)
                with changelog.open_to_write() as session:
                    if newest is not None:
                        demand_unchanged(session, newest)
                    report = take_snapshot(snapshot, session, settings, options)
            yield report


def _find_newest(changelog: Changelog) -> Newest | None:
    """With which runs a snapshot that is read now is compared; None where no run can be read."""
    try:
        with changelog.open_to_read() as session:
            return find_newest(session)
    except (ChangelogFailed, ChangelogMissing):
        return None


def read_with_index(
    changelog: Changelog, path: Path, settings: Settings, how: ReadOptions
) -> Snapshot:
    """Read a snapshot; where the changelog has the index of the last one, what it has not."""
    if how.plain:
        return read_with_settings(path, settings, how)
    with open_index(changelog) as index:
        return read_with_settings(path, settings, how, index)


def _choose_reading(newest: Newest | None, how: ReadOptions) -> ReadOptions:
    """How a snapshot is read: of a first night each unit is looked at once, and written."""
    is_first = newest is None or newest.accepted is None
    return structs.replace(how, units_in_file=True) if is_first else how


@contextmanager
def open_index(changelog: Changelog) -> Iterator[SubtreeIndex | KnownRows | None]:
    """The index, where there is a changelog of today's schema; a refused file must make none."""
    with ExitStack() as stack:
        try:
            session = stack.enter_context(changelog.open_to_read())
            index = _read_index(session)
        except (ChangelogFailed, ChangelogMissing):
            index = None
        yield index


def _read_index(session: Session) -> SubtreeIndex | KnownRows | None:
    """The index; of units read by other rules, unchanged bytes must be read anew, too."""
    last = session.runs.find_last_accepted()
    if last is None:
        return None
    # The lists are read whole on each night.
    if not ORDER_KNOWN <= session.runs.find_reading_rules(last.id) <= READING_RULES:
        return None
    return session.index.read(last.id, last.units)


def take_snapshot(
    snapshot: Snapshot, session: WriteSession, settings: Settings, options: IngestOptions
) -> IngestReport:
    """Judge and record one snapshot that was read; what is known already is not recorded again."""
    source = demand_source(session, settings.source)
    newest = find_newest(session)
    last = session.runs.find_last_accepted()
    if options.correct is not None:
        _demand_last(last, options.correct)
    known = answer_known(snapshot, session, settings, options)
    if known is not None:
        with session.transaction():
            pass  # what a call that was stopped behind its commit left undone beside the changelog
        return known
    candidate = Candidate(snapshot=snapshot, settings=settings, options=options, last=last)
    # What is kept of many units is kept until it is written, and nothing of it is garbage.
    with pause_collection():
        if last is None:
            return _record_first_night(candidate, session, newest, source)
        # That of the run, unless another one was recorded meanwhile, which is looked at.
        run_id = session.sequences.next_run_id()
        with EventEncoder(run_id, session.runs.prepare) as encoder:
            with session.read_at_one_moment():
                judged = judge_snapshot(candidate, last, session, encoder.begin)
            encoder.begin(judged.events, judged.origin)  # where nobody was told of them before
            with session.transaction():
                demand_unchanged(session, newest)
                if not judged.held:
                    record_next_state(session, run_id, judged)
                report = _record(judged, session, options, run_id, encoder.wait())
        if options.leaves_soon:
            hold_until_left((judged, report))
        return report


def _record_first_night(
    candidate: Candidate, session: WriteSession, newest: Newest, source: str | None
) -> IngestReport:
    """Record a snapshot with which nothing can be compared: its units are written at once."""
    refuse_ahead(candidate)
    register = build_register(candidate.snapshot)
    with session.transaction(), assess_beside(register) as wait_for_assessment:
        demand_unchanged(session, newest)
        run_id = session.sequences.next_run_id()
        record_first_state(session, run_id, register, candidate.snapshot.index)
        judged = judge_first_night(candidate, register, wait_for_assessment())
        if source is None:
            session.identity.give_source(judged.run.source)
        report = _record(judged, session, candidate.options, run_id, ())
    if candidate.options.leaves_soon:
        hold_until_left((judged, report))
    return report


def _record(
    judged: JudgedSnapshot,
    session: WriteSession,
    options: IngestOptions,
    run_id: int,
    events: Sequence[EncodedEvent] | PreparedEvents,
) -> IngestReport:
    """Record the run beside its state; the caller's transaction makes it all or nothing."""
    first = session.sequences.next()
    pending = session.runs.find_held()
    if pending is not None:
        session.decisions.supersede(pending)
    record_run(session, run_id, judged, events)
    if pending is not None and not judged.held:
        session.alerts.resolve(pending.id, run_id)
    queue_run(session, run_id, judged, pending, options.database)
    queue_problem_over(session, run_id, judged.after.day, options.recorded_at)
    return report_recorded(run_id, judged, first, pending, is_dry=options.dry_run)


def _demand_last(last: RecordedRun | None, run_id: int) -> None:
    """Only what the state stands on can be put right by one comparison."""
    if last is None or last.id != run_id:
        which = "no run is accepted yet" if last is None else f"that is run {last.id}"
        message = f"Run {run_id} is not the last accepted one: {which}."
        raise SordiffError(message, advice="Only the last accepted run can be corrected.")


def answer_known(
    snapshot: Snapshot, session: WriteSession, settings: Settings, options: IngestOptions
) -> IngestReport | None:
    """The answer to bytes that some run already has, however old; None for new ones.

    A correction may be of bytes that were accepted before the wrong run.
    """
    run = session.runs.find_by_sha256(snapshot.header.sha256)
    if run is None or run.state == "superseded":
        return None
    if run.state == "rejected" and options.accept:
        return None
    if run.state == "rejected":
        message = (
            f"run {run.id} with the same content was rejected by {run.decided_by}: {run.reason}"
        )
        raise build_snapshot_refusal(
            snapshot, "rejected", message, "Take it all the same with --accept."
        )
    if options.correct is not None:
        return None
    if run.state == "held" and (options.accept or _is_judged_otherwise(run, session, settings)):
        return None
    warnings: list[str] = []
    if options.data_types is not None:
        warnings.append("the content is recorded already, so that nothing of --data-types is")
    if run.state == "held":
        warnings += queue_lists_of_held(snapshot, run, session, options)
        return report_known(Outcome.KNOWN_HELD, snapshot, run, session, warnings)
    if run.corrected_by is not None:
        warnings.append(
            f"run {run.id} was put right by run {run.corrected_by}: the state is not that of this "
            "snapshot, and nothing of it was recorded"
        )
    warnings += queue_corrected_lists(snapshot, run, session, options)
    warnings += queue_late(session, options, settings)
    return report_known(Outcome.ALREADY_RECORDED, snapshot, run, session, warnings)


def _is_judged_otherwise(run: RecordedRun, session: Session, settings: Settings) -> bool:
    """Whether today's settings may give another answer to the bytes of a held run.

    Mapped otherwise, they say something else; and a field that it lost may be named as one that
    has ended.
    """
    names = list_names(settings, run.header.version)
    if dict(session.coverage.read_fields(run.id)) != names:
        return True
    ending = settings.anomalies.coverage.ending
    lost = (alert for alert in session.alerts.read(run.id) if alert.code == "coverage.lost")
    return any(alert.severity == "critical" and alert.subject in ending for alert in lost)
