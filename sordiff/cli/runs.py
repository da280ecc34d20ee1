"""`sordiff runs`."""

from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Database

_LARGEST = 2**63 - 1


def runs(
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, max=_LARGEST, help="Only the newest N runs.", metavar="N"),
    ] = None,
    db: Database = DEFAULT_DATABASE,
) -> None:
    """List the recorded runs, oldest first."""
    import sys

    from sordiff.cli.output import choose_paint, write_text
    from sordiff.render.commands.runs import run_lines

    with open_changelog(db).open_to_read() as session:
        found = session.runs.iterate() if limit is None else session.runs.list_newest(limit)
        write_text(run_lines(found, find_spoken_catalogue(), choose_paint(sys.stdout)))
