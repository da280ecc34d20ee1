"""Arguments that several commands take, said once."""

import os
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from click.core import ParameterSource


class Language(StrEnum):
    """The language of a text for people."""

    DANISH = "da"
    ENGLISH = "en"


def locale_language() -> Language:
    """Danish where the locale of messages is Danish, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return Language.DANISH if value.lower().startswith("da") else Language.ENGLISH
    return Language.ENGLISH


def _database(context: typer.Context, value: Path) -> Path:
    """--db, else SORDIFF_DB, else `db` of the file, else sordiff.db.

    A file that can't be read is told of by what reads the settings; not every command does.
    """
    if context.get_parameter_source("db") is not ParameterSource.DEFAULT:
        return value
    if given := os.environ.get("SORDIFF_DB"):
        return Path(given)
    file = Path(context.params.get("config") or "sordiff.toml")
    if file.is_file():
        import tomllib

        with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            found = tomllib.loads(file.read_text(encoding="utf-8")).get("db")
            if isinstance(found, str) and found:
                return Path(found)
    return value


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
DEFAULT_DATABASE = Path("sordiff.db")
SNAPSHOT_HELP = "Sor.xml or Sor.zip, plain or as .gz."
