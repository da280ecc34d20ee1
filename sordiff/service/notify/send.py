"""Send the notices that wait, for `sordiff run`; what was not delivered waits on."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from sordiff.changelog import Changelog
from sordiff.notices.metrics import write_metrics
from sordiff.notices.notice import Notice
from sordiff.notices.send import deliver_notices
from sordiff.render.language import ENGLISH, catalogue
from sordiff.service.query.status import metrics_of
from sordiff.settings import Settings

_STALE: Final = timedelta(days=7)


def send_notices(
    changelog: Changelog, settings: Settings, *, now: str, duration_seconds: float | None = None
) -> tuple[str, ...]:
    """Send what waits, note what was heard, and write the metrics; a sentence for each failure.

    The changelog is closed while notices are sent, which may take minutes. What has waited for more
    than a week is old news: it is noted as sent without being sent.
    """
    with changelog.open_to_write() as session:
        waiting = [
            (number, msgspec.json.decode(text, type=Notice))
            for number, text in session.notices.list_unsent()
        ]
    oldest = (datetime.fromisoformat(now) - _STALE).isoformat()
    news = [(number, notice) for number, notice in waiting if notice.at >= oldest]
    words = catalogue(settings.notices.lang or settings.lang or ENGLISH)
    told = deliver_notices(
        [notice for _, notice in news], settings.notices, translate=words.sentence
    )
    unheard = {number for (number, _), heard in zip(news, told.delivered, strict=True) if not heard}
    with changelog.open_to_write() as session:
        with session.transaction():
            done = [number for number, _ in waiting if number not in unheard]
            session.notices.mark_sent(done, now)
        metrics = metrics_of(session, now=now, duration_seconds=duration_seconds)
    return (*told.failures, *write_metrics(metrics, settings.notices))
