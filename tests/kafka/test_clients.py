"""The three clients for Python read the same when they are told to read what is committed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias

import kafka
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import Producer

from sordiff.client import MalformedEventError, ReceivedEvent, read_message
from sordiff.kafka.client_internals import steady_options
from tests.kafka.place import DEMO, TOPICS, Place
from tests.kafka.reading import read_to_the_end

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.session import Address

ABORTED = "999999999999999"
Told: TypeAlias = dict[str, list[ReceivedEvent | None]]


def test_clients_for_python_read_what_is_committed(
    broker: Address, prefix: str, tmp_path: Path
) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO)
    place.write_stranger("1")
    place.publish("--state")
    _write_and_abort(place)
    topic = f"{prefix}{TOPICS['units']}"
    told = asyncio.run(_read_by_aiokafka(broker.bootstrap, topic, "read_committed"))
    assert [one and one.data for one in told["1"]] == [None, None], "no event, then a tombstone"
    events = [one for of_unit in told.values() for one in of_unit if one and one.name]
    assert len(events) > 60
    assert all(event.time and event.time < "2024-03-07" for event in events)
    assert told == _read_by_kafka_python(broker.bootstrap, topic, "read_committed")
    confluent: Told = {}
    for seen in read_to_the_end(broker.bootstrap, topic):
        headers = [(name, text.encode()) for name, text in seen.headers.items()]
        _tell(confluent, headers, (seen.key or "").encode(), seen.value)
    assert told == confluent
    # Of these two it is not what they do by themselves.
    uncommitted = asyncio.run(_read_by_aiokafka(broker.bootstrap, topic, None))
    assert uncommitted.keys() - told.keys() == {ABORTED}
    assert uncommitted == _read_by_kafka_python(broker.bootstrap, topic, None)


def _write_and_abort(place: Place) -> None:
    """What is left of a publisher that was killed in the middle of a run."""
    settings = {"bootstrap.servers": place.bootstrap, "transactional.id": place.prefix}
    producer = Producer(settings)
    producer.init_transactions(60)
    producer.begin_transaction()
    producer.produce(f"{place.prefix}{TOPICS['units']}", b"{}", ABORTED)
    assert producer.flush(60) == 0
    producer.abort_transaction(60)


def _tell(told: Told, headers: Any, key: bytes, value: bytes | None) -> None:
    try:
        event = read_message(headers, value, key)
    except MalformedEventError:
        event = None
    told.setdefault(key.decode(), []).append(event)


async def _read_by_aiokafka(bootstrap: str, topic: str, isolation: str | None) -> Told:
    options = {"isolation_level": isolation} if isolation else {}
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=None, **options)
    told: Told = {}
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(3)]
        ends = await consumer.end_offsets(places)
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=100)).values():
                for record in records:
                    _tell(told, record.headers, record.key, record.value)
    finally:
        await consumer.stop()
    return told


def _read_by_kafka_python(bootstrap: str, topic: str, isolation: str | None) -> Told:
    options = {"isolation_level": isolation} if isolation else {}
    # Its connections are those of sordiff's clients: by itself it leaves sockets open when it is closed.
    consumer = kafka.KafkaConsumer(bootstrap_servers=bootstrap, **steady_options(), **options)
    told: Told = {}
    try:
        places = [kafka.TopicPartition(topic, number) for number in range(3)]
        ends = consumer.end_offsets(places)
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        while any(consumer.position(place) < end for place, end in ends.items()):
            for records in consumer.poll(timeout_ms=100).values():
                for record in records:
                    _tell(told, record.headers, record.key, record.value)
    finally:
        consumer.close()
    return told
