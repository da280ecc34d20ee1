"""A key goes where every Kafka client would send it: what is written anew must find its older self."""

from __future__ import annotations

import random

import pytest
from kafka.partitioner import DefaultPartitioner
from kafka.partitioner import murmur2 as their_murmur2

from sordiff.kafka.partitioner import KeyPartitioner, murmur2


class Cluster:
    """What a partitioner asks."""

    def __init__(self, count: int) -> None:
        self._numbers = set(range(count))

    def topics(self) -> set[str]:
        return {"t"}

    def partitions_for_topic(self, topic: str) -> set[int]:
        assert topic == "t"
        return self._numbers

    available_partitions_for_topic = partitions_for_topic


@pytest.mark.parametrize("length", range(41))
def test_the_hash_is_that_of_all_clients(length: int) -> None:
    rng = random.Random(length)
    for _ in range(50):
        key = rng.randbytes(length)
        assert murmur2(key) == their_murmur2(key), key


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 12, 100])
def test_the_partition_is_that_of_all_clients(count: int) -> None:
    ours, theirs, cluster = KeyPartitioner(), DefaultPartitioner(), Cluster(count)
    for number in range(500):
        key = str(580_000_000_000_000_0 + 7 * number).encode()
        told = ("t", key, key, b"", b"", cluster)
        assert ours.partition(*told) == theirs.partition(*told)
