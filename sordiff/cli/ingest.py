"""`sordiff ingest`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.options import DEFAULT_DATABASE, SNAPSHOT_HELP, Config, Database, DataTypes, NoFast


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
    no_fast: NoFast = False,
    config: Config = None,
) -> None:
    """Compare with the last accepted snapshot and record what changed; the first is the baseline.

    Several are taken in the order given; the first refusal ends it, and what came before stays.
    """
    from sordiff.cli.clock import now, user
    from sordiff.cli.ingest_output import take
    from sordiff.service.ingest.evaluate import IngestOptions
    from sordiff.settings import load_settings

    options = IngestOptions(
        recorded_at=now(),
        user=user(),
        accept=accept,
        rebaseline=rebaseline,
        publish=not no_publish,
        dry_run=dry_run,
        reason=reason,
        data_types=data_types,
        plain=no_fast,
    )
    raise typer.Exit(int(take(snapshots, db, load_settings(config), options)))
