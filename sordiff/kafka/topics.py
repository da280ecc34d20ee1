"""The topics: created with the settings that the contract demands, and held against them."""

import time
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct

from sordiff.kafka.connection import open_client
from sordiff.kafka.failures import translate_kafka_errors
from sordiff.kafka.replication import (
    IN_SYNC,
    Replication,
    choose_least,
    choose_replicas,
    count_brokers,
    describe_replication,
)
from sordiff.kafka.settings import FOREVER, KafkaSettings
from sordiff.report import TopicReport

_MONTH_MS: Final = 30 * 24 * 60 * 60 * 1000
_PAUSE_SECONDS: Final = 0.1
_COMPRESSION: Final = "compression.type"
# For these the client needs libraries that sordiff does not bring.
_NOT_UNPACKED: Final = ("lz4", "snappy")


class Topic(Struct, frozen=True, kw_only=True):
    """A topic as it is to be."""

    name: str
    partitions: int
    configs: dict[str, str]


def list_wanted_topics(settings: KafkaSettings, suffix: str = "") -> tuple[Topic, ...]:
    """All topics, in the order of their names in the settings.

    The run topic has one partition, so that it tells all runs of all sources in one order, and it
    is kept for ever: publishing goes on from what stands there. A replay tells events and no
    state, so that the topics with a suffix have none of it.
    """
    names = settings.topics
    events = {"cleanup.policy": "delete", "retention.ms": str(settings.retention_ms)}
    for_ever = {"cleanup.policy": "delete", "retention.ms": str(FOREVER)}
    states = {"cleanup.policy": "compact", "delete.retention.ms": str(_MONTH_MS)}
    wanted = settings.topics.list_names(suffix)
    return tuple(
        Topic(name=name + suffix, partitions=partitions, configs=configs)
        for name, partitions, configs in (
            (names.unit_events, settings.partitions, events),
            (names.location_number_events, settings.partitions, events),
            (names.classification_events, settings.partitions, events),
            (names.run_events, 1, for_ever),
            (names.units, settings.partitions, states),
            (names.location_numbers, settings.partitions, states),
        )
        if name + suffix in wanted
    )


def create_topics(settings: KafkaSettings, suffix: str = "") -> list[TopicReport]:
    """Create those that are missing; those that are there stay as they are, and are judged.

    Replicas and min.insync.replicas are chosen by what the cluster has, unless the settings say.
    """
    wanted = list_wanted_topics(settings, suffix)
    with _administration(settings, "creating the topics") as admin:
        there = set(admin.list_topics())
        missing = [topic for topic in wanted if topic.name not in there]
        if missing:
            replicas = choose_replicas(count_brokers(admin), settings.replication)
            least = {IN_SYNC: str(choose_least(replicas))} if replicas > 1 else {}
            admin.create_topics(
                {
                    topic.name: {
                        "num_partitions": topic.partitions,
                        "replication_factor": replicas,
                        "configs": topic.configs | least,
                    }
                    for topic in missing
                }
            )
            admin.wait_for_topics([topic.name for topic in missing])
        return _judge_created(admin, settings, wanted, {topic.name for topic in missing})


def _judge_created(
    admin: Any, settings: KafkaSettings, wanted: tuple[Topic, ...], created: set[str]
) -> list[TopicReport]:
    """Judge when they are known: one node of a cluster hears of a topic later than another."""
    from kafka.errors import UnknownTopicOrPartitionError

    end = time.monotonic() + settings.timeout_seconds
    while True:
        late = time.monotonic() >= end
        try:
            reports = _judge(admin, settings, wanted, created)
        except UnknownTopicOrPartitionError:
            if late:
                raise
        else:
            if late or all(topic.partitions for topic in reports if topic.name in created):
                return reports
        time.sleep(_PAUSE_SECONDS)


def check_topics(settings: KafkaSettings, suffix: str = "") -> list[TopicReport]:
    """Hold each topic against what it is to be."""
    with _administration(settings, "looking at the topics") as admin:
        return _judge(admin, settings, list_wanted_topics(settings, suffix))


def _judge(
    admin: Any, settings: KafkaSettings, wanted: tuple[Topic, ...], created: Container[str] = ()
) -> list[TopicReport]:
    there = set(admin.list_topics())
    replicas = choose_replicas(count_brokers(admin), settings.replication)
    lying = describe_replication(admin, [topic.name for topic in wanted if topic.name in there])
    return [
        _state(admin, topic, lying[topic.name], replicas, created=topic.name in created)
        if topic.name in lying
        else TopicReport(name=topic.name, partitions=0, problems=("it does not exist",))
        for topic in wanted
    ]


@contextmanager
def _administration(settings: KafkaSettings, doing: str) -> Iterator[Any]:
    from kafka import KafkaAdminClient

    with translate_kafka_errors(settings, doing):
        admin = open_client(KafkaAdminClient, settings)
        try:
            yield admin
        finally:
            admin.close()


def _state(
    admin: Any, topic: Topic, lying: Replication, replicas: int, *, created: bool
) -> TopicReport:
    from kafka.admin import ConfigResource, ConfigResourceType

    (described,) = admin.describe_topics([topic.name])
    asked = dict.fromkeys((*topic.configs, _COMPRESSION))
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, asked)
    answer = admin.describe_configs([resource], config_filter="all")
    configs = answer["topic"][topic.name]
    found = {name: configs[name]["value"] for name in topic.configs if name in configs}
    partitions = len(described["partitions"])
    problems = [
        f"{name} is {found.get(name)}, not {value}"
        for name, value in topic.configs.items()
        if found.get(name) != value
    ]
    compression = configs.get(_COMPRESSION, {}).get("value")
    if compression in _NOT_UNPACKED:
        problems.append(f"compression.type is {compression}, which sordiff can't unpack")
    if not found:
        problems = ["its settings are not shown: the right DescribeConfigs is missing"]
    if topic.partitions == 1 and partitions != 1:
        problems.append(f"it has {partitions} partitions, not 1")
    return TopicReport(
        name=topic.name,
        partitions=partitions,
        replicas=lying.replicas,
        least_in_sync=lying.least,
        created=created,
        problems=tuple(problems),
        weaknesses=tuple(_find_weaknesses(lying, replicas)),
    )


def _find_weaknesses(lying: Replication, wanted: int) -> Iterator[str]:
    """What makes it lose messages, or stand still, when a broker fails."""
    if lying.replicas < wanted:
        yield f"it has {lying.replicas} of {wanted} replicas"
    if lying.least is not None and lying.replicas > 1:
        least = choose_least(lying.replicas)
        if lying.least != least:
            yield f"{IN_SYNC} is {lying.least}, not {least}"
    if lying.in_step < lying.replicas:
        yield f"{lying.in_step} of its {lying.replicas} replicas are in step"
