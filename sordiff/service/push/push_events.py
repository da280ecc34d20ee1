"""Sending events to one subscriber: in order, each until it is taken, from where it left off.

A subscriber that is away is asked again and again, and nothing is left out. An event that it
refuses several times becomes a dead letter, so that it does not keep back all others.
"""

from collections.abc import Callable
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from sordiff.changelog import QuerySession, ServedChangelog
from sordiff.errors import SordiffError
from sordiff.reconcile.kept_list import ListMembers
from sordiff.report import DeadLetter, WebhookPosition
from sordiff.service.query.event_pages import (
    EventFilter,
    EventPage,
    demand_sequence,
    find_event_id,
    read_event_page,
)
from sordiff.webhooks.outcome import Accepted, Outcome, Refused
from sordiff.wire import CloudEvent, encode_canonically

_PAGE: Final = 100
_SHORTEST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_LOOK_SECONDS: Final = 1.0
# A changelog that failed may be whole again in a moment.
_AGAIN_SECONDS: Final = 5.0
_MOST_DEAD: Final = 1_000


class Positions(Protocol):
    """Where the position of the subscriber is kept."""

    def read(self) -> WebhookPosition | None:
        """The position; None where nothing was ever sent."""

    def write(self, position: WebhookPosition) -> None:
        """Keep it for good."""


class Subscription(Struct, frozen=True, kw_only=True):
    """A subscriber: what it wants, how it is sent, and who waits between.

    `send` posts the id and the body of an event. `wait` waits so many seconds, and says whether to
    end. `since` is where a new one begins; after so many `refusals` an event is a dead letter.
    """

    name: str
    wanted: EventFilter
    since: int
    refusals: int
    positions: Positions
    send: Callable[[str, bytes], Outcome]
    wait: Callable[[float], bool]
    clock: Callable[[], str]
    find_members: Callable[[QuerySession, str], ListMembers]


class _EndedError(Exception):
    """It is to end."""


def push_events(changelog: ServedChangelog, subscription: Subscription) -> None:
    """Send what comes, until it is to end; SordiffError where its position can't be read."""
    pusher = _Pusher(changelog, subscription)
    try:
        while True:
            pusher.push_page()
    except _EndedError:
        return


class _Pusher:
    def __init__(self, changelog: ServedChangelog, subscription: Subscription) -> None:
        self._changelog = changelog
        self._subscription = subscription
        known = subscription.positions.read()
        self._position = known or WebhookPosition(
            name=subscription.name, sequence=subscription.since
        )
        # Nothing is sent that could not be noted: it would be sent again and again.
        subscription.positions.write(self._position)

    def push_page(self) -> None:
        """Send the next events, or wait for some."""
        mark = self._changelog.read_mark()
        try:
            page, last_id = self._read_page()
        except SordiffError as error:
            self._note(reason=error.message)
            self._wait(_AGAIN_SECONDS)
            return
        for event in page.events:
            self._deliver(event)
        if page.after > self._position.sequence:
            self._advance(page.after, last_id)
        while not page.more and self._changelog.read_mark() in {mark, None}:
            self._wait(_LOOK_SECONDS)

    def _read_page(self) -> tuple[EventPage, str | None]:
        """The next events, and the id of the last one that was looked at.

        Raise where the changelog no longer has what the subscriber has.
        """
        at = self._position
        with self._changelog.open_to_query() as session:
            demand_sequence(session, self._changelog, at.sequence, at.event_id)
            page = read_event_page(
                session,
                self._subscription.wanted,
                at.sequence,
                _PAGE,
                self._subscription.find_members,
            )
            return page, find_event_id(session, page.after)

    def _deliver(self, event: CloudEvent) -> None:
        """Until it is taken, or has been refused too often."""
        body = encode_canonically(event)
        pause, refusals = _SHORTEST_PAUSE, 0
        while True:
            outcome = self._subscription.send(event.id, body)
            if isinstance(outcome, Accepted):
                self._advance(int(str(event.sequence)), event.id, delivered=True)
                return
            if isinstance(outcome, Refused):
                refusals += 1
                if refusals >= self._subscription.refusals:
                    self._bury(event, outcome.reason)
                    return
            asked = 0 if isinstance(outcome, Refused) else outcome.seconds
            self._note(reason=outcome.reason)
            self._wait(min(max(pause, asked), _LONGEST_PAUSE))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _advance(self, sequence: int, event_id: str | None, *, delivered: bool = False) -> None:
        at = self._subscription.clock() if delivered else self._position.delivered_at
        self._keep(
            replace(
                self._position,
                sequence=sequence,
                event_id=event_id,
                delivered_at=at,
                failing_since=None,
                reason=None,
            )
        )

    def _bury(self, event: CloudEvent, reason: str) -> None:
        letter = DeadLetter(
            sequence=int(str(event.sequence)),
            event_id=event.id,
            type=event.type,
            subject=event.subject,
            at=self._subscription.clock(),
            reason=reason,
        )
        dead = (*self._position.dead_letters, letter)[-_MOST_DEAD:]
        self._position = replace(self._position, dead_letters=dead)
        self._advance(letter.sequence, event.id)

    def _note(self, *, reason: str) -> None:
        """That nothing gets through, and since when."""
        if self._position.reason == reason:
            return
        since = self._position.failing_since or self._subscription.clock()
        self._keep(replace(self._position, failing_since=since, reason=reason))

    def _keep(self, position: WebhookPosition) -> None:
        self._position = position
        self._subscription.positions.write(position)

    def _wait(self, seconds: float) -> None:
        if self._subscription.wait(seconds):
            raise _EndedError
