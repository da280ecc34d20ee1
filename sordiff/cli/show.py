"""`sordiff show` and `sordiff history`."""

from enum import StrEnum
from typing import Annotated

import typer

from sordiff.cli.changelog import changelog_at
from sordiff.cli.language import spoken
from sordiff.cli.options import DEFAULT_DATABASE, Database


class LookFormat(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


_Id = Annotated[
    str, typer.Argument(help="The SOR id of a unit, or a location number.", metavar="SOR_ID|GLN")
]
_Format = Annotated[LookFormat, typer.Option("--format", help="json: one object.")]


def show(
    subject: _Id,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="As it was on this day, by the last snapshot of that day or before it.",
            metavar="DATE",
        ),
    ] = None,
    output: _Format = LookFormat.TEXT,
    db: Database = DEFAULT_DATABASE,
) -> None:
    """Show a unit or a location number with everything resolved, today or on any recorded day."""
    import sys

    from sordiff.cli.output import paint_for, write_lines, write_text
    from sordiff.cli.report_output import wanted_day
    from sordiff.service.query.show import show as shown_by
    from sordiff.wire import canonical

    shown = shown_by(changelog_at(db), subject, wanted_day(as_of, "--as-of"))
    if output is LookFormat.JSON:
        write_lines([canonical(shown)])
        return
    from sordiff.render.commands.show import shown_lines

    texts = spoken()
    write_text(shown_lines(shown, texts, paint_for(sys.stdout)))


def history(
    subject: _Id,
    output: _Format = LookFormat.TEXT,
    db: Database = DEFAULT_DATABASE,
) -> None:
    """Show the history of a unit or a location number: day, run, what happened, from and to."""
    import sys

    from sordiff.cli.output import paint_for, write_lines, write_text
    from sordiff.service.query.history import history as life_of
    from sordiff.wire import canonical

    life = life_of(changelog_at(db), subject)
    if output is LookFormat.JSON:
        write_lines([canonical(life)])
        return
    from sordiff.render.commands.history import life_lines

    texts = spoken()
    write_text(life_lines(life, texts, paint_for(sys.stdout)))
