"""`sordiff check`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.language import spoken
from sordiff.cli.options import SNAPSHOT_HELP, Config, DataTypes


class CheckFormat(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"


def check(
    snapshot: Annotated[Path, typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT")],
    output: Annotated[
        CheckFormat,
        typer.Option(
            "--format", help="json: one object with the header, the counts and all findings."
        ),
    ] = (CheckFormat.TEXT),
    data_types: DataTypes = None,
    config: Config = None,
) -> None:
    """Check one snapshot and list its findings.

    Exit 0 if it can be accepted, with or without findings; 5 if it is refused.
    """
    import sys

    from sordiff.cli.output import paint_for, say_warning, shown_progress, write_lines, write_text
    from sordiff.render.commands.check import check_lines
    from sordiff.service.ingest.check import check_snapshot
    from sordiff.settings import load_settings
    from sordiff.wire import canonical

    with shown_progress() as progress:
        result = check_snapshot(
            snapshot, load_settings(config), data_types=data_types, progress=progress
        )
    for warning in result.warnings:
        say_warning(warning)
    if output is CheckFormat.JSON:
        write_lines([canonical(result)])
    else:
        write_text(check_lines(result, spoken(), paint_for(sys.stdout)))
