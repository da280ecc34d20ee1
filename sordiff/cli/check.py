"""`sordiff check`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import SNAPSHOT_HELP, Config, DataTypes, SnapshotDate


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
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage",
            help="Show which units carry each field, and what is unknown, instead of the findings.",
        ),
    ] = False,
    data_types: DataTypes = None,
    snapshot_date: SnapshotDate = None,
    config: Config = None,
) -> None:
    """Check one snapshot and list its findings.

    Exit 0 if it can be accepted, with or without findings; 5 if it is refused.
    """
    import sys

    from sordiff.cli.options import parse_day_option
    from sordiff.cli.output import choose_paint, say_warning, show_progress, write_lines, write_text
    from sordiff.render.commands.check import check_lines
    from sordiff.render.commands.check_coverage import coverage_lines
    from sordiff.report import CheckReport, CoverageReport
    from sordiff.service.ingest.check import check_snapshot
    from sordiff.service.ingest.check_coverage import check_coverage
    from sordiff.settings import load_settings
    from sordiff.snapshot import ReadOptions
    from sordiff.wire import encode_canonically

    settings = load_settings(config)
    texts, paint = find_spoken_catalogue(), choose_paint(sys.stdout)
    result: CheckReport | CoverageReport
    day = parse_day_option(snapshot_date)
    with show_progress() as progress:
        how = ReadOptions(data_types=data_types, snapshot_date=day, progress=progress)
        if coverage:
            counted = check_coverage(snapshot, settings, how)
            result, lines = counted, coverage_lines(counted, texts, paint)
        else:
            found = check_snapshot(snapshot, settings, how)
            result, lines = found, check_lines(found, texts, paint)
    for warning in result.warnings:
        say_warning(warning)
    if output is CheckFormat.JSON:
        write_lines([encode_canonically(result)])
    else:
        write_text(lines)
