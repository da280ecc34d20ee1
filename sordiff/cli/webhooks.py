"""The subscribers of `sordiff serve`: a thread for each, which posts events as they come."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sordiff.cli.clock import read_clock
from sordiff.cli.output import say_error
from sordiff.errors import SordiffError
from sordiff.events import EVENT_TYPES
from sordiff.model import SorId
from sordiff.service.push.push_events import Subscription, push_events
from sordiff.service.query.event_pages import EventFilter
from sordiff.service.reconcile.members import demand_kept, find_members
from sordiff.webhooks.delivery import WebhookSender
from sordiff.webhooks.position_file import PositionFile
from sordiff.webhooks.settings import WebhookSettings
from sordiff.wire import find_short_name

if TYPE_CHECKING:
    from sordiff.changelog import Changelog, QuerySession, ServedChangelog
    from sordiff.reconcile.kept_list import ListMembers

_LAST_SECONDS = 5
_AGAIN_SECONDS = 5


@contextmanager
def lock_subscribers(changelog: "Changelog", names: Mapping[str, object]) -> Iterator[None]:
    """Be the only one that sends to these subscribers; Locked where another does.

    Before the changelog is kept open: to look at its file would lose SQLite's locks of this
    process.
    """
    with ExitStack() as locks:
        for name in names:
            locks.enter_context(changelog.lock_publisher(f"webhook:{name}"))
        yield


@contextmanager
def send_to_subscribers(
    changelog: "ServedChangelog", database: Path, webhooks: Mapping[str, WebhookSettings]
) -> Iterator[None]:
    """Send while the block runs; SordiffError where a subscriber's settings are wrong."""
    ending = threading.Event()
    with ExitStack() as stack:
        threads = []
        for name, settings in webhooks.items():
            sender = WebhookSender(name, settings)
            stack.callback(sender.close)
            subscription = _build_subscription(database, name, settings, sender, ending)
            subscription.positions.read()  # a file that can't be read is told at once
            threads.append(
                threading.Thread(
                    target=_run, args=(changelog, subscription), name=f"webhook {name}", daemon=True
                )
            )
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ending.set()
            for thread in threads:
                thread.join(_LAST_SECONDS)


def _run(changelog: "ServedChangelog", subscription: Subscription) -> None:
    """Until it is to end: what fails, such as a full disk, can be put right meanwhile."""
    told = ""
    while True:
        try:
            push_events(changelog, subscription)
        except (SordiffError, OSError) as error:
            message = f"The webhook {subscription.name} has stopped: {error}."
            if message != told:
                advice = "Put it right: it is tried again every few seconds."
                say_error(SordiffError(message, advice=advice))
            told = message
        else:
            return
        if subscription.wait(_AGAIN_SECONDS):
            return


def _build_subscription(
    database: Path,
    name: str,
    settings: WebhookSettings,
    sender: WebhookSender,
    ending: threading.Event,
) -> Subscription:
    return Subscription(
        name=name,
        wanted=_build_filter(name, settings),
        since=settings.since,
        refusals=settings.refusals,
        positions=PositionFile(database, name),
        send=lambda event_id, body: sender.send(event_id, body, int(time.time())),
        wait=ending.wait,
        clock=read_clock,
        find_members=_find_members,
    )


def _find_members(session: "QuerySession", name: str) -> "ListMembers":
    return find_members(session, demand_kept(session, name))


def _build_filter(name: str, settings: WebhookSettings) -> EventFilter:
    event_type = settings.type and find_short_name(settings.type)
    if event_type is not None and event_type not in EVENT_TYPES:
        message = f"The webhook {name} wants events of type {event_type}, which there is not."
        raise SordiffError(message, advice="docs/events.md lists the types.")
    return EventFilter(
        event_type=event_type,
        subject=settings.subject,
        under=None if settings.under is None else SorId(settings.under),
        own_list=settings.list,
        published=True,
        histories=settings.history,
    )
