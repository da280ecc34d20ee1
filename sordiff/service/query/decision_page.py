"""What somebody looks at who decides about a run."""

from collections.abc import Iterator
from typing import Final

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.report import Asked, RecordedRun
from sordiff.report.page_results import DecisionPage
from sordiff.service.query.night_pages import read_neighbours
from sordiff.service.query.report import read_report

# Of each list of changes so many samples.
SAMPLES: Final = 3
_LOOKED_BACK: Final = 60
_RIGHT_RUNS: Final = 14
_ACCEPTED: Final = frozenset({"accepted", "released"})


def read_decision_page(changelog: QueryableChangelog, run_id: int) -> DecisionPage:
    """A run with samples of its changes; SordiffError where there is none of that number."""
    run = read_neighbours(changelog, run_id).run
    report = read_report(changelog, Asked(run=run.id, limit=SAMPLES), suggests=False)
    with changelog.open_to_query() as session:
        last = session.runs.find_last_accepted()
        is_last = last is not None and last.id == run.id
        return DecisionPage(
            run=run,
            report=report,
            last=last,
            is_correctable=is_last and run.compared_with is not None,
            right_runs=tuple(_find_right(session, run)) if is_last else (),
        )


def _find_right(session: QuerySession, run: RecordedRun) -> Iterator[RecordedRun]:
    """The runs before that nobody took back, newest first, each snapshot once."""
    seen = {run.header.sha256}
    found = 0
    for number in range(run.id - 1, max(0, run.id - _LOOKED_BACK), -1):
        earlier = session.runs.find(number)
        if earlier is None or earlier.state not in _ACCEPTED or earlier.is_taken_back:
            continue
        if earlier.header.sha256 in seen:
            continue
        seen.add(earlier.header.sha256)
        yield earlier
        found += 1
        if found == _RIGHT_RUNS:
            return
