"""The front page, the pages of nights and of two days compared, and their downloads."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from sordiff.changelog import ServedChangelog
from sordiff.errors import SordiffError
from sordiff.http.answer import Answer
from sordiff.http.pages.links import link_known
from sordiff.http.pages.page import Asked, build_page, build_policy, refuse
from sordiff.http.pages.questions import read_day, read_id, read_number
from sordiff.http.problem import RequestRefused
from sordiff.http.request_reader import RequestReader
from sordiff.model import Day, SorId
from sordiff.render.pages.front_page import write_front
from sordiff.render.pages.night_page import NightPage, write_night_page
from sordiff.render.pages.site import build_address, link_night, render_page
from sordiff.render.report.edition import Edition
from sordiff.render.report.formats import FORMAT_BY_NAME
from sordiff.render.text.colour import Paint
from sordiff.report import Asked as AskedOfReport
from sordiff.report import Report
from sordiff.service.query.night_pages import compare_days, read_front, read_neighbours
from sordiff.service.query.report import read_report

_LARGEST_RUN: Final = 2**62
# The formats that can be kept, by the ends of their names, with their media types.
_FILES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


async def answer_front(reader: RequestReader, asked: Asked) -> Answer:
    """What the last night brought, and what waits for a decision."""
    now = reader.clock()
    visit = asked.visit

    def read(changelog: ServedChangelog) -> Answer:
        return build_page(link_known(write_front(read_front(changelog, now=now), visit), changelog))

    # By the hour: the age of the newest snapshot stands on it.
    return await reader.read_once((asked.key, now[:13]), read)


async def answer_night(reader: RequestReader, asked: Asked) -> Answer:
    """The report of a run."""
    run = read_number(asked.path["run"], _LARGEST_RUN)
    downloads = {name.upper(): f"{link_night(run)}/report.{name}" for name in _FILES}

    def read(changelog: ServedChangelog) -> Answer:
        neighbours = read_neighbours(changelog, run)
        report = read_report(changelog, AskedOfReport(run=run))
        page = write_night_page(report, asked.visit, downloads, neighbours)
        return _build_night(page, changelog)

    return await reader.read_once(asked.key, read)


async def answer_night_file(reader: RequestReader, asked: Asked) -> Answer:
    """The report of a run as a file."""
    run = read_number(asked.path["run"], _LARGEST_RUN)
    end = _read_end(asked)

    def read(changelog: ServedChangelog) -> Answer:
        read_neighbours(changelog, run)
        return _build_file(
            read_report(changelog, AskedOfReport(run=run)), asked, end, f"sor-run-{run}"
        )

    return await reader.read(read)


async def answer_compare(reader: RequestReader, asked: Asked) -> Answer:
    """Two days compared, or the questions that such a comparison needs."""
    visit = asked.visit
    if not (asked.query.get("from") and asked.query.get("to")):
        return build_page(render_page("compare.html.jinja", visit, problem=""))
    query = {name: asked.query.get(name, "") for name in ("from", "to", "under")}
    downloads = {name.upper(): build_address(f"/compare/report.{name}", query) for name in _FILES}
    try:
        first, last, under = _read_comparison(asked)
        return await reader.read(
            lambda changelog: _build_night(
                write_night_page(compare_days(changelog, first, last, under), visit, downloads),
                changelog,
            )
        )
    except SordiffError as error:
        words = visit.words
        problem = " ".join(words.sentence(text) for text in (error.message, error.advice) if text)
        body = render_page("compare.html.jinja", visit, problem=problem)
        return build_page(body, HTTPStatus.NOT_FOUND)


async def answer_compare_file(reader: RequestReader, asked: Asked) -> Answer:
    """Two days compared, as a file."""
    end = _read_end(asked)
    first, last, under = _read_comparison(asked)
    name = "-".join(filter(None, ("sor", first, last, under)))
    return await reader.read(
        lambda changelog: _build_file(compare_days(changelog, first, last, under), asked, end, name)
    )


def _read_comparison(asked: Asked) -> tuple[Day, Day, SorId | None]:
    first, last = read_day(asked, "from"), read_day(asked, "to")
    if first is None or last is None:
        raise refuse("A comparison needs two days.")
    under = asked.query.get("under", "").strip()
    return first, last, read_id(under) if under else None


def _build_night(page: NightPage, changelog: ServedChangelog) -> Answer:
    policy = build_policy(page.hashes["script"], page.hashes["style"])
    return build_page(link_known(page.body, changelog), policy=policy)


def _read_end(asked: Asked) -> str:
    stem, _, end = asked.path["file"].partition(".")
    if stem != "report" or end not in _FILES:
        message = "There is nothing at this address."
        raise RequestRefused(HTTPStatus.NOT_FOUND, "path", message)
    return end


def _build_file(report: Report, asked: Asked, end: str, name: str) -> Answer:
    edition = Edition(report=report, language=asked.visit.words, paint=Paint(wanted=False, width=0))
    try:
        body = b"".join(FORMAT_BY_NAME[end].printer().print_report(edition))
    except ModuleNotFoundError as error:
        message = "XLSX needs libraries that are not installed on the server."
        raise SordiffError(message, advice="CSV holds the same.") from error
    headers = {"Content-Disposition": f'attachment; filename="{name}.{end}"'}
    return Answer(body=body, media_type=_FILES[end], headers=headers)
