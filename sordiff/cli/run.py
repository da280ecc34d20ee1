"""`sordiff run`: what cron calls every night."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sordiff.cli.changelog import changelog_at
from sordiff.cli.options import DEFAULT_DATABASE, SNAPSHOT_HELP, Config, Database, DataTypes, NoFast

if TYPE_CHECKING:
    from sordiff.errors import Exit
    from sordiff.settings import Settings


def run(
    snapshots: Annotated[list[Path], typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT...")],
    db: Database = DEFAULT_DATABASE,
    data_types: DataTypes = None,
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
    no_fast: NoFast = False,
    config: Config = None,
) -> None:
    """Ingest, publish if a sink is configured, send the notices and write the metrics."""
    import time

    from sordiff.cli.clock import now, user
    from sordiff.cli.ingest_output import take
    from sordiff.cli.output import say_error, say_warning
    from sordiff.errors import Exit, SordiffError, worst
    from sordiff.service.ingest.evaluate import IngestOptions
    from sordiff.service.notify.send import send_notices
    from sordiff.settings import load_settings

    settings = load_settings(config)
    options = IngestOptions(
        recorded_at=now(),
        user=user(),
        accept=accept,
        reason=reason,
        data_types=data_types,
        plain=no_fast,
        sends_notices=True,
    )
    codes = [Exit.DONE]
    began = time.monotonic()
    try:
        codes.append(take(snapshots, db, settings, options))
    except SordiffError as error:
        # What was recorded before it is published and told all the same.
        say_error(error)
        codes.append(error.exit_code)
    if db.is_file():
        codes += _published(db, settings)
        took = time.monotonic() - began
        for failure in send_notices(changelog_at(db), settings, now=now(), duration_seconds=took):
            say_warning(failure)
    raise typer.Exit(int(worst(codes)))


def _published(db: Path, settings: "Settings") -> "list[Exit]":
    """Publish what waits, where it is configured; the codes of what stood in the way."""
    from sordiff.cli.output import say_error
    from sordiff.cli.sinks import configured_sinks, publish_into, publish_options
    from sordiff.errors import Exit, SordiffError

    try:
        sinks = configured_sinks(settings)
    except SordiffError as error:
        say_error(error)
        return [error.exit_code]
    codes = publish_into(changelog_at(db), sinks, publish_options())
    # Another publisher is at work: what it leaves is published by the next call.
    return [Exit.NOT_PUBLISHED if code is Exit.LOCKED else code for code in codes]
