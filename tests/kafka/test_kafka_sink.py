"""The contract of a sink, kept by Kafka in both modes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # NewPartitions is exported
    AdminClient,
    NewPartitions,
)

from sordiff.kafka.settings import KafkaSettings, TopicNames
from sordiff.kafka.sink import KafkaSink
from sordiff.kafka.topics import create_topics
from tests.kafka.reading import Seen, read_to_the_end, write_record
from tests.ports.sink_suite import *  # noqa: F403  # its tests
from tests.ports.sink_suite import event_rows, run

if TYPE_CHECKING:
    from sordiff.event_sink import StateTopic
    from tests.kafka.session import Address
    from tests.ports.sink_suite import Read


class KafkaPlace:
    def __init__(self, settings: KafkaSettings, source: str) -> None:
        self.settings = settings
        self.source = source

    def sink(self) -> KafkaSink:
        return KafkaSink(self.settings)

    def events(self) -> list[Read]:
        names = self.settings.topics
        found = [
            _attributes(seen)
            for seen in read_to_the_end(
                self.settings.servers,
                names.unit_events,
                names.location_number_events,
                names.classification_events,
            )
        ]
        found.sort(key=lambda event: str(event["sequence"]))
        return [(event["type"], event["subject"], event["data"]) for event in found]

    def state(self) -> dict[tuple[StateTopic, str], bytes]:
        names = self.settings.topics
        found: dict[tuple[StateTopic, str], bytes] = {}
        topics: tuple[StateTopic, ...] = ("units", "location-numbers")
        for topic, name in zip(topics, (names.units, names.location_numbers), strict=True):
            for seen in read_to_the_end(self.settings.servers, name):
                key = topic, str(seen.key)
                found.pop(key, None)
                if seen.value is not None:
                    found[key] = _attributes(seen)["data"]
        return found


def _attributes(seen: Seen) -> dict[str, Any]:
    if "ce_type" in seen.headers:
        attributes = {name.removeprefix("ce_"): said for name, said in seen.headers.items()}
        return {**attributes, "data": seen.value}
    event = msgspec.json.decode(seen.value or b"", type=dict[str, msgspec.Raw])
    return {
        name: bytes(said) if name == "data" else json.loads(bytes(said))
        for name, said in event.items()
    }


@pytest.fixture(params=["binary", "structured"])
def place(request: pytest.FixtureRequest, broker: Address, prefix: str) -> KafkaPlace:
    names = {name: f"{prefix}{name}" for name in TopicNames.__struct_fields__}
    settings = KafkaSettings(
        bootstrap_servers=(broker.bootstrap,),
        mode=request.param,
        topics=TopicNames(**names),
        partitions=2,
        timeout_seconds=20,
    )
    create_topics(settings)
    return KafkaPlace(settings, f"urn:{prefix}")


def test_a_topic_that_ends_before_a_position_is_read_whole(place: KafkaPlace) -> None:
    with place.sink().begin(place.source) as session:
        session.send_run(run(1, event_rows(1, 1)))
        whole = session.read_run_events()
        beyond = json.loads(whole.position)
        for seen in beyond["last"].values():
            seen["offset"] += 1000
        gone = {**beyond, "last": {**json.loads(whole.position)["last"], "7": seen}}
        found = [session.read_run_events(json.dumps(one)) for one in (beyond, gone)]
    assert found == [whole] * 2


def test_a_partition_that_is_new_is_read_from_its_beginning(place: KafkaPlace) -> None:
    topic = place.settings.topics.run_events
    with place.sink().begin(place.source) as session:
        session.send_run(run(1, event_rows(1, 1)))
        before = session.read_run_events()
        admin = AdminClient({"bootstrap.servers": place.settings.servers})
        admin.create_partitions([NewPartitions(topic, 9)])[topic].result()
        headers = {"ce_type": "t", "ce_id": "elsewhere", "ce_source": "urn:other"}
        for number in range(20):
            write_record(place.settings.servers, topic, b"{}", headers, f"key {number}")
        found = session.read_run_events(before.position)
    assert [event.id for event in found.events] == ["elsewhere"] * 20
    assert found.since == before.position
