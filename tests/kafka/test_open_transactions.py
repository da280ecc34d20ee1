"""The one look at all topics for transactions that are still open: its connection, which is kept and closed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from sordiff.errors import NotPublished
from sordiff.kafka.open_transactions import OpenTransactions, build_hidden_end
from sordiff.kafka.settings import KafkaSettings
from tests.kafka.broker import Broker, free_ports

BRIEF = 2


def count_sockets() -> int:
    """Of this process, by the kernel's own account."""
    return sum(
        "socket:" in str(entry.readlink())
        for entry in Path("/proc/self/fd").iterdir()
        if entry.is_symlink()
    )


def make_topic(bootstrap: str, name: str) -> str:
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    return name


def look(bootstrap: str, topic: str) -> OpenTransactions:
    settings = KafkaSettings(
        bootstrap_servers=(bootstrap,), timeout_seconds=BRIEF, delivery_timeout_seconds=BRIEF
    )
    return OpenTransactions(settings, [topic])


def test_a_closed_look_leaves_no_connection(rough_broker: Broker, prefix: str) -> None:
    opened = look(rough_broker.bootstrap, make_topic(rough_broker.bootstrap, f"{prefix}one"))
    before = count_sockets()
    opened.await_end()
    assert count_sockets() > before
    opened.close()
    assert count_sockets() == before
    opened.close()


def test_a_look_that_failed_leaves_no_connection_and_the_next_makes_one(
    rough_broker: Broker, prefix: str
) -> None:
    opened = look(rough_broker.bootstrap, make_topic(rough_broker.bootstrap, f"{prefix}one"))
    before = count_sockets()
    opened.await_end()
    rough_broker.kill()
    try:
        with pytest.raises(NotPublished, match="No Kafka answers"):
            opened.await_end()
        assert count_sockets() == before
    finally:
        rough_broker.start()
    opened.await_end()
    opened.close()


def test_an_end_that_is_not_seen_names_what_is_wrong_with_the_brokers() -> None:
    [port] = free_ports(1)
    settings = KafkaSettings(bootstrap_servers=(f"127.0.0.1:{port}",), timeout_seconds=BRIEF)
    where = f"127.0.0.1:{port}"
    assert str(build_hidden_end("sor.units", settings)) == (
        f"The end of sor.units at {where} can't be read:"
        f" 1 of 1 brokers can't be reached: {where} (connection refused)."
    )
