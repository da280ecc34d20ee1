"""`sordiff ingest`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.options import DEFAULT_DATABASE, SNAPSHOT_HELP, Config, Database, DataTypes


def ingest(
    snapshots: Annotated[list[Path], typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT...")],
    db: Database = DEFAULT_DATABASE,
    data_types: DataTypes = None,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Take an announced import without a stop; needs --reason."),
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why, in words that are kept.", metavar="TEXT")
    ] = None,
    rebaseline: Annotated[
        bool, typer.Option("--rebaseline", help="Take it as a new baseline, without events.")
    ] = False,
    no_publish: Annotated[
        bool, typer.Option("--no-publish", help="Record history that is never to be published.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be recorded, and record nothing.")
    ] = False,
    config: Config = None,
) -> None:
    """Compare with the last accepted snapshot and record what changed; the first is the baseline.

    Several are taken in the order given; the first refusal ends it, and what came before stays.
    """
    import sys

    from sordiff.cli.clock import now
    from sordiff.cli.outcomes import HELD_OUTCOMES, say_outcome
    from sordiff.cli.output import paint_for, shown_progress, told_all
    from sordiff.cli.who import user
    from sordiff.errors import Exit, SordiffError
    from sordiff.render.night_text import ingest_lines
    from sordiff.report import Outcome
    from sordiff.service import IngestOptions, ingest_snapshots
    from sordiff.settings import load_settings

    if accept and not (reason or "").strip():
        raise typer.BadParameter("--accept needs a --reason.", param_hint="--accept")
    if data_types is not None and len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--data-types")
    options = IngestOptions(
        recorded_at=now(),
        user=user(),
        accept=accept,
        rebaseline=rebaseline,
        publish=not no_publish,
        dry_run=dry_run,
        reason=reason,
        data_types=data_types,
    )
    outcome: Outcome | None = None
    unheard: SordiffError | None = None
    with shown_progress() as progress:
        for result in ingest_snapshots(
            snapshots, db, load_settings(config), options, progress=progress
        ):
            # Recording goes on when nobody reads what is said of it.
            unheard = told_all(ingest_lines(result, paint_for(sys.stdout))) or unheard
            say_outcome(result, db)
            outcome = result.outcome
    if unheard is not None:
        raise unheard
    if outcome in HELD_OUTCOMES:
        raise typer.Exit(int(Exit.HELD))
