"""Notices that wait are sent, by `sordiff run`; what was heard is noted, the rest waits on."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from sordiff.notices.metrics import write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.send import tell
from sordiff.render.language import ENGLISH, catalogue
from sordiff.service.query.status import metrics_of
from sordiff.settings import Settings
from sordiff.store import notices
from sordiff.store.database import opened_to_write, transaction

_STALE: Final = timedelta(days=7)


def send_notices(
    database: Path, settings: Settings, *, now: str, duration_seconds: float | None = None
) -> tuple[str, ...]:
    """Send what waits, note what was heard, and write the metrics; a sentence for each failure.

    The database is closed while notices are sent, which may take minutes. What has waited for more
    than a week is old news: it is noted as sent without being sent.
    """
    with opened_to_write(database) as connection:
        waiting = [
            (number, msgspec.json.decode(text, type=Notice))
            for number, text in notices.unsent(connection)
        ]
    oldest = (datetime.fromisoformat(now) - _STALE).isoformat()
    news = [(number, notice) for number, notice in waiting if notice.at >= oldest]
    words = catalogue(settings.notices.lang or settings.lang or ENGLISH)
    told = tell([notice for _, notice in news], settings.notices, translate=words.sentence)
    unheard = {number for (number, _), heard in zip(news, told.heard, strict=True) if not heard}
    with opened_to_write(database) as connection:
        with transaction(connection):
            done = [number for number, _ in waiting if number not in unheard]
            notices.mark_sent(connection, done, now)
        metrics = metrics_of(connection, now=now, duration_seconds=duration_seconds)
    return (*told.failures, *write_metrics(metrics, settings.notices))
