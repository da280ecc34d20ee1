"""`sordiff ingest`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.options import (
    DEFAULT_DATABASE,
    SNAPSHOT_HELP,
    AsGiven,
    Config,
    Database,
    DataTypes,
    NoFast,
    SnapshotDate,
)
from sordiff.service.ingest.every import Every


def ingest(
    snapshots: Annotated[list[Path], typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT...")],
    db: Database = DEFAULT_DATABASE,
    data_types: DataTypes = None,
    snapshot_date: SnapshotDate = None,
    as_given: AsGiven = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help="Accept an announced import without holding it; needs --reason."
        ),
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", help="The reason; it is stored with the run.", metavar="TEXT"),
    ] = None,
    rebaseline: Annotated[
        bool,
        typer.Option(
            "--rebaseline",
            help="Accept the snapshot as a new baseline: the state changes, without events.",
        ),
    ] = False,
    correct: Annotated[
        int | None,
        typer.Option(
            "--correct",
            min=1,
            help="Take the snapshot as the correction of this run, which must be the last accepted "
            "one; whatever its date; needs --reason.",
            metavar="RUN",
        ),
    ] = None,
    history: Annotated[
        str | None,
        typer.Option(
            "--history",
            help="Record the nights from FROM to TO that lie in SOREntity.csv or Sor_complete.zip; "
            "they are published only by `sordiff publish --history`.",
            metavar="FROM..TO",
        ),
    ] = None,
    every: Annotated[
        Every,
        typer.Option(
            "--every",
            help="With --history: each day is a night, or each on which anything changes.",
        ),
    ] = Every.DAY,
    no_publish: Annotated[
        bool, typer.Option("--no-publish", help="Record history that is never published.")
    ] = False,
    restored: Annotated[
        bool,
        typer.Option(
            "--restored",
            help="Continue a restored backup without the lost nights, above the last sequence.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be recorded, and record nothing.")
    ] = False,
    no_fast: NoFast = False,
    config: Config = None,
) -> None:
    """Compare with the last accepted snapshot and record what changed.

    The first snapshot becomes the baseline. Several snapshots are taken in the order of their
    days. The first refused one stops the command; the ones before it stay recorded.
    """
    from sordiff.cli.clock import find_user, read_clock
    from sordiff.cli.ingest_output import ingest_and_say, ingest_history_and_say
    from sordiff.cli.options import parse_day_option
    from sordiff.service.ingest.candidate import IngestOptions
    from sordiff.settings import load_settings

    if restored and dry_run:
        raise typer.BadParameter("does not go with --dry-run.", param_hint="--restored")
    options = IngestOptions(
        recorded_at=read_clock(),
        user=find_user(),
        database=db.absolute(),
        accept=accept,
        rebaseline=rebaseline,
        restored=restored,
        correct=correct,
        publish=not no_publish,
        history=history is not None,
        dry_run=dry_run,
        reason=reason,
        data_types=data_types,
        snapshot_date=parse_day_option(snapshot_date),
        as_given=as_given,
        plain=no_fast,
        leaves_soon=len(snapshots) == 1 and history is None,
    )
    settings = load_settings(config)
    if history is None:
        raise typer.Exit(int(ingest_and_say(snapshots, db, settings, options, config)))
    span = (history, every)
    raise typer.Exit(int(ingest_history_and_say(snapshots, span, db, settings, options, config)))
