"""The broker of the tests is what the proofs stand on: it keeps what it acknowledged, and can refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient

from tests.kafka.broker import Broker
from tests.kafka.reading import create_topics, read_to_the_end
from tests.kafka.session import Address


def send(bootstrap: str, topic: str, *values: bytes, **options: Any) -> None:
    """Acknowledged, or raised."""
    problems: list[object] = []

    def told(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            problems.append(error)

    producer = Producer({"bootstrap.servers": bootstrap, "message.timeout.ms": 10_000, **options})
    for value in values:
        producer.produce(topic, value, on_delivery=told)
    assert producer.flush(30) == 0
    if problems:
        raise KafkaException(problems[0])


def test_one_broker_serves_all_and_makes_no_topic_by_itself(broker: Address, prefix: str) -> None:
    create_topics(broker.bootstrap, f"{prefix}known", partitions=2)
    send(broker.bootstrap, f"{prefix}known", b"1", b"2")
    seen = read_to_the_end(broker.bootstrap, f"{prefix}known")
    assert sorted(message.value or b"" for message in seen) == [b"1", b"2"]
    with pytest.raises(KafkaException):
        send(broker.bootstrap, f"{prefix}unknown", b"1", **{"message.timeout.ms": 2000})
    names = AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=30).topics
    assert [name for name in names if name.startswith(prefix)] == [f"{prefix}known"]


def test_what_it_acknowledged_outlives_a_kill_and_a_stop(rough_broker: Broker, prefix: str) -> None:
    broker, kept = rough_broker, f"{prefix}kept"
    create_topics(broker.bootstrap, kept)
    for value, hard in ((b"1", True), (b"2", False)):
        send(broker.bootstrap, kept, value, acks="all")
        broker.restart(hard=hard)
    seen = [message.value for message in read_to_the_end(broker.bootstrap, kept)]
    assert seen == [b"1", b"2"]
    broker.pause()
    with pytest.raises(KafkaException):
        send(broker.bootstrap, kept, b"3", **{"message.timeout.ms": 1000})
    broker.resume()
    send(broker.bootstrap, kept, b"4")


def test_it_asks_for_names_and_certificates(
    strict_broker: Broker, certificates: Path, prefix: str
) -> None:
    broker, kept = strict_broker, f"{prefix}kept"
    create_topics(broker.bootstrap, kept, config={"max.message.bytes": "2000"})
    send(broker.bootstrap, kept, b"1")
    with pytest.raises(KafkaException, match="large"):
        send(broker.bootstrap, kept, bytes(5000))
    for mechanism in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"):
        options = {
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": str(certificates / "authority.pem"),
            "sasl.mechanism": mechanism,
            "sasl.username": "anna",
            "sasl.password": "right",
        }
        with pytest.raises(KafkaException, match="authorization failed"):
            send(broker.listener("SASL_SSL"), kept, b"2", **options)
