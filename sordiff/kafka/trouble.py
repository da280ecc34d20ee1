"""What is wrong with the brokers, where a client only knows that it got no answer in time."""

from contextlib import closing, suppress
from typing import Any, Final

from msgspec import structs

from sordiff.kafka.connection import find_hindrance, open_client
from sordiff.kafka.replication import Replication, describe_replication
from sordiff.kafka.settings import KafkaSettings

# It is looked for after a long wait already.
_PATIENCE_SECONDS: Final = 5.0


def find_trouble(settings: KafkaSettings) -> str | None:
    """Which brokers can't be reached, or which topic takes no messages; None where all is well."""
    brokers, topics = _look_around(settings)
    servers = [*brokers, *(one for one in settings.bootstrap_servers if one not in brokers)]
    reasons = {server: find_hindrance(server, settings) for server in servers}
    gone = [f"{server} ({reason})" for server, reason in reasons.items() if reason is not None]
    if gone:
        return f"{len(gone)} of {len(servers)} brokers can't be reached: {', '.join(gone)}"
    for name, found in topics.items():
        if not found.has_leader:
            return f"a partition of {name} has no leader"
        if not found.takes_messages:
            return (
                f"{name} has {found.in_step} of {found.replicas} replicas in step,"
                f" and min.insync.replicas is {found.least}"
            )
    return None


def _look_around(settings: KafkaSettings) -> tuple[list[str], dict[str, Replication]]:
    """The brokers as the cluster names them, and how the topics lie; as far as it answers."""
    brokers: list[str] = []
    topics: dict[str, Replication] = {}
    with suppress(Exception), closing(_open(settings)) as admin:
        brokers = [f"{one['host']}:{one['port']}" for one in admin.describe_cluster()["brokers"]]
        topics = describe_replication(admin, settings.topics)
    return brokers, topics


def _open(settings: KafkaSettings) -> Any:
    from kafka import KafkaAdminClient

    hasty = structs.replace(settings, timeout_seconds=_PATIENCE_SECONDS)
    return open_client(KafkaAdminClient, hasty)
