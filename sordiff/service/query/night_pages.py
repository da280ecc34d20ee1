"""What the pages of nights, of the front and of comparisons are made of."""

from datetime import date, timedelta

from sordiff.changelog import QueryableChangelog
from sordiff.errors import SordiffError
from sordiff.model import Day, SorId
from sordiff.report import Asked, Report
from sordiff.report.page_results import FrontPage, NightNeighbours
from sordiff.service.query.report import read_report
from sordiff.service.query.status import read_status


def read_front(changelog: QueryableChangelog, *, now: str) -> FrontPage:
    """The front page at a moment."""
    status = read_status(changelog, now=now)
    last, held = status.last_accepted, status.held
    with changelog.open_to_query() as session:
        return FrontPage(
            status=status,
            last=read_report(changelog, Asked(run=last.id), suggests=False) if last else None,
            alerts=tuple(session.report.list_alerts([held])) if held else (),
        )


def read_neighbours(changelog: QueryableChangelog, run_id: int) -> NightNeighbours:
    """A run between those before and after it; SordiffError where there is none of that number."""
    with changelog.open_to_read() as session:
        run = session.runs.find(run_id)
        if run is None:
            raise SordiffError(f"There is no run {run_id}.", advice="`sordiff runs` lists them.")
        before, after = run_id - 1, run_id + 1
        return NightNeighbours(
            run=run,
            before=before if session.runs.exists(before) else None,
            after=after if session.runs.exists(after) else None,
        )


def compare_days(
    changelog: QueryableChangelog, first: Day, last: Day, under: SorId | None
) -> Report:
    """What is different on the last day from what was on the first, at all levels below a unit."""
    if last <= first:
        message = f"The second day, {last}, is not later than the first, {first}."
        raise SordiffError(message, advice="Swap them.")
    since = Day((date.fromisoformat(first) + timedelta(days=1)).isoformat())
    return read_report(changelog, Asked(since=since, until=last, under=under))
