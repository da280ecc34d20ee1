"""A changelog made anew of the archive: the same nights, and the same decisions in their order.

Each run is read by the [fields] of its own night, and gets the state that it was given then. All
else is judged by the sordiff and the settings of today.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sordiff.archive import Archive, DoneToRun, KeptNight, Names, RestoredNight
from sordiff.changelog import Changelog, Session
from sordiff.changelog.records import Decision
from sordiff.errors import ArchiveFailed
from sordiff.model import Day
from sordiff.row_index import KnownRows
from sordiff.service.archive.noted_runs import NotedRuns
from sordiff.service.archive.restored_ahead import restore_ahead
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.decide import reject_run, release_run
from sordiff.service.ingest.ingest import open_index, take_snapshot
from sordiff.service.ingest.read_snapshot import COLUMN_NAMES, apply_settings
from sordiff.service.publish.outbox_entries import queue_decided
from sordiff.settings import Settings
from sordiff.several_entries import has_several_entries
from sordiff.snapshot import (
    HeldBytes,
    HeldEntry,
    ListFile,
    ReadOptions,
    Snapshot,
    read_held,
)
from sordiff.subtrees import SubtreeIndex


class RebuiltRun(Struct, frozen=True, kw_only=True):
    """A run that was recorded again; whether its events are others than they were.

    `differs` is None where the archive does not know, and the lists of the night may have been read
    otherwise: an earlier release knew one entry of a code alone.
    """

    run: int
    differs: bool | None


def rebuild(
    archive: Archive, changelog: Changelog, settings: Settings, *, at: str
) -> Iterator[RebuiltRun]:
    """Make a changelog where there is none; each run is given back when it is recorded.

    ArchiveFailed where a night of a run is not in the archive. The changelog is there when all is
    done, and not before.
    """
    steps = archive.list_done()
    nights = _find_nights(archive, steps)
    noted, names = NotedRuns(steps), archive.find_names()
    own = (names and names.own) or noted.changelog
    with restore_ahead(archive, nights) as restored, changelog.build() as new:
        with new.open_to_write() as session, session.transaction():
            session.identity.take_name(own, steps[0].at)
        for done in steps:
            if done.done == "recorded":
                yield _record(new, done, next(restored), noted, settings)
            else:
                _repeat(new, done, noted)
        with new.open_to_write() as session, session.transaction():
            # Not before: the sequences of its runs are those that they had.
            _take_names(session, names)
            # Whoever was to be told was told then.
            session.notices.mark_sent((number for number, _ in session.notices.list_unsent()), at)


def list_doubts(rebuilt: Iterable[RebuiltRun]) -> list[str]:
    """Sentences on runs that are told otherwise than they were, or may be."""
    doubtful = [one for one in rebuilt if one.differs is not False]
    other = [one.run for one in doubtful if one.differs]
    unsure = [one.run for one in doubtful if one.differs is None]
    doubts = []
    if other:
        doubts.append(
            f"{len(other)} runs have other events than were recorded, the first is run {other[0]}; "
            "--compare lists them"
        )
    if unsure:
        doubts.append(
            f"{len(unsure)} runs may have other events than were recorded, the first is run "
            f"{unsure[0]}: an earlier release knew one entry of a code alone; --compare lists them"
        )
    return doubts


def _take_names(session: Session, names: Names | None) -> None:
    """Know whose runs are taken as published, and give no sequence that was given before."""
    if names is not None:
        session.identity.adopt(names.adopted, names.reached, names.at)
        session.sequences.skip_to(names.reached + 1)


def _find_nights(archive: Archive, steps: Sequence[DoneToRun]) -> list[KeptNight]:
    """The night of each run, in their order."""
    there = {(night.run_sha256, night.data_types): night for night in archive.list_kept()}
    recorded = [done for done in steps if done.done == "recorded"]
    if not recorded:
        message = f"The archive {archive.folder} knows no run."
        advice = "`sordiff ingest` with [archive] dir notes them, also those recorded before."
        raise ArchiveFailed(message, advice=advice)
    missing = [done for done in recorded if (done.sha256, done.data_types) not in there]
    if missing:
        first = missing[0]
        message = (
            f"The archive {archive.folder} lacks the nights of {len(missing)} runs; the first is"
            f" run {first.run}, whose content is {first.sha256}."
        )
        raise ArchiveFailed(message, advice="Add them with `sordiff archive add`.")
    return [there[str(done.sha256), done.data_types] for done in recorded]


def _record(
    changelog: Changelog,
    done: DoneToRun,
    restored: RestoredNight,
    noted: NotedRuns,
    settings: Settings,
) -> RebuiltRun:
    # Those of columns are today's.
    names = (done.fields or {}).items()
    fields = {field: listed for field, listed in names if not field.startswith(COLUMN_NAMES)}
    as_then = replace(settings, fields=fields, source=done.source or settings.source)
    with open_index(changelog) as index:
        snapshot = _read(restored, as_then, index)
        # An earlier release knew a night by fewer of its tables.
        header = replace(snapshot.header, sha256=done.sha256 or snapshot.header.sha256)
        snapshot = replace(snapshot, header=header)
    with changelog.lock_writer(), changelog.open_to_write() as session:
        _skip(session, done, noted)
        options = IngestOptions(
            recorded_at=done.at,
            user=done.by or "",
            accept=done.by is not None,
            reason=done.reason,
            rebaseline=done.kind == "rebaseline",
            correct=done.corrects,
            publish=noted.is_published(done.run) or noted.is_of_history(done.run),
            history=noted.is_of_history(done.run),
            state=done.state,
        )
        report = take_snapshot(snapshot, session, as_then, options)
    if report.run_id != done.run:
        message = f"Run {done.run} of the archive would become run {report.run_id}."
        raise ArchiveFailed(message, advice="Please report it.")
    with changelog.open_to_read() as reading:
        digest = reading.runs.get(done.run).digest
    differs: bool | None = digest != done.digest
    if done.digest is None:
        tells = done.kind not in {"baseline", "rebaseline"}
        differs = None if tells and has_several_entries(snapshot.lists) else False
    return RebuiltRun(run=done.run, differs=differs)


def _read(
    restored: RestoredNight, settings: Settings, index: SubtreeIndex | KnownRows | None
) -> Snapshot:
    night = restored.night
    held = HeldBytes(
        name=night.name,
        content=restored.content,
        sha256=night.sha256,
        lists=tuple(ListFile(one.name, one.content) for one in restored.lists),
        demanded=night.data_types_file is not None,
        beside=tuple(
            HeldEntry(name=one.name, archive_name=night.name, data=one.content)
            for one in restored.beside
        ),
    )
    # An XML extract says its day itself.
    options = ReadOptions(snapshot_date=None if night.table is None else Day(night.day))
    return read_held(held, apply_settings(options, settings), index)


def _repeat(changelog: Changelog, done: DoneToRun, noted: NotedRuns) -> None:
    """Decide about a run as it was decided then."""
    decision = Decision(user=done.by or "", at=done.at, reason=done.reason or "")
    if done.done == "released":
        with changelog.open_to_write() as session:
            _skip(session, done, noted)
        release_run(changelog, done.run, decision, noted.source)
    elif done.done == "rejected":
        reject_run(changelog, done.run, decision, noted.source)
    elif done.done == "retracted":
        with changelog.open_to_write() as session, session.transaction():
            session.decisions.retract(session.runs.get(done.run), decision)
            queue_decided(session, done.run, "run.retracted", decision)


def _skip(session: Session, done: DoneToRun, noted: NotedRuns) -> None:
    """Leave the same sequences out that were left out then, behind a lost or adopted changelog."""
    gap = noted.gap_before(done.run)
    accepts = done.done == "released" or done.state == "accepted"
    if gap and accepts:
        session.sequences.skip_to(session.sequences.next() + gap)
