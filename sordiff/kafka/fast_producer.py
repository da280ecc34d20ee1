"""A message on its way into a batch, with less to do than kafka-python's own `send`.

That one goes over the headers of each message four times (to judge them, to estimate their size,
to write them, to add up their lengths), writes each number byte by byte and formats a line for the
log that nobody reads: three quarters of what a message costs, measured in benchmarks/KAFKA.md.
What sordiff sends is made by sordiff, and so needs no judging. The batches, their order and their
numbers, the transaction and what is known of each message's arrival stay the client's; whatever is
out of the ordinary (a topic not yet seen, a large message) takes its own road.

There is no setting for this: it builds on names that kafka-python 3.0 keeps to itself, and every
test with a broker goes through it.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from isal import igzip
from kafka.producer import record_accumulator
from kafka.producer.future import FutureRecordMetadata
from kafka.producer.producer_batch import ProducerBatch
from kafka.record import default_records, memory_records
from kafka.record.default_records import DefaultRecordBatchBuilder, DefaultRecordMetadata
from kafka.record.util import encode_varint
from kafka.structs import TopicPartition

from sordiff.kafka.binding import Headers
from sordiff.kafka.partitioner import murmur2

# Beyond this the client shall judge whether a message is too large.
_LARGE: Final = 128 * 1024
_MOST_NUMBERS: Final = 65_536
_GZIP_LEVEL: Final = 1  # of ISA-L's, 0 to 3; chosen by measurement: see docs/decisions.md

Send = Callable[[str, bytes, bytes | None, Headers], Any]


def quicken() -> None:
    """Let the client write batches in our way from now on, in the whole process.

    And let ISA-L do gzip: the client asks zlib for its slowest level, without a setting for it.
    """
    record_accumulator.ProducerBatch = _Batch
    memory_records.DefaultRecordBatchBuilder = _BatchBuilder
    default_records.gzip_encode = partial(igzip.compress, compresslevel=_GZIP_LEVEL)


def make_sender(producer: Any) -> Send:
    """What sends (topic, key, value, headers) and gives the future, for one transaction.

    In it the partitions of a topic stay what they were at its first message, so that a key keeps
    its partition. Raises what `KafkaProducer.send` raises.
    """
    known: dict[str, list[TopicPartition]] = {}
    added: set[TopicPartition] = set()
    partitions_of = producer._metadata.partitions_for_topic  # noqa: SLF001  # see above
    append = producer._accumulator.append  # noqa: SLF001  # see above
    add = producer._transaction_manager.maybe_add_partition_to_transaction  # noqa: SLF001  # see above
    wake_up = producer._sender.wakeup  # noqa: SLF001  # see above

    def send(topic: str, key: bytes, value: bytes | None, headers: Headers) -> Any:
        partitions = known.get(topic)
        if partitions is None or (value is not None and len(value) > _LARGE):
            future = producer.send(topic, value, key, headers)
            if numbers := partitions_of(topic):
                known[topic] = [TopicPartition(topic, number) for number in sorted(numbers)]
            return future
        place = partitions[(murmur2(key) & 0x7FFFFFFF) % len(partitions)]
        if place not in added:  # the client asks itself under a lock each time
            add(place)
            added.add(place)
        future, full, begun, _ = append(place, None, key, value, headers)
        if full or begun:
            wake_up()
        return future

    return send


class _Batch(ProducerBatch):  # type: ignore[misc]  # kafka-python has no types
    """A batch that does not add up the lengths of keys, values and headers."""

    max_record_size: int

    def try_append(
        self,
        timestamp_ms: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        now: float | None = None,
    ) -> Any:
        """Add a message; None where there is no room left."""
        told = self.records.append(timestamp_ms, key, value, headers)
        if told is None:
            return None
        self.max_record_size = max(self.max_record_size, told.size)
        self.last_append = time.monotonic() if now is None else now
        future = FutureRecordMetadata(
            self.produce_future, told.offset, told.timestamp, None, -1, -1, -1
        )
        self._record_futures.append(future)
        return future


class _Varints(dict[int, bytes]):
    """Number -> its zigzag varint, in the words of kafka-python; the small ones are kept."""

    def __missing__(self, number: int) -> bytes:
        written = bytearray()
        encode_varint(number, written.append)
        found = bytes(written)
        if 0 <= number < _MOST_NUMBERS:
            self[number] = found
        return found


class _Names(dict[str, bytes]):
    """Name of a header -> its length and its bytes; there are a dozen of them."""

    def __missing__(self, name: str) -> bytes:
        written = name.encode()
        self[name] = found = _VARINTS[len(written)] + written
        return found


_VARINTS: Final = _Varints()
_NAMES: Final = _Names()
_NOTHING: Final = b"\x01"  # the varint of -1, the length of what is not there


class _BatchBuilder(DefaultRecordBatchBuilder):  # type: ignore[misc]  # kafka-python has no types
    """Writes a record of the message format 2 by joining what is known of it."""

    _first_timestamp: int | None
    _max_timestamp: int
    _last_offset: int

    def append(  # as the client calls it
        self,
        offset: int,
        timestamp: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
    ) -> Any:
        """Write a record; None where there is no room left."""
        at = int(time.time() * 1000) if timestamp is None else timestamp
        first = self._first_timestamp
        varints, names = _VARINTS, _NAMES
        parts = [b"\x00", varints[at - (at if first is None else first)], varints[offset]]
        for what in (key, value):
            parts += (_NOTHING,) if what is None else (varints[len(what)], what)
        parts.append(varints[len(headers)])
        for name, said in headers:
            parts += (
                (names[name], _NOTHING) if said is None else (names[name], varints[len(said)], said)
            )
        record = b"".join(parts)
        length = varints[len(record)]
        size = len(length) + len(record)
        if first is None:
            self._first_timestamp = self._max_timestamp = at
        elif size + len(self._buffer) > self._batch_size:
            return None
        self._max_timestamp = max(self._max_timestamp, at)
        self._num_records += 1
        self._last_offset = offset
        self._buffer += length
        self._buffer += record
        return DefaultRecordMetadata(offset, size, at)
