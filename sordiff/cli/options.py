"""Arguments that several commands take, said once."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from click.core import ParameterSource

from sordiff.cli.language import read_setting

if TYPE_CHECKING:
    from sordiff.model import Day


def _database(context: typer.Context, value: Path) -> Path:
    """--db, else SORDIFF_DB, else `db` of the file, else sordiff.db."""
    if context.get_parameter_source("db") is not ParameterSource.DEFAULT:
        return value
    if given := os.environ.get("SORDIFF_DB"):
        return Path(given)
    file = Path(context.params.get("config") or "sordiff.toml")
    found = read_setting(file, "db")
    return value if found is None else Path(found)


Database: TypeAlias = Annotated[
    Path,
    typer.Option("--db", help="The changelog, a SQLite file.", metavar="FILE", callback=_database),
]
DataTypes: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-types",
        help="SorDataTypes.xml (or .gz), if it is not in the zip. With one SNAPSHOT only.",
        metavar="FILE",
    ),
]
SnapshotDate: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--snapshot-date",
        help="The day of a CSV file, which has none of its own. With one SNAPSHOT only.",
        metavar="DAY",
    ),
]
Config: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The settings file; without it sordiff.toml in the working directory.",
        metavar="FILE",
        is_eager=True,
    ),
]
NoFast: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-fast",
        help="Parse every record, and compare with DeepDiff: slower, the same result.",
    ),
]
OwnList: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--list",
        help="Only what concerns this list of your own: the name of a kept one, or a file.",
        metavar="LIST",
    ),
]


def parse_day_option(text: str | None) -> "Day | None":
    """The day of --snapshot-date; SordiffError for what is no day."""
    from sordiff.service.ingest.table_nights import parse_day

    return None if text is None else parse_day(text)


DEFAULT_DATABASE = Path("sordiff.db")
SNAPSHOT_HELP = "Sor.xml, Sor.zip or a CSV file of SOR, plain or as .gz; FILE@DAY for its day."
