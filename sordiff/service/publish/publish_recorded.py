"""Publishing what this call has recorded, while another publisher may be at work.

That one, often `publish --follow`, sends what it finds recorded, so that it may send this as well.
"""

from collections.abc import Callable, Iterator
from typing import Final

from sordiff.changelog import Changelog
from sordiff.errors import Locked, NotPublished
from sordiff.event_sink import EventSink
from sordiff.report import PublishedRow
from sordiff.service.publish.follow import has_waiting
from sordiff.service.publish.publish import publish_waiting_runs
from sordiff.service.publish.sending import PublishOptions

_PAUSE_SECONDS: Final = 0.25
_PAUSES: Final = 40


def publish_recorded_runs(
    changelog: Changelog,
    sink: EventSink,
    options: PublishOptions,
    wait: Callable[[float], None],
) -> Iterator[PublishedRow]:
    """As `publish_waiting_runs`; another publisher is waited for, until it has sent all or ended.

    Raises NotPublished where that takes more than ten seconds: it is recorded all the same.
    """
    for _ in range(_PAUSES):
        try:
            yield from publish_waiting_runs(changelog, sink, options)
        except Locked:
            if not has_waiting(changelog, sink):
                return
        else:
            return
        wait(_PAUSE_SECONDS)
    message = f"{sink.place} is in use: another sordiff is still publishing there."
    advice = "All is recorded. What that one leaves is published by the next `sordiff publish`."
    raise NotPublished(message, advice=advice)
