"""What somebody decides from afar: released, rejected or corrected, and what came of it.

Who decides saw the run as it stood some minutes ago. What happened to it meanwhile is told, and
nothing is done twice.
"""

from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from sordiff.archive import Archive
from sordiff.changelog import Changelog
from sordiff.changelog.records import Decision
from sordiff.errors import Locked, SnapshotRefused, SordiffError
from sordiff.model import Day
from sordiff.report import RecordedRun
from sordiff.service.archive.note import note_runs
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.decide import reject_run, release_run
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings

Action: TypeAlias = Literal["release", "reject", "correct"]


class DecisionOrder(Struct, frozen=True, kw_only=True):
    """What is to be done with a run, by whom and why.

    `digest`: of the events that were shown; None where nobody looked. `with_run`, of a correction:
    the run whose snapshot is right.
    """

    action: Action
    run: int
    user: str
    reason: str
    digest: str | None = None
    with_run: int | None = None


class DecisionResult(Struct, frozen=True, kw_only=True):
    """What came of an order.

    done: now, or by the same order before · late: somebody else, or a night, came before · unknown:
    there is no such run · refused: it can't be done · locked: another sordiff is at work. `run`:
    how the run stands now; of a correction that was done, the new run.
    """

    outcome: Literal["done", "late", "unknown", "refused", "locked"]
    run: RecordedRun | None = None
    message: str = ""
    advice: str = ""


class DecisionPlace(Struct, frozen=True, kw_only=True):
    """On what an order is carried out. `folder`: an empty one, for the snapshot of a correction."""

    changelog: Changelog
    settings: Settings
    archive: Archive | None
    database: Path
    folder: Path


def carry_out(order: DecisionOrder, place: DecisionPlace, at: str) -> DecisionResult:
    """Do it, unless the run is not what it was."""
    run = _find(place.changelog, order.run)
    if run is None:
        return _fail("unknown", SordiffError(f"There is no run {order.run}."))
    if order.digest is not None and order.digest != run.digest:
        message = f"Run {run.id} is not what was shown: its events are others."
        return _fail("late", SordiffError(message, advice="Look at it anew."), run)
    try:
        return (
            _correct(order, run, place, at)
            if order.action == "correct"
            else _decide(order, place, at)
        )
    except Locked as error:
        return _fail("locked", error, run)
    except SnapshotRefused as error:
        message = f"The snapshot of run {order.with_run} is refused: {error.problems[0].message}."
        return _fail("refused", SordiffError(message, advice=error.advice), run)
    except SordiffError as error:
        now = _find(place.changelog, order.run)
        is_late = now is not None and order.action != "correct" and now.state != "held"
        return _fail("late" if is_late else "refused", error, now)


def _decide(order: DecisionOrder, place: DecisionPlace, at: str) -> DecisionResult:
    decide = release_run if order.action == "release" else reject_run
    decision = Decision(user=order.user, at=at, reason=order.reason)
    run = decide(place.changelog, order.run, decision, place.settings.source)
    if (run.decided_by, run.reason) != (order.user, order.reason):
        return _tell_late(run)
    return DecisionResult(outcome="done", run=run)


def _correct(
    order: DecisionOrder, run: RecordedRun, place: DecisionPlace, at: str
) -> DecisionResult:
    with place.changelog.open_to_read() as session:
        last = session.runs.find_last_accepted()
    if last is None or last.id != run.id:
        return _tell_uncorrected(order, run, last)
    path, options = _restore(order, place, at)
    [report] = ingest_snapshots([path], place.changelog, place.settings, options)
    return DecisionResult(outcome="done", run=_find(place.changelog, report.run_id))


def _restore(order: DecisionOrder, place: DecisionPlace, at: str) -> tuple[Path, IngestOptions]:
    """The snapshot that is right, from the archive, and how it is to be taken."""
    right = None if order.with_run is None else _find(place.changelog, order.with_run)
    if right is None:
        raise SordiffError(f"There is no run {order.with_run}.")
    if place.archive is None:
        message = "No archive is configured, so that no earlier snapshot is at hand."
        advice = "Call `sordiff ingest --correct` with the file."
        raise SordiffError(message, advice=advice)
    night = place.archive.find(right.header.sha256)
    if len(night.lists) > 1 or night.beside:
        message = f"The night of run {right.id} came in several files."
        advice = "Call `sordiff archive get`, then `sordiff ingest --correct`."
        raise SordiffError(message, advice=advice)
    path = place.folder / Path(night.name).name
    place.archive.get(night, path)
    lists = place.folder / "SorDataTypes-of-the-night.xml" if night.lists else None
    if lists is not None:
        place.archive.get_lists(night, lists)
    return path, IngestOptions(
        recorded_at=at,
        user=order.user,
        reason=order.reason,
        correct=order.run,
        data_types=lists,
        snapshot_date=None if night.table is None else Day(night.day),
        database=place.database,
    )


def note_decided(place: DecisionPlace) -> None:
    """Note in the archive what was just decided; ArchiveFailed: the next call does it."""
    if place.archive is not None:
        note_runs(place.archive, place.changelog)


def _tell_uncorrected(
    order: DecisionOrder, run: RecordedRun, last: RecordedRun | None
) -> DecisionResult:
    """Of a run that is not the last accepted one; it may be so by this very order."""
    if last is not None and last.corrects == run.id:
        if (last.decided_by, last.reason) == (order.user, order.reason):
            return DecisionResult(outcome="done", run=last)
        return _tell_late(last)
    number = 0 if last is None else last.id
    message = f"Run {run.id} is not the last accepted one, which is run {number}."
    return _fail("late", SordiffError(message, advice="Look at it anew."), run)


def _tell_late(run: RecordedRun) -> DecisionResult:
    message = f"Run {run.id} was {run.state} by {run.decided_by} before."
    return _fail("late", SordiffError(message, advice="Nothing is left to decide."), run)


def _find(changelog: Changelog, run: int) -> RecordedRun | None:
    with changelog.open_to_read() as session:
        return session.runs.find(run)


def _fail(
    outcome: Literal["late", "unknown", "refused", "locked"],
    error: SordiffError,
    run: RecordedRun | None = None,
) -> DecisionResult:
    return DecisionResult(outcome=outcome, run=run, message=error.message, advice=error.advice)
