"""Runs and their reports: `/v1/runs`."""

from http import HTTPStatus

from sordiff.changelog import ServedChangelog
from sordiff.http.answer import Answer, build_json_answer, build_link
from sordiff.http.parameters import ReportAsked, RunAsked, RunsAsked
from sordiff.http.problem import RequestRefused
from sordiff.http.request_reader import RequestReader
from sordiff.model import SorId
from sordiff.report import Asked
from sordiff.service.query.report import read_report


async def answer_runs(reader: RequestReader, asked: RunsAsked) -> Answer:
    """The newest runs, or those before one, newest first."""

    def read(changelog: ServedChangelog) -> Answer:
        with changelog.open_to_read() as session:
            last = session.runs.find_last()
            newest = 0 if last is None else last.id
            first = min(newest, (asked.before or newest + 1) - 1)
            found = [
                session.runs.find(run) for run in range(first, max(0, first - asked.limit), -1)
            ]
        headers = {}
        if first > asked.limit:
            parameters = {"before": first - asked.limit + 1, "limit": asked.limit}
            headers["Link"] = build_link("/v1/runs", parameters)
        return build_json_answer([run for run in found if run is not None], headers)

    return await reader.read_once(asked, read)


async def answer_run(reader: RequestReader, asked: RunAsked) -> Answer:
    """One run, whatever its state."""

    def read(changelog: ServedChangelog) -> Answer:
        with changelog.open_to_read() as session:
            run = session.runs.find(asked.run)
        if run is None:
            raise _build_unknown(asked.run)
        return build_json_answer(run)

    return await reader.read_once(asked, read)


async def answer_report(reader: RequestReader, asked: ReportAsked) -> Answer:
    """The report of one run, as `sordiff report --run N --format json` writes it."""

    def read(changelog: ServedChangelog) -> Answer:
        with changelog.open_to_read() as session:
            if not session.runs.exists(asked.run):
                raise _build_unknown(asked.run)
        under = None if asked.under is None else SorId(asked.under)
        wanted = Asked(run=asked.run, under=under, limit=asked.limit)
        return build_json_answer(read_report(changelog, wanted))

    return await reader.read_once(asked, read)


def _build_unknown(run: int) -> RequestRefused:
    message = f"There is no run {run}."
    return RequestRefused(HTTPStatus.NOT_FOUND, "unknown", message, advice="/v1/runs lists them.")
