"""`sordiff status`."""

from enum import StrEnum
from typing import Annotated

import typer

from sordiff.cli.changelog import changelog_at
from sordiff.cli.language import spoken
from sordiff.cli.options import DEFAULT_DATABASE, Database


class StatusFormat(StrEnum):
    """How the state is written."""

    TEXT = "text"
    JSON = "json"


def status(
    max_age: Annotated[
        float | None,
        typer.Option(
            "--max-age",
            min=0,
            help="Exit with 7 if the newest accepted snapshot is older, or ahead of the clock.",
            metavar="HOURS",
        ),
    ] = None,
    output: Annotated[StatusFormat, typer.Option("--format", help="json: one object.")] = (
        StatusFormat.TEXT
    ),
    db: Database = DEFAULT_DATABASE,
) -> None:
    """Show the state of the changelog: newest snapshot and its age, held runs, what waits."""
    import sys

    from sordiff.cli.clock import now
    from sordiff.cli.output import paint_for, say_warning, write_lines, write_text
    from sordiff.errors import Exit
    from sordiff.service.query.status import status as status_of
    from sordiff.wire import canonical

    found = status_of(changelog_at(db), now=now())
    if output is StatusFormat.JSON:
        write_lines([canonical(found)])
    else:
        from sordiff.render.commands.status import status_lines

        texts = spoken()
        write_text(status_lines(found, texts, paint_for(sys.stdout)))
    age = found.snapshot_age_hours
    if max_age is not None and age is not None and age < 0:
        say_warning(
            f"the newest accepted snapshot was created {-age:,.1f} hours ahead of the clock, so "
            "that its age tells nothing: see to the clock, or to the snapshot"
        )
    if max_age is not None and (age is None or not 0 <= age <= max_age):
        if age is not None and age > max_age:
            say_warning(f"the newest accepted snapshot is more than {max_age:,.15g} hours old")
        raise typer.Exit(int(Exit.TOO_OLD))
