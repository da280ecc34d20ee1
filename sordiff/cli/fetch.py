"""`sordiff fetch`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.options import Config


def fetch(
    url: Annotated[
        list[str] | None,
        typer.Option(
            "--url",
            help="The address of the extract; more than one are mirrors, in order of preference.",
            metavar="URL",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="The folder for what is fetched; it is made if missing.", metavar="DIR"
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Fetch the newest extract into a folder, and print the path of the file.

    A file that is there already is not fetched again. What was cut off is continued, also by the
    next call.
    """
    from sordiff.cli.fetch_output import bring
    from sordiff.cli.output import write_text
    from sordiff.fetch.settings import find_url_problem
    from sordiff.settings import load_settings

    settings = load_settings(config, {} if to is None else {"fetch.dir": str(to)})
    for address in url or ():
        if problem := find_url_problem(address):
            raise typer.BadParameter(f"{problem}.", param_hint="--url")
    found = bring(settings.fetch, tuple(url or settings.fetch.urls))
    write_text([str(found.path)])
