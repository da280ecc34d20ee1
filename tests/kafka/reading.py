"""Topics as a subscriber sees them, through another client than the product's: librdkafka, read_committed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

_PATIENCE = 60


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
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"read-{uuid.uuid4().hex}",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": isolation,
            "auto.offset.reset": "error",
            "allow.auto.create.topics": False,
            **options,
        }
    )
    try:
        yield from _until_all_ended(consumer, topics)
    finally:
        consumer.close()


def _until_all_ended(consumer: Consumer, topics: tuple[str, ...]) -> Iterator[Seen]:
    left = set()
    for topic in topics:
        known = consumer.list_topics(topic, timeout=_PATIENCE).topics[topic]
        assert known.error is None, f"{topic}: {known.error}"
        left |= {(topic, partition) for partition in known.partitions}
    consumer.assign([TopicPartition(topic, partition, 0) for topic, partition in sorted(left)])
    end = time.monotonic() + _PATIENCE
    while left:
        assert time.monotonic() < end, f"not read to the end: {left}"
        for message in consumer.consume(5000, timeout=0.5):
            end = time.monotonic() + _PATIENCE
            error = message.error()
            if error is None:
                yield _seen(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                left.discard((message.topic(), message.partition()))
            else:
                raise AssertionError(error)


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


def create_topics(bootstrap: str, *names: str, partitions: int = 1, **options: Any) -> None:
    """By an administrator that is not the product."""
    client = AdminClient({"bootstrap.servers": bootstrap, **options})
    for future in client.create_topics([NewTopic(name, partitions, 1) for name in names]).values():
        future.result(_PATIENCE)
