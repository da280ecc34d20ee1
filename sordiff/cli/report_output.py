"""What `report` takes and gives: the question checked, the language found, the report written."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import UNSET

from sordiff.cli.clock import read_clock
from sordiff.cli.output import choose_paint, choose_width
from sordiff.cli.output_file import demand_no_terminal, write_result
from sordiff.events import EVENT_TYPES
from sordiff.model import Day, Gln, SorId
from sordiff.render.language import Catalogue
from sordiff.render.report.edition import CsvDialect, Edition
from sordiff.render.report.formats import ReportFormat
from sordiff.render.text.colour import Paint
from sordiff.report import Asked, Report
from sordiff.wire import find_short_name

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse_request(
    *,
    run: int | None,
    date: str | None,
    since: str | None,
    until: str | None,
    event_type: str | None,
    under: str | None,
    unit: str | None,
    number: str | None,
    folded: bool,
    limit: int | None,
    own_list: str | None = None,
) -> Asked:
    """The question, where it is one."""
    if sum(given is not None for given in (run, date, since or until)) > 1:
        message = "give one of --run, --date and --since/--until."
        raise typer.BadParameter(message, param_hint="--run, --date, --since")
    name = event_type and find_short_name(event_type)
    if name is not None and name not in EVENT_TYPES:
        known = ", ".join(EVENT_TYPES)
        raise typer.BadParameter(f"{event_type} is none of: {known}.", param_hint="--type")
    return Asked(
        run=run,
        since=parse_day(date, "--date") or parse_day(since, "--since"),
        until=parse_day(date, "--date") or parse_day(until, "--until"),
        type=name,
        under=None if under is None else SorId(under),
        unit=None if unit is None else SorId(unit),
        number=None if number is None else Gln(number),
        folded=folded,
        limit=limit,
        list=UNSET if own_list is None else own_list,
    )


def parse_day(text: str | None, option: str) -> Day | None:
    """A day that was given with an option, or nothing."""
    if text is None:
        return None
    try:
        return Day(date.fromisoformat(text).isoformat())
    except ValueError as error:
        message = f"{text} is no day such as 2024-03-06."
        raise typer.BadParameter(message, param_hint=option) from error


def parse_addresses(given: "Sequence[str]") -> tuple[str, ...]:
    """Addresses of a mail, each as `name@host`."""
    if not given:
        return ()
    from email.errors import HeaderParseError
    from email.headerregistry import Address

    for each in given:
        try:
            Address(addr_spec=each)
        except (ValueError, IndexError, HeaderParseError) as error:
            message = f"{each} is no mail address such as sor@example.org."
            raise typer.BadParameter(message, param_hint="--to") from error
    return tuple(given)


def is_recent(report: Report, hours: float) -> bool:
    """Whether the last run of the report was recorded less than so many hours ago."""
    at = report.headline.recorded_at
    if at is None:
        return False
    age = datetime.fromisoformat(read_clock()) - datetime.fromisoformat(at)
    return age < timedelta(hours=hours)


def build_edition(
    report: Report,
    language: Catalogue,
    file: Path | None,
    *,
    lists_standing: bool,
    database: str,
    recipients: tuple[str, ...],
    csv: CsvDialect,
    may_fork: bool,
) -> Edition:
    """The report with what its reader asked for; colours are for a terminal alone."""
    paint = Paint(wanted=False, width=choose_width(None)) if file else choose_paint(sys.stdout)
    return Edition(
        report=report,
        language=language,
        paint=paint,
        lists_standing=lists_standing,
        database=database,
        recipients=recipients,
        csv=csv,
        may_fork=may_fork,
    )


def write_report(edition: Edition, form: ReportFormat, file: Path | None) -> None:
    """Write the report to stdout or whole into a file, in place of what was there."""
    demand_no_terminal(file, form.name, is_binary=form.is_binary)
    write_result(form.printer().print_report(edition), file)
