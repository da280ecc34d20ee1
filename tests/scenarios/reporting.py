"""The reports of a story: each night alone, and all of them as one."""

from pathlib import Path

from sordiff.render.language import LANGUAGES, Catalogue
from sordiff.render.report.text import report_text
from sordiff.render.text.colour import Paint
from sordiff.report import Asked, Report
from sordiff.report.request import SHOWN_TO_PEOPLE
from sordiff.service.query.report import read_report
from sordiff.store.changelog import SqliteChangelog

WIDTH = 100


def questions(database: Path, limit: int | None = SHOWN_TO_PEOPLE) -> dict[str, Asked]:
    """What is asked of a story, as one would on the command line."""
    with SqliteChangelog(database).open_to_read() as session:
        runs = list(session.runs.iterate())
    asked = {f"--run {run.id}": Asked(run=run.id, limit=limit) for run in runs[1:]}
    if len(runs) > 2:
        since = runs[1].header.snapshot_date
        asked[f"--since {since}"] = Asked(since=since, limit=limit)
    return asked


def as_text(report: Report, language: str) -> str:
    lines = report_text(report, Catalogue(language), Paint(wanted=False, width=WIDTH))
    return "".join(f"{line}\n" for line in lines)


def reports(database: Path) -> dict[str, str]:
    """The golden files of a story's reports, by name."""
    told = {
        words: read_report(SqliteChangelog(database), asked)
        for words, asked in questions(database).items()
    }
    return {
        f"report.{language}.txt": "\n".join(
            f"=== sordiff report {words}\n{as_text(report, language)}"
            for words, report in told.items()
        )
        for language in LANGUAGES
    }
