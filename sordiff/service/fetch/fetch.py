"""Fetch the extract into a folder, and judge what came as snapshots are judged."""

from pathlib import Path

from sordiff.errors import SordiffError
from sordiff.fetch.fetch import Fetched, FetchJob, Watch, fetch_extract
from sordiff.fetch.folder import FetchFolder
from sordiff.fetch.settings import FetchSettings
from sordiff.fetch.timing import Timing
from sordiff.snapshot import judge_arrival


def fetch(folder: Path, settings: FetchSettings, timing: Timing, watch: Watch) -> Fetched:
    """Fetch what is new from `urls` of the settings, or find that nothing is.

    SordiffError where there is no address; else as `fetch_extract`.
    """
    if not settings.urls:
        message = "There is no address to fetch from."
        advice = "Set urls in [fetch] of sordiff.toml; `sordiff fetch` also takes --url."
        raise SordiffError(message, advice=advice)
    job = FetchJob(
        urls=settings.urls, settings=settings, timing=timing, judge=judge_arrival, watch=watch
    )
    found = FetchFolder(folder)
    with found.lock():
        return fetch_extract(job, found)
