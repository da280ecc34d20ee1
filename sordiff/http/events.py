"""Events page by page, with waiting for the next one: `/v1/events`."""

import time
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from sordiff.http.answer import Answer, build_link
from sordiff.http.epoch import EPOCH_HEADER
from sordiff.http.event_blocks import BlockAsked, build_filter, parse_sequence, read_block
from sordiff.http.parameters import EventsAsked
from sordiff.http.request_reader import RequestReader
from sordiff.wire import CloudEvent, encode_canonically, pad_sequence

BATCH_TYPE: Final = "application/cloudevents-batch+json"
MORE_HEADER: Final = "Sordiff-More"


async def answer_events(reader: RequestReader, asked: EventsAsked) -> Answer:
    """The events after a sequence; where there is none, the answer waits if it is asked to."""
    wanted, since, seen = build_filter(asked), parse_sequence(asked.since), asked.seen
    end, epoch = time.monotonic() + asked.wait, None
    while True:
        turn = reader.watch.turn
        block = await read_block(
            reader,
            BlockAsked(
                wanted=wanted, since=since, seen=seen, limit=asked.limit, encode=_encode_batch
            ),
        )
        since, seen, left = block.after, block.seen, end - time.monotonic()
        # Whom the events no longer tell all must know it at once.
        is_news = block.count or epoch not in {None, block.epoch}
        if is_news or left <= 0 or reader.watch.ended:
            break
        epoch = block.epoch
        if not block.more:
            await reader.watch.wait_beyond(turn, left)
    headers = {
        "Link": _build_next(asked, since, seen),
        MORE_HEADER: "true" if block.more else "false",
        EPOCH_HEADER: str(block.epoch),
    }
    return Answer(body=block.body, media_type=BATCH_TYPE, headers=headers)


def _build_next(asked: EventsAsked, after: int, seen: str | None) -> str:
    """The same request from a sequence on, whose event is known by its id."""
    place = {"since": pad_sequence(after), "seen": seen}
    given: dict[str, Any] = msgspec.to_builtins(asked) | place
    kept = {name: value for name, value in given.items() if value is not None}
    if not asked.wait:
        del kept["wait"]
    return build_link("/v1/events", kept)


def _encode_batch(events: Sequence[CloudEvent]) -> bytes:
    return encode_canonically(events) + b"\n"
