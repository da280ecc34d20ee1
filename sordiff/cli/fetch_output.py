"""Fetching, for `fetch` and `run`: the clock, the bar of progress, and what is said."""

import random
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.message_log import MessageLog
from sordiff.cli.output import say_note, say_warning, show_progress
from sordiff.fetch.fetch import Fetched, Watch
from sordiff.fetch.receipt_day import ReceiptDay
from sordiff.fetch.settings import FetchSettings, show_url
from sordiff.fetch.timing import Timing
from sordiff.model import Day
from sordiff.service.fetch.fetch import fetch
from sordiff.service.fetch.table_day import find_table_day
from sordiff.service.ingest.candidate import IngestOptions

_MEGABYTE: Final = 1_000_000


def bring(settings: FetchSettings, urls: tuple[str, ...], log: MessageLog | None = None) -> Fetched:
    """Fetch what is new, and say on stderr, or in the log, what was done."""
    settings = replace(settings, urls=urls)
    with show_progress("said.fetching") as progress:
        name = show_url(urls[0]) if urls else ""
        shown = None if progress is None else lambda size, of: progress(name, size, of)
        watch = Watch(progress=shown, tell=say_note)
        found = fetch(Path(settings.dir), settings, _timing(), watch)
    for warning in found.warnings:
        say_warning(warning)
    _tell(found, log)
    return found


def choose_options(
    options: IngestOptions, settings: FetchSettings, file: Path, *, is_meant: bool
) -> IngestOptions:
    """How a file of the folder is taken; one that an earlier call left is not what options mean."""
    if not is_meant:
        options = replace(options, accept=False, snapshot_date=None)
    found = None if options.snapshot_date else find_table_day(settings, file)
    return options if found is None else replace(options, snapshot_date=_tell_day(file, found))


def _tell_day(file: Path, found: ReceiptDay) -> Day | None:
    """Say for which day a table is taken, and why; or why that is not known."""
    if found.day is not None:
        words = find_spoken_catalogue()
        by = "said.day_modified" if found.modified else "said.day_named"
        say_note(words.say(by, file=str(file), day=found.day))
        return Day(found.day)
    if found.modified and found.named:
        say_warning(
            f"{file} is not taken: its address has the day {found.named}, and Last-Modified "
            f"{found.modified}"
        )
    return None


def _tell(found: Fetched, log: MessageLog | None) -> None:
    words = find_spoken_catalogue()
    if log is not None:
        log.note_done(
            outcome="fetched" if found.is_new else "unchanged",
            file=str(found.path),
            url=found.url,
            bytes=found.size,
            resumed_from=found.resumed_from or None,
        )
        return
    if not found.is_new:
        say_note(words.say("said.unchanged", url=found.url))
        return
    megabytes = words.decimal(found.size / _MEGABYTE)
    say_note(words.say("said.fetched", url=found.url, megabytes=megabytes))


def _timing() -> Timing:
    return Timing(
        now=lambda: datetime.now(timezone.utc),
        elapsed=time.monotonic,
        sleep=time.sleep,
        chance=random.SystemRandom().random,
    )
