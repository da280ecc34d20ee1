"""`sordiff schemas`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.language import SpeakingCommand
from sordiff.cli.options import Config

app = typer.Typer(
    help="The JSON Schemas of what is published.", no_args_is_help=True, suggest_commands=False
)


@app.callback()
def _group() -> None:
    """Keep `export` a command of its own, though it is alone."""


@app.command(
    "export",
    cls=SpeakingCommand,
    short_help="Write the JSON Schemas and the AsyncAPI document to a folder.",
)
def export(
    folder: Annotated[
        Path,
        typer.Argument(help="The folder to write to; it is created if missing.", metavar="DIR"),
    ],
    config: Config = None,
) -> None:
    """Write the JSON Schemas of all messages, and the AsyncAPI document of the topics."""
    from sordiff import schemas
    from sordiff.kafka.asyncapi import build_asyncapi
    from sordiff.settings import load_settings

    document = build_asyncapi(load_settings(config).kafka)
    schemas.export_schemas(folder, {**schemas.read_shipped_schemas(), schemas.ASYNCAPI: document})
