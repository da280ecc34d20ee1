"""`sordiff report`."""

from pathlib import Path
from typing import Annotated

import typer
from click import Choice

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database, OwnList
from sordiff.render.report.edition import CsvDialect
from sordiff.render.report.formats import FORMAT_BY_NAME, FORMATS

_LARGEST = 2**63 - 1


_Day = Annotated[str | None, typer.Option(metavar="DATE")]


def report(
    output: Annotated[
        str,
        typer.Option(
            "--format",
            help="For a terminal, a mail or an issue, a browser, programs, or a spreadsheet.",
            click_type=Choice(list(FORMAT_BY_NAME)),
        ),
    ] = FORMATS[0].name,
    file: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Write to this file: the whole report, or nothing.",
            metavar="FILE",
        ),
    ] = None,
    run: Annotated[
        int | None,
        typer.Option(
            "--run",
            min=1,
            max=_LARGEST,
            help="Only this run, whatever its state; also a held one.",
            metavar="N",
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Only the night of this day.", metavar="DATE")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="The nights from this day on, folded into one report.", metavar="DATE"
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", help="The nights up to this day, folded into one report.", metavar="DATE"
        ),
    ] = None,
    if_any: Annotated[
        bool,
        typer.Option(
            "--if-any",
            help="Print nothing and exit with 0 if nothing happened; an unknown id is an error.",
        ),
    ] = False,
    unfolded: Annotated[
        bool, typer.Option("--unfolded", help="Over several nights: show every step of a change.")
    ] = False,
    event_type: Annotated[
        str | None,
        typer.Option(
            "--type",
            help="Only changes of this event type; over several nights all of them.",
            metavar="NAME",
        ),
    ] = None,
    under: Annotated[
        str | None,
        typer.Option(
            "--under",
            help="Only units below this one, or below it until they moved.",
            metavar="SOR_ID",
        ),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", help="Only changes that concern this unit.", metavar="SOR_ID"),
    ] = None,
    number: Annotated[
        str | None,
        typer.Option(
            "--number", help="Only changes that concern this location number.", metavar="GLN"
        ),
    ] = None,
    own_list: OwnList = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=0,
            max=_LARGEST,
            help="At most N entries in each list; text and Markdown show 20. Counts are of all.",
            metavar="N",
        ),
    ] = None,
    max_age: Annotated[
        float | None,
        typer.Option(
            "--max-age",
            min=0,
            help="Print nothing and exit with 0 if the last run was recorded longer ago.",
            metavar="HOURS",
        ),
    ] = None,
    csv: Annotated[
        CsvDialect,
        typer.Option(
            "--csv",
            help="Of --format csv: for a Danish spreadsheet, or plain as programs read it.",
        ),
    ] = CsvDialect.EXCEL,
    recipients: Annotated[
        list[str] | None,
        typer.Option("--to", help="Of --format mail: an address it is for.", metavar="ADDRESS"),
    ] = None,
    all_findings: Annotated[
        bool,
        typer.Option(
            "--all-findings",
            help="In text, Markdown and mail: list standing findings, too, and not only new ones.",
        ),
    ] = False,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Report what happened: last night, on a day or over a period.

    Without options: the last run, as text.
    """
    del config  # --db and --lang have looked into it
    from sordiff.cli.own_lists import wanted_list
    from sordiff.cli.report_output import (
        build_edition,
        is_recent,
        parse_addresses,
        parse_request,
        write_report,
    )
    from sordiff.collection import hold_until_left, pause_collection
    from sordiff.report.request import SHOWN_TO_PEOPLE
    from sordiff.service.query.report import read_report
    from sordiff.service.query.report_period import NothingRecorded
    from sordiff.worker_process import can_run_worker

    form = FORMAT_BY_NAME[output]
    addresses = parse_addresses(recipients or ())
    asked = parse_request(
        run=run,
        date=date,
        since=since,
        until=until,
        event_type=event_type,
        under=under,
        unit=unit,
        number=number,
        own_list=own_list,
        folded=not unfolded,
        limit=SHOWN_TO_PEOPLE if limit is None and form.is_for_people else limit,
    )
    may_fork = can_run_worker()
    with pause_collection():
        try:
            kept = None if own_list is None else wanted_list(open_changelog(db), own_list)
            found = read_report(open_changelog(db), asked, kept, may_fork=may_fork)
        except NothingRecorded:
            if if_any:
                return
            raise
        if if_any and found.is_empty:
            return
        if max_age is not None and not is_recent(found, max_age):
            return
        edition = build_edition(
            found,
            find_spoken_catalogue(),
            file,
            lists_standing=all_findings,
            database="" if db == DEFAULT_DATABASE else str(db),
            recipients=addresses,
            csv=csv,
            may_fork=may_fork,
        )
        write_report(edition, form, file)
        hold_until_left((found, edition))
        del found, edition  # where nothing holds it, the search for garbage would look through it
