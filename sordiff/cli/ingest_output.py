"""Taking snapshots, for `ingest` and `run`: what is said of each, and the exit code."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from sordiff.changelog import Changelog
from sordiff.cli.archive_options import find_configured_archive
from sordiff.cli.changelog import open_changelog
from sordiff.cli.ingest_messages import HELD_OUTCOMES, say_outcome
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.message_log import MessageLog
from sordiff.cli.output import (
    choose_paint,
    say_error,
    say_warning,
    say_warnings,
    show_progress,
    try_to_write_text,
)
from sordiff.cli.restart import restart_when_truncated
from sordiff.errors import Exit, SordiffError
from sordiff.render.commands.ingest import ingest_lines
from sordiff.report import IngestReport, Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.every import Every
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.ingest.night_order import sort_by_night
from sordiff.service.ingest.table_nights import split_day
from sordiff.settings import Settings

if TYPE_CHECKING:
    from sordiff.archive import Archive

_NEW = frozenset({Outcome.RECORDED, Outcome.HELD})


def ingest_and_say(
    snapshots: list[Path],
    db: Path,
    settings: Settings,
    options: IngestOptions,
    config: Path | None = None,
    log: MessageLog | None = None,
) -> Exit:
    """Take them by their nights and tell of each; the code is that of the last one taken.

    `config`: the settings file that was named, if any. With `log`, a line of it tells of each, and
    nothing goes to stdout.
    """
    if options.accept and not (options.reason or "").strip():
        raise typer.BadParameter("--accept needs a --reason.", param_hint="--accept")
    if options.correct is not None:
        _demand_correction(snapshots, options)
    if options.data_types is not None and len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--data-types")
    if options.snapshot_date is not None and len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--snapshot-date")
    restart_when_truncated()
    if not options.as_given:
        snapshots = _sort(snapshots)
    changelog = open_changelog(db)
    archive = None if options.dry_run else find_configured_archive(settings)
    keep = None if archive is None else partial(_keep, archive, changelog, options, log)
    with show_progress() as progress:
        results = ingest_snapshots(snapshots, changelog, settings, options, progress=progress)
        # The results come first, so that they are asked to their end and free the lock.
        taken = zip(results, snapshots, strict=False)
        told = _say_results(taken, db, config, keep, log)
    return told.finish(changelog)


def ingest_history_and_say(  # as ingest_and_say, with the days beside
    snapshots: list[Path],
    span: tuple[str, Every],
    db: Path,
    settings: Settings,
    options: IngestOptions,
    config: Path | None = None,
) -> Exit:
    """Take the nights of one file; `span`: FROM..TO, and which of its days are nights."""
    from sordiff.service.ingest.history import ingest_history, parse_span  # a night does without

    _demand_history(snapshots, options)
    days = parse_span(*span)
    changelog = open_changelog(db)
    archive = find_configured_archive(settings)
    runs: list[int] = []
    with show_progress() as progress:
        results = ingest_history(
            snapshots[0], days, changelog, settings, options, progress=progress
        )
        try:
            taken = zip(_note_runs(results, runs), repeat(snapshots[0]), strict=False)
            told = _say_results(taken, db, config, of_one_file=True)
        finally:
            is_kept = archive is None or _keep_history(
                archive, changelog, options, snapshots[0], runs
            )
    told.is_kept = is_kept
    return told.finish(changelog)


def _note_runs(results: Iterable[IngestReport], runs: list[int]) -> Iterator[IngestReport]:
    for result in results:
        runs.append(result.run_id)
        yield result


def _demand_history(snapshots: list[Path], options: IngestOptions) -> None:
    if len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--history")
    if split_day(snapshots[0])[1] is not None:
        raise typer.BadParameter("does not go with --history.", param_hint="FILE@DAY")
    if options.accept and not (options.reason or "").strip():
        raise typer.BadParameter("--accept needs a --reason.", param_hint="--accept")
    others = {
        "--snapshot-date": options.snapshot_date,
        "--data-types": options.data_types,
        "--correct": options.correct,
        "--rebaseline": options.rebaseline or None,
        "--dry-run": options.dry_run or None,
    }
    for name, given in others.items():
        if given is not None:
            raise typer.BadParameter("does not go with --history.", param_hint=name)


def _sort(snapshots: list[Path]) -> list[Path]:
    order = sort_by_night(snapshots)
    if order.pipe is not None:
        say_warning(
            f"the snapshots are taken in the order given: {order.pipe} is a pipe, whose day can't "
            "be read beforehand"
        )
    return order.snapshots


class _Told(Struct):
    """What came of the snapshots that were taken.

    `outcome`: of the last one; `unheard`: why it could not be said; `is_kept`: all are archived.
    """

    outcome: Outcome | None = None
    unheard: SordiffError | None = None
    is_kept: bool = True

    def finish(self, changelog: Changelog) -> Exit:
        say_warnings(changelog.warnings)
        if self.unheard is not None:
            raise self.unheard
        if not self.is_kept:
            return Exit.FAILED
        return Exit.HELD if self.outcome in HELD_OUTCOMES else Exit.DONE


def _say_results(
    taken: Iterable[tuple[IngestReport, Path]],
    db: Path,
    config: Path | None,
    keep: Callable[[Path, IngestReport], bool] | None = None,
    log: MessageLog | None = None,
    *,
    of_one_file: bool = False,
) -> _Told:
    """Tell of each as it is recorded; `keep` puts a night into the archive.

    `of_one_file`: what is odd in the file is said once, and not for each of its nights.
    """
    told = _Told()
    said: set[str] | None = set() if of_one_file else None
    for result, path in taken:
        # Recording goes on when nobody reads what is said of it.
        told.unheard = _tell(result, log) or told.unheard
        say_outcome(result, db, config, said)
        told.outcome = result.outcome
        if keep is not None:
            told.is_kept &= keep(path, result)
    return told


def _tell(result: IngestReport, log: MessageLog | None) -> SordiffError | None:
    if log is None:
        return try_to_write_text(
            ingest_lines(result, find_spoken_catalogue(), choose_paint(sys.stdout))
        )
    log.note_done(
        outcome=str(result.outcome),
        file=result.file,
        run=result.run_id,
        kind=result.kind,
        day=result.day,
        units=result.units,
        events=len(result.events) if result.outcome in _NEW else None,
        first_sequence=result.first_sequence,
    )
    return None


def _keep(
    archive: "Archive",
    changelog: Changelog,
    options: IngestOptions,
    log: MessageLog | None,
    path: Path,
    result: IngestReport,
) -> bool:
    """Keep the night, and note its run; what stops that is said, and stops no night after it."""
    from sordiff.service.archive.keep import keep_snapshot
    from sordiff.service.archive.note import note_runs

    at, data_types = options.recorded_at, options.data_types
    try:
        with nullcontext() if log is None else log.step("archive"):
            with changelog.open_to_read() as session:
                header = session.runs.get(result.run_id).header
            kept = keep_snapshot(archive, path, header, at=at, data_types=data_types)
            note_runs(archive, changelog)
            if log is not None:
                log.note_done(outcome="kept", day=kept.day, sha256=kept.sha256)
    except SordiffError as error:
        message = f"Run {result.run_id} is recorded, and its night is not archived: {error.message}"
        say_error(SordiffError(message, advice=f"{error.advice} Ingest the same file again."))
        return False
    return True


def _keep_history(
    archive: "Archive",
    changelog: Changelog,
    options: IngestOptions,
    path: Path,
    runs: Sequence[int],
) -> bool:
    """Keep the nights of a file, which is unpacked once; what stops that is said."""
    from sordiff.service.archive.keep import keep_nights
    from sordiff.service.archive.note import note_runs

    if not runs:
        return True
    try:
        with changelog.open_to_read() as session:
            headers = [session.runs.get(run).header for run in runs]
        keep_nights(archive, path, headers, at=options.recorded_at)
        note_runs(archive, changelog)
    except SordiffError as error:
        message = f"The nights are recorded, and are not archived: {error.message}"
        say_error(SordiffError(message, advice=f"{error.advice} Ingest the same file again."))
        return False
    return True


def _demand_correction(snapshots: list[Path], options: IngestOptions) -> None:
    if not (options.reason or "").strip():
        raise typer.BadParameter("--correct needs a --reason.", param_hint="--correct")
    if len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--correct")
    if options.rebaseline:
        raise typer.BadParameter("does not go with --rebaseline.", param_hint="--correct")
