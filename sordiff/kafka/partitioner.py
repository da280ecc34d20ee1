"""Which partition a key goes to: as every Kafka client by default, in a quarter of the time."""

from functools import lru_cache
from struct import Struct
from typing import Any, Final

from kafka.partitioner import Partitioner

_MASK: Final = 0xFFFFFFFF
_SEED: Final = 0x9747B28C
_MIX: Final = 0x5BD1E995


class KeyPartitioner(Partitioner):  # type: ignore[misc]  # kafka-python has no types
    """Murmur2 of the key, modulo the partitions; all that sordiff sends has a key."""

    def partition(  # noqa: PLR0913, PLR0917  # as the client calls it
        self,
        topic: str,
        key: Any,
        serialized_key: bytes,
        value: Any,
        serialized_value: bytes | None,
        cluster: Any,
    ) -> int:
        """The number of the partition; partitions are numbered from 0."""
        del key, value, serialized_value
        return (murmur2(serialized_key) & 0x7FFFFFFF) % len(cluster.partitions_for_topic(topic))


@lru_cache(maxsize=100_000)  # a night tells of a unit more than once, and then writes its state
def murmur2(data: bytes) -> int:
    """MurmurHash2 with Kafka's seed, 32 bits (org.apache.kafka.common.utils.Utils.murmur2)."""
    length = len(data)
    whole = length & ~3
    found = _SEED ^ length
    for word in _words(whole >> 2).unpack_from(data):
        mixed = word * _MIX & _MASK
        found = (found * _MIX ^ (mixed ^ mixed >> 24) * _MIX) & _MASK
    if whole < length:
        found = (found ^ int.from_bytes(data[whole:], "little")) * _MIX & _MASK
    found = (found ^ found >> 13) * _MIX & _MASK
    return found ^ found >> 15


@lru_cache
def _words(count: int) -> Struct:
    return Struct(f"<{count}I")
