"""For a moment a leader is known that is not among the nodes: the client asks again, and goes on."""

from __future__ import annotations

from kafka.errors import UnknownBrokerIdError

from sordiff.kafka.client_internals import make_producer
from sordiff.kafka.patience import Patience
from tests.kafka.reading import create_topics
from tests.kafka.session import Address

OTHER = 77


def test_a_message_goes_out_when_its_leader_is_known_again(broker: Address, prefix: str) -> None:
    create_topics(broker.bootstrap, f"{prefix}topic")
    producer = make_producer(bootstrap_servers=[broker.bootstrap])
    try:
        producer.send(f"{prefix}topic", b"before").get(20)
        cluster = producer._metadata
        (leader,) = cluster.brokers()
        client = producer._sender._client
        client._net.call_soon_threadsafe(client._manager._conns[leader.node_id].close)
        # Another node is there, at the same address, and the leader is not.
        cluster._brokers = {OTHER: type(leader)(OTHER, leader.host, leader.port, leader.rack)}
        producer.send(f"{prefix}topic", b"after").get(20)
    finally:
        producer.close(timeout=1)


def test_an_unknown_node_is_a_reason_to_ask_again() -> None:
    with Patience(5).forgive():
        raise UnknownBrokerIdError(3)
