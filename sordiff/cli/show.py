"""`sordiff show` and `sordiff history`."""

from enum import StrEnum
from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


class LookFormat(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


_Id = Annotated[
    str, typer.Argument(help="The SOR id of a unit, or a location number.", metavar="SOR_ID|GLN")
]
_Format = Annotated[LookFormat, typer.Option("--format", help="json: one object.")]


def show(
    subject: Annotated[
        str,
        typer.Argument(
            help="A SOR id, a GLN, a ydernummer, a SHAK, CVR or P number, or words of a name.",
            metavar="SOR_ID|GLN|TEXT",
        ),
    ],
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
    config: Config = None,
) -> None:
    """Show a unit or a location number with everything resolved, today or on any recorded day.

    A text that several units fit gives the candidates.
    """
    del config  # --db and --lang have looked into it
    import sys

    from sordiff.cli.output import choose_paint, write_lines, write_text
    from sordiff.cli.report_output import parse_day
    from sordiff.service.query.show import look_up
    from sordiff.wire import encode_canonically

    shown = look_up(open_changelog(db), subject, parse_day(as_of, "--as-of"))
    if output is LookFormat.JSON:
        write_lines([encode_canonically(shown)])
        return
    from sordiff.render.commands.show import shown_lines

    texts = find_spoken_catalogue()
    write_text(shown_lines(shown, texts, choose_paint(sys.stdout)))


def history(
    subject: _Id,
    output: _Format = LookFormat.TEXT,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Show the history of a unit or a location number: day, run, what happened, from and to."""
    del config  # --db and --lang have looked into it
    import sys

    from sordiff.cli.output import choose_paint, write_lines, write_text
    from sordiff.service.query.history import read_history
    from sordiff.wire import encode_canonically

    life = read_history(open_changelog(db), subject)
    if output is LookFormat.JSON:
        write_lines([encode_canonically(life)])
        return
    from sordiff.render.commands.history import life_lines

    texts = find_spoken_catalogue()
    write_text(life_lines(life, texts, choose_paint(sys.stdout)))
