"""`sordiff publish --follow`: publishes what new runs bring, and outlives a failure of the sink."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sordiff.changelog import Changelog
from sordiff.errors import Locked, NotPublished, SordiffError
from sordiff.event_sink import EventSink
from sordiff.report import PublishedRow
from sordiff.service.publish.publish import publish_waiting_runs
from sordiff.service.publish.sending import PublishOptions

_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 60.0


def follow_changelog(
    changelog: Changelog,
    sinks: Sequence[EventSink],
    options: PublishOptions,
    wait: Callable[[float], None],
) -> Iterator[PublishedRow | SordiffError]:
    """What goes out, and what stood in the way for now; without end.

    The lock is held only while something is sent. A fault that somebody must put right ends it.
    """
    changelog.upgrade()  # so that it can be read
    pause = _PAUSE_SECONDS
    while True:
        failed = False
        for sink in sinks:
            try:
                if has_waiting(changelog, sink):
                    yield from publish_waiting_runs(changelog, sink, options)
            except (NotPublished, Locked) as error:
                yield error
                failed = True
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS) if failed else _PAUSE_SECONDS
        wait(pause)


def has_waiting(changelog: Changelog, sink: EventSink) -> bool:
    """Whether anything is recorded that the sink does not have yet."""
    with changelog.open_to_read() as session:
        backlog = session.outbox.of_sink(sink.name).count_backlog()
    return bool(backlog.runs or backlog.messages)
