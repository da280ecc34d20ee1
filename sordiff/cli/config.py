"""`sordiff config`."""

from enum import StrEnum
from typing import Annotated

import typer

from sordiff.cli.kafka_options import Servers, Setting, collect_flags
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import Config


class ConfigFormat(StrEnum):
    """How the settings are written."""

    TEXT = "text"
    JSON = "json"


def config(
    output: Annotated[
        ConfigFormat,
        typer.Option(
            "--format",
            help="json: a list of objects, each with the environment variable of the setting.",
        ),
    ] = (ConfigFormat.TEXT),
    servers: Servers = None,
    setting: Setting = None,
    config: Config = None,
) -> None:
    """Show each setting and its source: flag, environment, file or default.

    Secrets are masked.
    """
    import sys

    from sordiff.cli.output import choose_paint, write_lines, write_text
    from sordiff.render.commands.config import config_lines
    from sordiff.service.query.configuration import list_effective_settings
    from sordiff.wire import encode_canonically

    shown = list(list_effective_settings(config, collect_flags(servers, setting)))
    if output is ConfigFormat.JSON:
        write_lines([encode_canonically(shown)])
    else:
        write_text(config_lines(shown, find_spoken_catalogue(), choose_paint(sys.stdout)))
