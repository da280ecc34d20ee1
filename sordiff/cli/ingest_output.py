"""Taking snapshots, for `ingest` and `run`: what is said of each, and the exit code."""

import sys
from pathlib import Path

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.ingest_messages import HELD_OUTCOMES, say_outcome
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.output import choose_paint, say_warnings, show_progress, try_to_write_text
from sordiff.cli.restart import restart_when_truncated
from sordiff.errors import Exit, SordiffError
from sordiff.render.commands.ingest import ingest_lines
from sordiff.report import Outcome
from sordiff.service.ingest.candidate import IngestOptions
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
    restart_when_truncated()
    changelog = open_changelog(db)
    outcome: Outcome | None = None
    unheard: SordiffError | None = None
    with show_progress() as progress:
        for result in ingest_snapshots(snapshots, changelog, settings, options, progress=progress):
            # Recording goes on when nobody reads what is said of it.
            unheard = (
                try_to_write_text(
                    ingest_lines(result, find_spoken_catalogue(), choose_paint(sys.stdout))
                )
                or unheard
            )
            say_outcome(result, db, config)
            outcome = result.outcome
    say_warnings(changelog.warnings)
    if unheard is not None:
        raise unheard
    return Exit.HELD if outcome in HELD_OUTCOMES else Exit.DONE


def _demand_correction(snapshots: list[Path], options: IngestOptions) -> None:
    if not (options.reason or "").strip():
        raise typer.BadParameter("--correct needs a --reason.", param_hint="--correct")
    if len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--correct")
    if options.rebaseline:
        raise typer.BadParameter("does not go with --rebaseline.", param_hint="--correct")
