"""Taking snapshots, for `ingest` and `run`: what is said of each, and the exit code."""

import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.ingest_messages import HELD_OUTCOMES, say_outcome
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.output import choose_paint, say_warnings, show_progress, try_to_write_text
from sordiff.cli.restart import restart_when_truncated
from sordiff.errors import Exit, SordiffError
from sordiff.render.commands.ingest import ingest_lines
from sordiff.report import IngestReport, Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.history import Every, ingest_history, parse_span
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings


def ingest_and_say(
    snapshots: list[Path],
    db: Path,
    settings: Settings,
    options: IngestOptions,
    config: Path | None = None,
) -> Exit:
    """Take them in order and tell of each; the code is that of the last one taken.

    `config`: the settings file that was named, if any.
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
    changelog = open_changelog(db)
    with show_progress() as progress:
        results = ingest_snapshots(snapshots, changelog, settings, options, progress=progress)
        outcome, unheard = _say_results(results, db, config)
    say_warnings(changelog.warnings)
    if unheard is not None:
        raise unheard
    return Exit.HELD if outcome in HELD_OUTCOMES else Exit.DONE


def ingest_history_and_say(  # as ingest_and_say, with the days beside
    snapshots: list[Path],
    span: tuple[str, str],
    db: Path,
    settings: Settings,
    options: IngestOptions,
    config: Path | None = None,
) -> Exit:
    """Take the nights of one file; `span`: FROM..TO, and which of its days are nights."""
    _demand_history(snapshots, options)
    days = parse_span(span[0], Every(span[1]))
    changelog = open_changelog(db)
    with show_progress() as progress:
        results = ingest_history(
            snapshots[0], days, changelog, settings, options, progress=progress
        )
        outcome, unheard = _say_results(results, db, config)
    say_warnings(changelog.warnings)
    if unheard is not None:
        raise unheard
    return Exit.HELD if outcome in HELD_OUTCOMES else Exit.DONE


def _demand_history(snapshots: list[Path], options: IngestOptions) -> None:
    if len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--history")
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


def _say_results(
    results: Iterable[IngestReport], db: Path, config: Path | None
) -> tuple[Outcome | None, SordiffError | None]:
    """Tell of each as it is recorded; the outcome of the last one, and why it was not heard."""
    outcome: Outcome | None = None
    unheard: SordiffError | None = None
    for result in results:
        # Recording goes on when nobody reads what is said of it.
        unheard = (
            try_to_write_text(
                ingest_lines(result, find_spoken_catalogue(), choose_paint(sys.stdout))
            )
            or unheard
        )
        say_outcome(result, db, config)
        outcome = result.outcome
    return outcome, unheard


def _demand_correction(snapshots: list[Path], options: IngestOptions) -> None:
    if not (options.reason or "").strip():
        raise typer.BadParameter("--correct needs a --reason.", param_hint="--correct")
    if len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--correct")
    if options.rebaseline:
        raise typer.BadParameter("does not go with --rebaseline.", param_hint="--correct")
