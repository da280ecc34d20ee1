"""What `report` takes and gives: the question checked, the language found, the report written."""

import gc
import os
import sys
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer

from sordiff.cli.output import paint_for, wanted_width, write_chunks
from sordiff.errors import SordiffError
from sordiff.events import EVENT_TYPES
from sordiff.model import Day, Gln, SorId
from sordiff.report import Asked, Report
from sordiff.wire import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator


def asked_for(
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
) -> Asked:
    """The question, where it is one."""
    if sum(given is not None for given in (run, date, since or until)) > 1:
        message = "give one of --run, --date and --since/--until."
        raise typer.BadParameter(message, param_hint="--run, --date, --since")
    name = event_type and short_name(event_type)
    if name is not None and name not in EVENT_TYPES:
        known = ", ".join(EVENT_TYPES)
        raise typer.BadParameter(f"{event_type} is none of: {known}.", param_hint="--type")
    return Asked(
        run=run,
        since=wanted_day(date, "--date") or wanted_day(since, "--since"),
        until=wanted_day(date, "--date") or wanted_day(until, "--until"),
        type=name,
        under=None if under is None else SorId(under),
        unit=None if unit is None else SorId(unit),
        number=None if number is None else Gln(number),
        folded=folded,
        limit=limit,
    )


def wanted_day(text: str | None, option: str) -> Day | None:
    """A day that was given with an option, or nothing."""
    if text is None:
        return None
    try:
        return Day(date.fromisoformat(text).isoformat())
    except ValueError as error:
        message = f"{text} is no day such as 2024-03-06."
        raise typer.BadParameter(message, param_hint=option) from error


@contextmanager
def uncollected() -> "Iterator[None]":
    """Without looking for garbage: a report is kept until it is written, and nothing is a ring."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def write_report(report: Report, form: str, language: str, file: Path | None) -> None:
    """Write the report to stdout or whole into a file, in place of what was there."""
    chunks = _rendered(report, form, language, sys.stdout if file is None else None)
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


def _rendered(
    report: Report, form: str, language: str, screen: IO[Any] | None
) -> "Iterable[bytes]":
    from sordiff.render.language import catalogue
    from sordiff.render.text.colour import Paint

    match form:
        case "json":
            from sordiff.render.report.json import report_json

            return [report_json(report)]
        case "csv":
            from sordiff.render.report.csv import report_csv

            return report_csv(report)
        case "html":
            from sordiff.render.report.html import report_html

            return [report_html(report, language)]
        case "markdown":
            from sordiff.render.report.markdown import report_markdown

            return _encoded(report_markdown(report, catalogue(language)))
        case _:
            from sordiff.render.report.text import report_text

            paint = paint_for(screen) if screen else Paint(wanted=False, width=wanted_width(None))
            return _encoded(report_text(report, catalogue(language), paint))


def _encoded(lines: "Iterable[str]") -> "Iterator[bytes]":
    for line in lines:
        yield f"{line}\n".encode("utf-8", errors="replace")
