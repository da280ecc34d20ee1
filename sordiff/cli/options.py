"""Arguments that several commands take, said once."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from click.core import ParameterSource

from sordiff.render.language import LANGUAGES
from sordiff.settings_file import read_table

if TYPE_CHECKING:
    from sordiff.model import Day


def _database(context: typer.Context, value: Path) -> Path:
    """--db, else SORDIFF_DB, else `db` of the file, else sordiff.db."""
    if context.resilient_parsing:
        return value
    named = context.params.get("config")
    given = None if named is None else Path(named)
    file = read_table(given or Path("sordiff.toml"), demanded=given is not None)
    found = file.get("db", str(value))
    if not isinstance(found, str) or not found or file.get("lang", LANGUAGES[0]) not in LANGUAGES:
        _refuse_settings(given)
    if context.get_parameter_source("db") is not ParameterSource.DEFAULT:
        return value
    return Path(os.environ.get("SORDIFF_DB") or found)


def _refuse_settings(file: Path | None) -> None:
    """Say of a file with a wrong value what the commands say that read all settings."""
    from sordiff.settings import load_settings

    load_settings(file)


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
        help="Read every record, and compare with DeepDiff: slower, the same result.",
    ),
]
AsGiven: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--as-given",
        help="Take several snapshots in the order given, and not in that of their days.",
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
