"""`sordiff export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


class ExportFormat(StrEnum):
    """How the tables are written."""

    PARQUET = "parquet"
    NDJSON = "ndjson"
    CSV = "csv"


def export(
    folder: Annotated[
        Path, typer.Argument(help="The folder to make; it must not exist.", metavar="DIR")
    ],
    output: Annotated[
        ExportFormat,
        typer.Option("--format", help="parquet: typed and small; needs the extra export."),
    ] = ExportFormat.PARQUET,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="The tables as they stood on this day, such as 2024-03-06.",
            metavar="DAY",
        ),
    ] = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Write units, location numbers, changes and runs as files for programs that analyse.

    The columns are those of the views. The folder appears when it is complete.
    """
    del config  # --db and --lang have looked into it
    from sordiff.cli.output import write_text
    from sordiff.cli.report_output import parse_day
    from sordiff.render.commands.export import exported_line
    from sordiff.service.export.export import export_tables
    from sordiff.table_files import TableFormat

    day = parse_day(as_of, "--as-of")
    exported = export_tables(open_changelog(db), folder, TableFormat(output.value), day)
    write_text([exported_line(exported, str(folder), find_spoken_catalogue())])
