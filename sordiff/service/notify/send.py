"""Send the notices that wait, for `sordiff run`; what was not delivered waits on.

Whoever sends a notice has claimed it, so that calls that overlap send it once. A claim outlasts the
time-outs of the delivery and then expires: what a killed call had claimed, the next one sends. So a
notice is delivered at least once, and twice only if a call dies between delivery and mark.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from sordiff.changelog import Changelog, WriteSession
from sordiff.notices.metrics import write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.send import deliver_notices
from sordiff.notices.settings import NoticeSettings
from sordiff.render.language import ENGLISH, catalogue
from sordiff.service.ingest.snapshot_problems import find_problem
from sordiff.service.query.status import read_metrics
from sordiff.settings import Settings

_STALE: Final = timedelta(days=7)
# For what is done beside the delivery.
_MARGIN: Final = timedelta(minutes=1)


def send_notices(
    changelog: Changelog, settings: Settings, *, now: str, duration_seconds: float | None = None
) -> tuple[str, ...]:
    """Send what waits, note what was heard, and write the metrics; a sentence for each failure.

    The changelog is closed while notices are sent, which may take minutes. What has waited for more
    than a week is old news: it is noted as sent without being sent.
    """
    with changelog.open_to_write() as session, session.transaction():
        claimed, until = _claim(session, settings.notices, now)
    oldest = (datetime.fromisoformat(now) - _STALE).isoformat()
    news = [(number, notice) for number, notice in claimed if notice.at >= oldest]
    words = catalogue(settings.notices.lang or settings.lang or ENGLISH)
    unheard: set[int] = set()
    failures: list[str] = []
    for channels, some in _by_receiver(news, settings.notices):
        told = deliver_notices([notice for _, notice in some], channels, translate=words.sentence)
        failures += told.failures
        unheard.update(
            number for (number, _), heard in zip(some, told.delivered, strict=True) if not heard
        )
    with changelog.open_to_write() as session:
        with session.transaction():
            done = [number for number, _ in claimed if number not in unheard]
            session.notices.mark_sent(done, now)
            session.notices.unclaim(unheard, until)
        metrics = read_metrics(session, now=now, duration_seconds=duration_seconds)
        metrics = msgspec.structs.replace(metrics, snapshot_problem=bool(find_problem(session)))
    return (*failures, *write_metrics(metrics, settings.notices))


def _by_receiver(
    news: Iterable[tuple[int, Notice]], settings: NoticeSettings
) -> Iterator[tuple[NoticeSettings, list[tuple[int, Notice]]]]:
    """The notices for everybody, then those of each list; of a list that nobody gets, none."""
    found: dict[str | None, list[tuple[int, Notice]]] = defaultdict(list)
    for number, notice in news:
        found[notice.list or None].append((number, notice))
    for name, some in found.items():
        channels = settings if name is None else settings.of_list(name)
        if channels is not None:
            yield channels, some


def _claim(
    session: WriteSession, settings: NoticeSettings, now: str
) -> tuple[list[tuple[int, Notice]], str]:
    """Those that nobody else is sending, for as long as sending them may take; and until when."""
    waiting = dict(session.notices.list_unsent())
    ways = [settings, *filter(None, map(settings.of_list, settings.lists))]
    longest = sum(way.longest_delivery(len(waiting)) for way in ways)
    lasts = timedelta(seconds=longest) + _MARGIN
    until = (datetime.fromisoformat(now) + lasts).isoformat(timespec="seconds")
    claimed = [
        (number, msgspec.json.decode(waiting[number], type=Notice))
        for number in session.notices.claim(waiting, now, until)
    ]
    return claimed, until
