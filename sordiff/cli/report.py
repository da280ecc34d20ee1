"""`sordiff report`."""

from pathlib import Path
from typing import Annotated

import typer
from click import Choice

from sordiff.cli.changelog import changelog_at
from sordiff.cli.language import spoken
from sordiff.cli.options import DEFAULT_DATABASE, Database
from sordiff.render.report.formats import FORMAT_BY_NAME, FORMATS

_LARGEST = 2**63 - 1


_Day = Annotated[str | None, typer.Option(metavar="DATE")]


def report(
    output: Annotated[
        str,
        typer.Option("--format", help="How to write it.", click_type=Choice(list(FORMAT_BY_NAME))),
    ] = FORMATS[0].name,
    file: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write it there.", metavar="FILE")
    ] = None,
    run: Annotated[
        int | None,
        typer.Option("--run", min=1, max=_LARGEST, help="This run, also a held one.", metavar="N"),
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="The night of this day.", metavar="D")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="The nights from this day on.", metavar="D")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="The nights to this day.", metavar="D")
    ] = None,
    if_any: Annotated[
        bool, typer.Option("--if-any", help="Print nothing where nothing happened.")
    ] = False,
    unfolded: Annotated[
        bool, typer.Option("--unfolded", help="Over several nights, every step of a change.")
    ] = False,
    event_type: Annotated[
        str | None,
        typer.Option("--type", help="Only changes of this type.", metavar="NAME"),
    ] = None,
    under: Annotated[
        str | None, typer.Option("--under", help="Only what is below this unit.", metavar="SOR_ID")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Only what concerns this unit.", metavar="SOR_ID")
    ] = None,
    number: Annotated[
        str | None,
        typer.Option("--number", help="Only what concerns this location number.", metavar="GLN"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=0, max=_LARGEST, help="At most so many in any list.", metavar="N"
        ),
    ] = None,
    db: Database = DEFAULT_DATABASE,
) -> None:
    """What happened: last night, on a day, over a period; for people or for programs."""
    from sordiff.cli.report_output import asked_for, uncollected, write_report
    from sordiff.report.request import SHOWN_TO_PEOPLE
    from sordiff.service.query.report import report_of
    from sordiff.service.query.report_period import NothingRecorded

    form = FORMAT_BY_NAME[output]
    asked = asked_for(
        run=run,
        date=date,
        since=since,
        until=until,
        event_type=event_type,
        under=under,
        unit=unit,
        number=number,
        folded=not unfolded,
        limit=SHOWN_TO_PEOPLE if limit is None and form.is_for_people else limit,
    )
    with uncollected():
        try:
            found = report_of(changelog_at(db), asked)
        except NothingRecorded:
            if if_any:
                return
            raise
        if if_any and found.is_empty:
            return
        write_report(found, form, spoken().language, file)
