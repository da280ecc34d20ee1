"""`sordiff status`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


class StatusFormat(StrEnum):
    """How the state is written."""

    TEXT = "text"
    JSON = "json"


def status(
    max_age: Annotated[
        float | None,
        typer.Option(
            "--max-age",
            min=0,
            help="Exit with 7 if the newest accepted snapshot is older, or ahead of the clock.",
            metavar="HOURS",
        ),
    ] = None,
    output: Annotated[StatusFormat, typer.Option("--format", help="json: one object.")] = (
        StatusFormat.TEXT
    ),
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Show the state of the changelog: newest snapshot and its age, held runs, what waits."""
    import sys

    from msgspec.structs import replace

    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import choose_paint, say_warning, write_lines, write_text
    from sordiff.errors import Exit
    from sordiff.service.query.status import read_status
    from sordiff.webhooks.position_file import read_positions
    from sordiff.wire import encode_canonically

    found = read_status(open_changelog(db), now=read_clock(), webhooks=read_positions(db))
    # Asked on every call, so that wrong settings are told of before a night needs them.
    if not _has_receivers(config):
        found = replace(found, unsent_notices=0)
    if output is StatusFormat.JSON:
        write_lines([encode_canonically(found)])
    else:
        from sordiff.render.commands.status import status_lines

        texts = find_spoken_catalogue()
        write_text(status_lines(found, texts, choose_paint(sys.stdout)))
    age = found.snapshot_age_hours
    if max_age is not None and age is not None and age < 0:
        say_warning(
            f"the newest accepted snapshot was created {-age:,.1f} hours ahead of the clock, so "
            "that its age tells nothing: see to the clock, or to the snapshot"
        )
    if max_age is not None and (age is None or not 0 <= age <= max_age):
        if age is not None and age > max_age:
            say_warning(f"the newest accepted snapshot is more than {max_age:,.15g} hours old")
        raise typer.Exit(int(Exit.TOO_OLD))


def _has_receivers(config: Path | None) -> bool:
    """Whether notices are sent to anybody; where to nobody, none of them waits for anything."""
    from sordiff.settings import load_settings

    notices = load_settings(config).notices
    return notices.has_webhook or notices.has_mail
