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
from sordiff.fetch.settings import FetchSettings, show_url
from sordiff.fetch.timing import Timing
from sordiff.service.fetch.fetch import fetch

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
