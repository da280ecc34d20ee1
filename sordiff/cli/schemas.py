"""`sordiff schemas`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The JSON Schemas of the events.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `export` a command of its own, though it is alone."""


@app.command("export", short_help="Write the JSON Schemas to a folder.")
def export(
    folder: Annotated[Path, typer.Argument(help="Made where it is missing.", metavar="DIR")],
) -> None:
    """Write the JSON Schema of every event type, of the unit and of the envelope."""
    from sordiff.schemas import export as write
    from sordiff.schemas import shipped

    write(folder, shipped())
