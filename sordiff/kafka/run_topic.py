"""The run topic: all of it, or what came behind a position, if that still stands for the same.

A position names the last message that was seen in each partition, by its offset and a digest. Where
another message lies there, or none, the topic was made anew, cut, or is that of another cluster.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from sordiff.event_sink import ArrivedRunEvent, ArrivedRunEvents
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topic_reader import decode_run_event, read_committed


class _Seen(Struct, frozen=True):
    """The last message of a partition."""

    offset: int
    digest: str


class _Position(Struct, frozen=True):
    topic: str
    last: dict[int, _Seen]


def read_run_topic(settings: KafkaSettings) -> Iterator[ArrivedRunEvent]:
    """Everything that is committed in the run topic, oldest first, to its very end."""
    for record in read_committed(settings, settings.topics.run_events):
        event = decode_run_event(record)
        if event is not None:
            yield event


def read_run_topic_since(settings: KafkaSettings, since: str) -> ArrivedRunEvents:
    """What came behind a position; all of the topic where it does not stand for the same."""
    topic = settings.topics.run_events
    last = _decode_position(since, topic)
    records = _read_behind(settings, topic, last) if last else None
    if records is None:
        since, last = "", {}
        records = list(read_committed(settings, topic))
    events = (decode_run_event(record) for record in records)
    last = last | {
        record.partition: _Seen(record.offset, _digest(record))
        for record in {one.partition: one for one in records}.values()
    }
    position = msgspec.json.encode(_Position(topic, last)).decode() if last else ""
    return ArrivedRunEvents(
        events=tuple(event for event in events if event is not None),
        since=since,
        position=position,
    )


def _decode_position(since: str, topic: str) -> dict[int, _Seen]:
    """What was seen of this topic; nothing where the position is of another one."""
    if not since:
        return {}
    try:
        position = msgspec.json.decode(since, type=_Position)
    except msgspec.DecodeError:  # a later sordiff wrote it
        return {}
    return position.last if position.topic == topic else {}


def _read_behind(settings: KafkaSettings, topic: str, last: dict[int, _Seen]) -> list[Any] | None:
    """The records behind what was seen; None where that does not lie there any more."""
    starts = {partition: seen.offset for partition, seen in last.items()}
    records, awaited = [], dict(last)
    for record in read_committed(settings, topic, starts):
        seen = awaited.pop(record.partition, None)
        if seen is None:
            records.append(record)
        elif seen != _Seen(record.offset, _digest(record)):
            return None
    return None if awaited else records


def _digest(record: Any) -> str:
    """Of all that a message says, and of when it came: what is sent again is another one."""
    told = (record.timestamp, record.key, record.value, record.headers)
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()
