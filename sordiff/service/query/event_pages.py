"""Events page by page: nothing is skipped and nothing comes twice, whatever nights arrive.

A place between two pages is a sequence: each page begins behind it. A place that this changelog
never reached is that of another one, or of one that was restored since: it is gone.
"""

from collections.abc import Callable
from itertools import islice

from msgspec import UNSET, Struct
from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog, QuerySession, Session
from sordiff.changelog.records import EventQuery
from sordiff.errors import SordiffError
from sordiff.model import SorId
from sordiff.reconcile.kept_list import ListMembers
from sordiff.report import Restoration
from sordiff.service.query.placement import Placement
from sordiff.wire import CloudEvent, decode

# So many events are looked at for a page at most, so that a rare one keeps nobody waiting.
MOST_SCANNED = 5_000


class EventFilter(Struct, frozen=True, kw_only=True):
    """Which events are wanted; what is None is not asked for.

    `event_type` is a short name; `under` the top of a subtree; `own_list` the name of a kept list;
    `published` and `histories` are those of EventQuery.
    """

    event_type: str | None = None
    subject: str | None = None
    under: SorId | None = None
    own_list: str | None = None
    published: bool = False
    histories: bool = False


class EventPage(Struct, frozen=True, kw_only=True):
    """Some events in order; the next page begins behind the sequence `after`.

    `more`: there is a next page already.
    """

    events: tuple[CloudEvent, ...]
    after: int
    more: bool


class SequenceGone(SordiffError):
    """A sequence that this changelog does not have; `last` is the last one that it has."""

    def __init__(self, message: str, *, advice: str, last: int) -> None:
        super().__init__(message, advice=advice)
        self.last = last


def read_event_page(
    session: QuerySession,
    wanted: EventFilter,
    since: int,
    limit: int,
    find_members: Callable[[QuerySession, str], ListMembers],
) -> EventPage:
    """The first events after a sequence, at most `limit`.

    A page can be shorter, or empty, and yet be followed by others: see `more`.
    """
    query = EventQuery(
        since=since,
        event_type=wanted.event_type,
        subject=wanted.subject,
        limit=limit + 1,
        published=wanted.published,
        histories=wanted.histories,
    )
    if wanted.under is None and wanted.own_list is None:
        return _read_wide_page(session, query, limit)
    query = replace(query, limit=MOST_SCANNED + 1)
    members = find_members(session, wanted.own_list) if wanted.own_list is not None else None
    placement = Placement(session, since) if wanted.under is not None else None
    # Before the events are read: what arrives meanwhile is of the next page.
    last = find_last_sequence(session)
    found: list[CloudEvent] = []
    after = since
    told = session.events.select(query)
    for event in islice(told, MOST_SCANNED):
        if len(found) == limit:
            return EventPage(events=tuple(found), after=after, more=True)
        after = _read_sequence(event)
        if _is_wanted(event, after, wanted, members, placement):
            found.append(event)
    if next(told, None) is not None:
        return EventPage(events=tuple(found), after=after, more=True)
    return EventPage(events=tuple(found), after=max(after, last), more=False)


def _read_wide_page(session: QuerySession, query: EventQuery, limit: int) -> EventPage:
    """A page of which every event that is looked at is wanted."""
    last = find_last_sequence(session)
    found = tuple(session.events.select(query))
    if len(found) > limit:
        found = found[:limit]
        return EventPage(events=found, after=_read_sequence(found[-1]), more=True)
    after = _read_sequence(found[-1]) if found else query.since
    return EventPage(events=found, after=max(after, last), more=False)


def _is_wanted(
    told: CloudEvent,
    sequence: int,
    wanted: EventFilter,
    members: ListMembers | None,
    placement: Placement | None,
) -> bool:
    event = decode(told.type, told.subject, bytes(told.data))
    if members is not None and not members.concerns(event):
        return False
    top = wanted.under
    return placement is None or top is None or placement.concerns(event, sequence, top)


def demand_sequence(
    session: QuerySession, changelog: QueryableChangelog, since: int, seen: str | None = None
) -> None:
    """Raise SequenceGone for a place that this changelog never reached, or has lost.

    `seen`: the id of the event there, as the client has it. An id is the same wherever the same
    nights are compared, so that another one is of another history with the same sequences.
    """
    if since == 0:
        return
    there = find_event_id(session, since)
    if there is not None and seen in {None, there}:
        return
    last = find_last_sequence(session)
    advice = "Read the units anew, and go on from the last sequence."
    restored = changelog.find_restoration()
    if restored is not None:
        message = _describe_restoration(restored)
    elif there is not None:
        message = (
            f"The event with the sequence {since} is another one than was read before:"
            " the changelog was restored, and gave its sequences again."
        )
    elif since > last:
        message = (
            f"The last sequence is {last}, and {since} is beyond it:"
            " the changelog may have been restored."
        )
    else:
        message = f"The changelog has no event with the sequence {since}: it was lost."
    raise SequenceGone(message, advice=advice, last=last)


def _describe_restoration(restored: Restoration) -> str:
    return (
        f"The changelog is a restored backup: it ends with sequence {restored.last_sequence},"
        f" and sequence {restored.given_sequence} was given already."
    )


def find_event_id(session: QuerySession, sequence: int) -> str | None:
    """The id of the event with a sequence; None where there is none."""
    if sequence == 0:
        return None
    there = next(session.events.select(EventQuery(since=sequence - 1, limit=1)), None)
    return None if there is None or _read_sequence(there) != sequence else there.id


def find_last_sequence(session: Session) -> int:
    """The sequence of the last event there is; 0 where there is none."""
    run = session.runs.find_last_accepted()
    while run is not None and run.last_sequence is None:
        run = session.runs.find(session.runs.find_previous_accepted_id(run.id))
    return (run and run.last_sequence) or 0


def _read_sequence(event: CloudEvent) -> int:
    """The sequence of an event of an accepted run."""
    return 0 if event.sequence is UNSET else int(event.sequence)
