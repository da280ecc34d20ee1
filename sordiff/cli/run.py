"""`sordiff run`: what cron calls every night."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from click.exceptions import ClickException

from sordiff.cli.changelog import open_changelog
from sordiff.cli.options import (
    DEFAULT_DATABASE,
    SNAPSHOT_HELP,
    Config,
    Database,
    DataTypes,
    NoFast,
    SnapshotDate,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sordiff.errors import Exit
    from sordiff.settings import Settings


def run(
    snapshots: Annotated[list[Path], typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT...")],
    db: Database = DEFAULT_DATABASE,
    data_types: DataTypes = None,
    snapshot_date: SnapshotDate = None,
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

    from sordiff.cli.clock import find_user, read_clock
    from sordiff.cli.ingest_output import ingest_and_say
    from sordiff.cli.options import parse_day_option
    from sordiff.errors import worst
    from sordiff.service.ingest.candidate import IngestOptions
    from sordiff.settings import load_settings

    settings = load_settings(config)
    options = IngestOptions(
        recorded_at=read_clock(),
        user=find_user(),
        database=db.absolute(),
        accept=accept,
        reason=reason,
        data_types=data_types,
        snapshot_date=parse_day_option(snapshot_date),
        plain=no_fast,
        sends_notices=True,
    )
    began = time.monotonic()
    if db.is_file():
        _remember_published(db, settings)
    # What was recorded before a refusal or a fault is published and told all the same.
    codes = _done(lambda: [ingest_and_say(snapshots, db, settings, options, config)])
    _warn_where_nobody_is_told(codes, db, settings)
    if db.is_file():
        codes += _done(lambda: _published(db, settings))
        took = time.monotonic() - began
        codes += _done(lambda: _told(db, settings, took))
    raise typer.Exit(int(worst(codes)))


def _done(step: "Callable[[], list[Exit]]") -> "list[Exit]":
    """The codes of a step; what stops it is said, and stops no step after it."""
    from sordiff.cli.output import say_crash, say_error
    from sordiff.errors import Exit, SordiffError

    try:
        return step()
    except SordiffError as error:
        say_error(error)
        return [error.exit_code]
    except (ClickException, typer.Abort, typer.Exit):
        raise
    except Exception as error:  # noqa: BLE001  # a fault of our own must not keep notices back
        say_crash(error)
        return [Exit.FAILED]


def _warn_where_nobody_is_told(codes: "list[Exit]", db: Path, settings: "Settings") -> None:
    """Notices are kept in the changelog; the first snapshot makes it."""
    from sordiff.cli.output import say_warning
    from sordiff.errors import Exit

    configured = settings.notices.has_webhook or settings.notices.has_mail
    if codes != [Exit.DONE] and configured and not db.is_file():
        say_warning(f"no notice is sent of this: there is no changelog at {db} to keep it in")


def _remember_published(db: Path, settings: "Settings") -> None:
    """Ask the sinks whether the changelog is a restored backup, before anything is recorded in it.

    What stands in the way of that is said when it is published: recording waits for no sink.
    """
    from contextlib import suppress

    from sordiff.cli.sinks import build_configured_sinks
    from sordiff.errors import SordiffError
    from sordiff.service.publish.published_before import remember_published

    with suppress(SordiffError):
        for sink in build_configured_sinks(settings):
            remember_published(open_changelog(db), sink, settings.source)


def _published(db: Path, settings: "Settings") -> "list[Exit]":
    """Publish what waits, where it is configured; the codes of what stood in the way."""
    from sordiff.cli.sinks import build_configured_sinks, build_publish_options, publish_into
    from sordiff.errors import Exit

    codes = publish_into(
        open_changelog(db), build_configured_sinks(settings), build_publish_options()
    )
    # Another publisher is at work: what it leaves is published by the next call.
    return [Exit.NOT_PUBLISHED if code is Exit.LOCKED else code for code in codes]


def _told(db: Path, settings: "Settings", took: float) -> "list[Exit]":
    """Send what waits and write the metrics; what fails is a warning, and the next call tries."""
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import say_warning
    from sordiff.service.notify.send import send_notices

    for failure in send_notices(
        open_changelog(db), settings, now=read_clock(), duration_seconds=took
    ):
        say_warning(failure)
    return []
