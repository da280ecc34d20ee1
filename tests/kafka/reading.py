"""Topics as a subscriber sees them, through another client than the product's: librdkafka, read_committed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    OFFSET_END,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

_PATIENCE = 60
# So long a transaction may take from the answer to its commit until it can be read.
_UNDECIDED_SECONDS = 1.0
# What a broker says that has just come back, and leads nothing yet.
_COMING_BACK = {
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError._TRANSPORT,
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One message."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes | None
    headers: Mapping[str, str]


def read_to_the_end(
    bootstrap: str, *topics: str, isolation: str = "read_committed", **options: Any
) -> list[Seen]:
    """All messages that stand in these topics now, in order within each partition."""
    return list(each_message(bootstrap, *topics, isolation=isolation, **options))


def each_message(
    bootstrap: str, *topics: str, isolation: str = "read_committed", **options: Any
) -> Iterator[Seen]:
    settings = {
        "bootstrap.servers": bootstrap,
        "group.id": f"read-{uuid.uuid4().hex}",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": isolation,
        "auto.offset.reset": "error",
        "allow.auto.create.topics": False,
        "fetch.wait.max.ms": 20,  # what is to be read is there already
        **options,
    }
    consumer = Consumer(settings)
    try:
        yield from _until_all_ended(consumer, topics, settings)
    finally:
        consumer.close()


def _until_all_ended(
    consumer: Consumer, topics: tuple[str, ...], options: Mapping[str, Any]
) -> Iterator[Seen]:
    reached: dict[tuple[str, int], int] = {}
    for topic in topics:
        known = consumer.list_topics(topic, timeout=_PATIENCE).topics[topic]
        assert known.error is None, f"{topic}: {known.error}"
        reached |= {(topic, partition): -1 for partition in known.partitions}
    places = [
        TopicPartition(topic, partition, OFFSET_BEGINNING) for topic, partition in sorted(reached)
    ]
    ends = _ends(places, options)
    consumer.assign(places)
    waited = time.monotonic()
    while any(reached[place] < end for place, end in ends.items()):
        for message in consumer.consume(5000, timeout=0.05):
            waited = time.monotonic()
            error = message.error()
            if error is None:
                yield _seen(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                place = str(message.topic()), int(message.partition() or 0)
                reached[place] = int(message.offset() or 0)
            else:
                raise AssertionError(error)
        unread = [place for place, offset in reached.items() if offset < 0]
        passed = time.monotonic() - waited
        assert passed < _PATIENCE, f"not read to the end: {unread}"
        if not unread and passed > _UNDECIDED_SECONDS:
            return  # what is left there is an open transaction


def _ends(places: list[TopicPartition], options: Mapping[str, Any]) -> dict[tuple[str, int], int]:
    """Behind the last message of each, decided or not: a commit is answered before it can be read."""
    asking = Consumer({**options, "isolation.level": "read_uncommitted"})
    try:
        return {
            (place.topic, place.partition): _end(asking, place, time.monotonic() + _PATIENCE)
            for place in places
        }
    finally:
        asking.close()


def _end(asking: Consumer, place: TopicPartition, until: float) -> int:
    while True:
        try:
            return asking.get_watermark_offsets(place, _PATIENCE)[1]
        except KafkaException as error:
            if error.args[0].code() not in _COMING_BACK or time.monotonic() > until:
                raise
            time.sleep(0.1)


def _seen(message: Message) -> Seen:
    key = message.key()
    return Seen(
        topic=str(message.topic()),
        partition=int(message.partition() or 0),
        offset=int(message.offset() or 0),
        key=None if key is None else _text(key),
        value=message.value(),
        headers={str(pair[0]): _text(pair[1]) for pair in message.headers() or []},
    )


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def create_topics(
    bootstrap: str,
    *names: str,
    partitions: int = 1,
    config: Mapping[str, str] | None = None,
    **options: Any,
) -> None:
    """By an administrator that is not the product; config: settings of the topics."""
    client = AdminClient({"bootstrap.servers": bootstrap, **options})
    for future in client.create_topics(
        [NewTopic(name, partitions, 1, config=dict(config or {})) for name in names]
    ).values():
        future.result(_PATIENCE)


def write_record(
    bootstrap: str, topic: str, value: bytes, headers: Mapping[str, str], key: str = "key"
) -> None:
    """A record that somebody else has written."""
    producer = Producer({"bootstrap.servers": bootstrap, "partitioner": "murmur2_random"})
    producer.produce(topic, value, key.encode(), headers=dict(headers))
    assert producer.flush(30) == 0


def delete_topics(bootstrap: str, prefix: str) -> None:
    """All topics whose names begin so."""
    client = AdminClient({"bootstrap.servers": bootstrap})
    names = [
        name for name in client.list_topics(timeout=_PATIENCE).topics if name.startswith(prefix)
    ]
    for future in client.delete_topics(names).values() if names else ():
        future.result(_PATIENCE)


def truncate_topic(bootstrap: str, topic: str) -> None:
    """All that lies in it is gone, as by an administrator."""
    client = AdminClient({"bootstrap.servers": bootstrap})
    numbers = client.list_topics(topic, timeout=_PATIENCE).topics[topic].partitions
    ends = [TopicPartition(topic, number, OFFSET_END) for number in numbers]
    for future in client.delete_records(ends).values():
        future.result(_PATIENCE)
