"""`sordiff runs`."""

from sordiff.cli.options import DEFAULT_DATABASE, Database


def runs(db: Database = DEFAULT_DATABASE) -> None:
    """List the recorded runs, oldest first."""
    import sys

    from sordiff.cli.output import paint_for, write_text
    from sordiff.render.runs_text import run_lines
    from sordiff.store.database import opened_to_read
    from sordiff.store.runs import all_runs

    with opened_to_read(db) as connection:
        write_text(run_lines(all_runs(connection), paint_for(sys.stdout)))
