"""Blocks of events as they are sent: read once for all who ask for the same."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final

from msgspec import Struct

from sordiff.changelog import QuerySession, ServedChangelog
from sordiff.changelog.identity import identify_state
from sordiff.events import EVENT_TYPES
from sordiff.http.epoch import find_current_epoch
from sordiff.http.parameters import EventsSelected
from sordiff.http.problem import RequestRefused
from sordiff.http.request_reader import RequestReader
from sordiff.model import SorId
from sordiff.reconcile.kept_list import ListMembers
from sordiff.service.query.event_pages import (
    EventFilter,
    EventPage,
    SequenceGone,
    demand_sequence,
    find_event_id,
    read_event_page,
)
from sordiff.service.reconcile.members import demand_kept, find_members
from sordiff.wire import CloudEvent, find_short_name, pad_sequence

# What SQLite holds; no sequence will ever be larger.
_LARGEST: Final = 2**63 - 2

# So many events of one stretch are read faster than a thread is found for it.
_FEW: Final = 200
_ALL: Final = EventFilter()

Encode = Callable[[Sequence[CloudEvent]], bytes]


class BlockAsked(Struct, frozen=True, kw_only=True):
    """The events after the sequence `since`, at most `limit`, and how they are to be encoded.

    `seen`: the id of the event with that sequence, where the client told it or was told of it.
    """

    wanted: EventFilter
    since: int
    seen: str | None = None
    limit: int
    encode: Encode


class EventBlock(Struct, frozen=True, kw_only=True):
    """Some events, encoded; `after`, `more` and `epoch` as those of a page.

    `seen`: the id of the event with the sequence `after`.
    """

    body: bytes
    count: int
    after: int
    seen: str | None
    more: bool
    epoch: int


async def read_block(
    reader: RequestReader, asked: BlockAsked, *, patiently: bool = False
) -> EventBlock:
    """The block that is asked for; RequestRefused where the sequence is gone.

    `patiently`: it is read once for many, and waits for a thread however many others do.
    """

    def read(changelog: ServedChangelog) -> EventBlock:
        with changelog.open_to_query() as session:
            _demand(session, changelog, asked)
            page = read_event_page(session, asked.wanted, asked.since, asked.limit, members_of)
            return EventBlock(
                body=asked.encode(page.events),
                count=len(page.events),
                after=page.after,
                seen=_find_seen(session, asked, page),
                more=page.more,
                epoch=find_current_epoch(reader, session),
            )

    def members_of(session: QuerySession, name: str) -> ListMembers:
        return find_list_members(reader, session, name)

    is_small = asked.limit <= _FEW and asked.wanted == _ALL
    if is_small and not patiently:
        return await reader.read_at_once(read)
    return await reader.read_once(asked, read, patiently=patiently)


def find_list_members(reader: RequestReader, session: QuerySession, name: str) -> ListMembers:
    """The units and numbers of a kept list, by the register as it stands."""
    kept = demand_kept(session, name)
    mark = (kept.kept_at, identify_state(session))
    return reader.find_once(("list", name), mark, lambda: find_members(session, kept))


def build_filter(asked: EventsSelected) -> EventFilter:
    """The filter of a request; RequestRefused for a type that there is not."""
    name = asked.event_type and find_short_name(asked.event_type)
    if name is not None and name not in EVENT_TYPES:
        known = ", ".join(EVENT_TYPES)
        message = f"{asked.event_type} is none of: {known}."
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "parameters", message)
    return EventFilter(
        event_type=name,
        subject=asked.subject,
        under=None if asked.under is None else SorId(asked.under),
        own_list=asked.own_list,
    )


def parse_sequence(digits: str) -> int:
    """A sequence, padded or not."""
    return min(int(digits), _LARGEST)


def _demand(session: QuerySession, changelog: ServedChangelog, asked: BlockAsked) -> None:
    try:
        demand_sequence(session, changelog, asked.since, asked.seen)
    except SequenceGone as gone:
        raise RequestRefused(
            HTTPStatus.GONE,
            "sequence_gone",
            gone.message,
            advice=gone.advice,
            last_sequence=pad_sequence(gone.last),
        ) from gone


def _find_seen(session: QuerySession, asked: BlockAsked, page: EventPage) -> str | None:
    """The id of the event behind which the next page begins; mostly it is at hand."""
    last = page.events[-1] if page.events else None
    if last is not None and last.sequence == pad_sequence(page.after):
        return last.id
    if asked.seen is not None and page.after == asked.since:
        return asked.seen
    return find_event_id(session, page.after)
