"""`sordiff runs`."""

from typing import Annotated

import typer

from sordiff.cli.language import spoken
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

    from sordiff.cli.output import paint_for, write_text
    from sordiff.render.commands.runs import run_lines
    from sordiff.store.database import opened_to_read
    from sordiff.store.runs import all_runs, newest_runs

    with opened_to_read(db) as connection:
        found = all_runs(connection) if limit is None else newest_runs(connection, limit)
        write_text(run_lines(found, spoken(), paint_for(sys.stdout)))
