"""What `report` takes and gives: the question checked, the language found, the report written."""

import gc
import os
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import UNSET

from sordiff.cli.output import choose_paint, choose_width, write_chunks
from sordiff.errors import SordiffError
from sordiff.events import EVENT_TYPES
from sordiff.model import Day, Gln, SorId
from sordiff.render.language import catalogue
from sordiff.render.report.edition import Edition
from sordiff.render.report.formats import ReportFormat
from sordiff.render.text.colour import Paint
from sordiff.report import Asked, Report
from sordiff.wire import find_short_name

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@contextmanager
def pause_collection() -> "Iterator[None]":
    """Without looking for garbage: a report is kept until it is written, and nothing is a ring."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def write_report(report: Report, form: ReportFormat, language: str, file: Path | None) -> None:
    """Write the report to stdout or whole into a file, in place of what was there."""
    paint = Paint(wanted=False, width=choose_width(None)) if file else choose_paint(sys.stdout)
    edition = Edition(report=report, language=catalogue(language), paint=paint)
    chunks = form.printer().print_report(edition)
    if file is None:
        write_chunks(chunks)
        return
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as stream:
            stream.writelines(chunks)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        message = f"The report could not be written to {file}: {error.strerror}."
        raise SordiffError(message, advice="Give a file in a folder that is there.") from error
