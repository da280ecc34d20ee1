"""On how many brokers a topic lies, and how many of them must have a message before it counts."""

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

IN_SYNC: Final = "min.insync.replicas"
# With three replicas one broker may fail, and each message is still on two.
_BEST: Final = 3


class Replication(Struct, frozen=True, kw_only=True):
    """How a topic lies on the brokers.

    in_step: of its weakest partition. least: min.insync.replicas; None where it is not shown.
    """

    replicas: int
    in_step: int
    has_leader: bool
    least: int | None

    @property
    def takes_messages(self) -> bool:
        """Whether `acks=all` can be answered by every partition."""
        return self.has_leader and (self.least is None or self.in_step >= self.least)


def choose_replicas(brokers: int, wanted: int) -> int:
    """How many replicas a new topic gets: as the settings have it, else by what the cluster has.

    -1: what the brokers themselves take, where only one is to be seen.
    """
    if wanted > 0:
        return wanted
    return min(brokers, _BEST) if brokers > 1 else -1


def choose_least(replicas: int) -> int:
    """The min.insync.replicas with which one broker may fail."""
    return max(1, replicas - 1)


def count_brokers(admin: Any) -> int:
    """How many brokers the cluster has that serve."""
    return len([one for one in admin.describe_cluster()["brokers"] if not one.get("is_fenced")])


def describe_replication(admin: Any, names: Iterable[str]) -> dict[str, Replication]:
    """How those of these topics that are there lie on the brokers."""
    from kafka.admin import ConfigResource, ConfigResourceType

    topics = {topic["name"]: topic["partitions"] for topic in admin.describe_topics(list(names))}
    there = {name: partitions for name, partitions in topics.items() if partitions}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, {IN_SYNC: None}) for name in there]
    answer = admin.describe_configs(resources, config_filter="all") if resources else {}
    configs = answer.get("topic", {})
    found = {}
    for name, partitions in there.items():
        least = configs.get(name, {}).get(IN_SYNC, {}).get("value")
        found[name] = Replication(
            replicas=min(len(partition["replica_nodes"]) for partition in partitions),
            in_step=min(len(partition["isr_nodes"]) for partition in partitions),
            has_leader=all(partition["leader_id"] >= 0 for partition in partitions),
            least=None if least is None else int(least),
        )
    return found
