"""`sordiff run`: what cron calls every night."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.options import DEFAULT_DATABASE, SNAPSHOT_HELP, Config, Database, DataTypes, NoFast


def run(
    snapshots: Annotated[list[Path], typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT...")],
    db: Database = DEFAULT_DATABASE,
    data_types: DataTypes = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take an announced import without a stop.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why, in words that are kept.", metavar="TEXT")
    ] = None,
    no_fast: NoFast = False,
    config: Config = None,
) -> None:
    """Ingest, then send the notices that wait and write the metrics."""
    import time

    from sordiff.cli.clock import now
    from sordiff.cli.output import say_warning
    from sordiff.cli.taking import take
    from sordiff.cli.who import user
    from sordiff.errors import Exit, SordiffError
    from sordiff.service import IngestOptions
    from sordiff.service.telling import send_notices
    from sordiff.settings import load_settings

    settings = load_settings(config)
    options = IngestOptions(
        recorded_at=now(),
        user=user(),
        accept=accept,
        reason=reason,
        data_types=data_types,
        plain=no_fast,
        telling=True,
    )
    code = Exit.DONE
    refusal: SordiffError | None = None
    began = time.monotonic()
    try:
        code = take(snapshots, db, settings, options)
    except SordiffError as error:
        # What was recorded before it is told all the same.
        refusal = error
    if db.is_file():
        took = time.monotonic() - began
        for failure in send_notices(db, settings, now=now(), duration_seconds=took):
            say_warning(failure)
    if refusal is not None:
        raise refusal
    raise typer.Exit(int(code))
