"""`sordiff backup`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.changelog import back_up_changelog, open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Database


def backup(
    to: Annotated[
        Path, typer.Argument(help="The file to write; it must not exist.", metavar="FILE")
    ],
    db: Database = DEFAULT_DATABASE,
) -> None:
    """Write a consistent copy of the changelog, while others may write to it.

    The changelog is checked for damage first.
    """
    from sordiff.cli.output import write_text
    from sordiff.render.commands.backup import backed_up_line

    with open_changelog(db).open_to_read():
        pass  # there is one, of today's schema
    back_up_changelog(db, to)
    with open_changelog(to).open_to_read() as session:
        last = session.runs.find_last()
    write_text([backed_up_line(str(to), 0 if last is None else last.id, find_spoken_catalogue())])
