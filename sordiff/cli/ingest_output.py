"""Taking snapshots, for `ingest` and `run`: what is said of each, and the exit code."""

import sys
from pathlib import Path

import typer

from sordiff.cli.changelog import changelog_at
from sordiff.cli.ingest_messages import HELD_OUTCOMES, say_outcome
from sordiff.cli.language import spoken
from sordiff.cli.message_log import MessageLog
from sordiff.cli.output import paint_for, shown_progress, told_all
from sordiff.errors import Exit, SordiffError
from sordiff.render.commands.ingest import ingest_lines
from sordiff.report import IngestReport, Outcome
from sordiff.service.ingest.evaluate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings

_NEW = frozenset({Outcome.RECORDED, Outcome.HELD})


def take(
    snapshots: list[Path],
    db: Path,
    settings: Settings,
    options: IngestOptions,
    log: MessageLog | None = None,
) -> Exit:
    """Take them in order and tell of each; the code is that of the last one taken.

    With `log`, a line of it tells of each, and nothing goes to stdout.
    """
    if options.accept and not (options.reason or "").strip():
        raise typer.BadParameter("--accept needs a --reason.", param_hint="--accept")
    if options.correct is not None:
        _demand_correction(snapshots, options)
    if options.data_types is not None and len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--data-types")
    outcome: Outcome | None = None
    unheard: SordiffError | None = None
    with shown_progress() as progress:
        for result in ingest_snapshots(
            snapshots, changelog_at(db), settings, options, progress=progress
        ):
            # Recording goes on when nobody reads what is said of it.
            unheard = _tell(result, log) or unheard
            say_outcome(result, db)
            outcome = result.outcome
    if unheard is not None:
        raise unheard
    return Exit.HELD if outcome in HELD_OUTCOMES else Exit.DONE


def _tell(result: IngestReport, log: MessageLog | None) -> SordiffError | None:
    if log is None:
        return told_all(ingest_lines(result, spoken(), paint_for(sys.stdout)))
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


def _demand_correction(snapshots: list[Path], options: IngestOptions) -> None:
    if not (options.reason or "").strip():
        raise typer.BadParameter("--correct needs a --reason.", param_hint="--correct")
    if len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--correct")
    if options.rebaseline:
        raise typer.BadParameter("does not go with --rebaseline.", param_hint="--correct")
