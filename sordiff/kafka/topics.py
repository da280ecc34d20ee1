"""The topics: created with the settings that the contract demands, and held against them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct

from sordiff.kafka.connection import await_broker, build_client_options
from sordiff.kafka.failures import translate_kafka_errors
from sordiff.kafka.settings import FOREVER, KafkaSettings
from sordiff.report import TopicReport

_MONTH_MS: Final = 30 * 24 * 60 * 60 * 1000


class Topic(Struct, frozen=True, kw_only=True):
    """A topic as it is to be."""

    name: str
    partitions: int
    configs: dict[str, str]


def list_wanted_topics(settings: KafkaSettings, suffix: str = "") -> tuple[Topic, ...]:
    """All topics, in the order of their names in the settings.

    The run topic has one partition, so that it tells all runs of all sources in one order, and it
    is kept for ever: publishing goes on from what stands there.
    """
    names = settings.topics
    events = {"cleanup.policy": "delete", "retention.ms": str(settings.retention_ms)}
    for_ever = {"cleanup.policy": "delete", "retention.ms": str(FOREVER)}
    states = {"cleanup.policy": "compact", "delete.retention.ms": str(_MONTH_MS)}
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
    )


def create_topics(settings: KafkaSettings, suffix: str = "") -> list[TopicReport]:
    """Create those that are missing; those that are there stay as they are, and are judged."""
    wanted = list_wanted_topics(settings, suffix)
    with _administration(settings, "creating the topics") as admin:
        there = set(admin.list_topics())
        missing = [topic for topic in wanted if topic.name not in there]
        if missing:
            admin.create_topics(
                {
                    topic.name: {
                        "num_partitions": topic.partitions,
                        "replication_factor": settings.replication,
                        "configs": topic.configs,
                    }
                    for topic in missing
                }
            )
            admin.wait_for_topics([topic.name for topic in missing])
        made = {topic.name for topic in missing}
        return [_state(admin, topic, created=topic.name in made) for topic in wanted]


def check_topics(settings: KafkaSettings, suffix: str = "") -> list[TopicReport]:
    """Hold each topic against what it is to be."""
    with _administration(settings, "looking at the topics") as admin:
        there = set(admin.list_topics())
        return [
            _state(admin, topic)
            if topic.name in there
            else TopicReport(name=topic.name, partitions=0, problems=("it does not exist",))
            for topic in list_wanted_topics(settings, suffix)
        ]


@contextmanager
def _administration(settings: KafkaSettings, doing: str) -> Iterator[Any]:
    from kafka import KafkaAdminClient

    await_broker(settings)
    options = build_client_options(settings)
    del options["metrics_enabled"]
    with translate_kafka_errors(settings, doing):
        admin = KafkaAdminClient(**options)
        try:
            yield admin
        finally:
            admin.close()


def _state(admin: Any, topic: Topic, *, created: bool = False) -> TopicReport:
    from kafka.admin import ConfigResource, ConfigResourceType

    (described,) = admin.describe_topics([topic.name])
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, dict.fromkeys(topic.configs))
    answer = admin.describe_configs([resource], config_filter="all")
    configs = answer["topic"][topic.name]
    found = {name: configs[name]["value"] for name in topic.configs if name in configs}
    partitions = len(described["partitions"])
    problems = [
        f"{name} is {found.get(name)}, not {value}"
        for name, value in topic.configs.items()
        if found.get(name) != value
    ]
    if not found:
        problems = ["its settings are not shown: the right DescribeConfigs is missing"]
    if topic.partitions == 1 and partitions != 1:
        problems.append(f"it has {partitions} partitions, not 1")
    return TopicReport(
        name=topic.name, partitions=partitions, created=created, problems=tuple(problems)
    )
