"""Arguments that several commands take, said once."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Database: TypeAlias = Annotated[
    Path, typer.Option("--db", help="The SQLite changelog.", metavar="FILE")
]
DataTypes: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-types",
        help="SorDataTypes.xml (or .gz), where it is not in the zip.",
        metavar="FILE",
    ),
]
Config: TypeAlias = Annotated[
    Path | None,
    typer.Option("--config", help="Settings; sordiff.toml if it is there.", metavar="FILE"),
]
NoFast: TypeAlias = Annotated[
    bool,
    typer.Option("--no-fast", help="Read everything, also what is known byte for byte."),
]
DEFAULT_DATABASE = Path("sordiff.db")
SNAPSHOT_HELP = "Sor.xml or Sor.zip, plain or as .gz."
