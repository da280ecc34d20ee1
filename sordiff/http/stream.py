"""Events as they come: `/v1/stream`, server-sent events.

Clients that are installed today lose ids or join events unless lines end with LF alone, the id
stands in one block with its data, and a comment that keeps the connection has no empty line behind
it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sordiff.errors import SordiffError
from sordiff.http.epoch import EPOCH_HEADER
from sordiff.http.event_blocks import (
    BlockAsked,
    EventBlock,
    build_filter,
    parse_sequence,
    read_block,
)
from sordiff.http.parameters import StreamAsked
from sordiff.http.problem import RequestRefused
from sordiff.http.request_reader import RequestReader
from sordiff.service.query.event_pages import EventFilter
from sordiff.wire import CloudEvent, encode_canonically

STREAM_TYPE: Final = "text/event-stream"
LAST_EVENT_ID: Final = "Last-Event-ID"

_LARGEST_BLOCK: Final = 100
KEEP_ALIVE_SECONDS: Final = 15
_KEEP_ALIVE: Final = b": still here\n"
_MOST_STREAMS: Final = 5_000
_LONGEST_SEQUENCE: Final = 40
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back
    "X-Content-Type-Options": "nosniff",
}


class EventStreams:
    """The streams that are open; there is an end to how many."""

    def __init__(self, reader: RequestReader, keep_alive_seconds: float) -> None:
        """`keep_alive_seconds`: so often a proxy between sees that the connection is in use."""
        self._reader = reader
        self._keep_alive_seconds = keep_alive_seconds
        self.open = 0

    async def answer(self, asked: StreamAsked, request: Request) -> Response:
        """A stream that begins behind the last event that the client has."""
        wanted, since = build_filter(asked), _find_start(asked, request)
        if self.open >= _MOST_STREAMS:
            message = "Too many streams are open."
            advice = "Ask again in a few seconds."
            raise RequestRefused(HTTPStatus.SERVICE_UNAVAILABLE, "busy", message, advice=advice)
        turn = self._reader.watch.turn
        first = await self._read(wanted, since)
        headers = {**_HEADERS, EPOCH_HEADER: str(first.epoch)}
        if request.method == "HEAD":
            return Response(headers=headers, media_type=STREAM_TYPE)
        return StreamingResponse(
            self._send(wanted, first, turn), headers=headers, media_type=STREAM_TYPE
        )

    async def _send(
        self, wanted: EventFilter, block: EventBlock, turn: int
    ) -> AsyncIterator[bytes]:
        self.open += 1
        try:
            # A client knows at once that it is heard.
            yield _KEEP_ALIVE
            # A sequence that is gone ends the stream, and so does another epoch: who comes back is
            # told of it.
            with suppress(SordiffError):
                while True:
                    if block.count:
                        yield block.body
                    if self._reader.watch.ended:
                        return
                    while not block.more and not await self._reader.watch.wait_beyond(
                        turn, self._keep_alive_seconds
                    ):
                        yield _KEEP_ALIVE
                    turn = self._reader.watch.turn
                    epoch, block = block.epoch, await self._read(wanted, block.after, block.seen)
                    if block.epoch != epoch:
                        return
        finally:
            self.open -= 1

    async def _read(self, wanted: EventFilter, since: int, seen: str | None = None) -> EventBlock:
        asked = BlockAsked(
            wanted=wanted, since=since, seen=seen, limit=_LARGEST_BLOCK, encode=_encode_blocks
        )
        return await read_block(self._reader, asked, patiently=True)


def _find_start(asked: StreamAsked, request: Request) -> int:
    """Last-Event-ID, which a client sends when it comes back, before `since`."""
    last = request.headers.get(LAST_EVENT_ID, "")
    if not last:
        return parse_sequence(asked.since)
    if not (last.isascii() and last.isdigit() and len(last) <= _LONGEST_SEQUENCE):
        message = "Last-Event-ID is no sequence."
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "parameters", message)
    return parse_sequence(last)


def _encode_blocks(events: Sequence[CloudEvent]) -> bytes:
    return b"".join(
        b"id: %b\ndata: %b\n\n"
        % (b"" if event.sequence is UNSET else event.sequence.encode(), encode_canonically(event))
        for event in events
    )
