"""A batch of messages, written with less to do than kafka-python's own.

That one goes over the headers of each message four times (to judge them, to estimate their size,
to write them, to add up their lengths) and writes each number byte by byte. What sordiff sends is
made by sordiff, and so needs no judging. What is written is the same, byte for byte.

Only sordiff.kafka.client_internals puts these in the place of the client's.
"""

import time
from typing import Any, Final

from kafka.errors import KafkaTimeoutError
from kafka.producer.producer_batch import ProducerBatch
from kafka.record.default_records import DefaultRecordBatchBuilder, DefaultRecordMetadata
from kafka.record.util import encode_varint
from kafka.structs import TopicPartition

from sordiff.kafka.binding import Headers

_MOST_NUMBERS: Final = 65_536


class Arrival:
    """Whether one message has arrived: as its batch has, which arrives whole or not at all.

    The client gives each message a future of its own, with a lock and two lists, and calls each of
    them when the answer to the batch comes: as much work again as to write the message. This is
    asked instead. It is, as that future, rebound when a batch that was too large is halved.
    """

    __slots__ = ("_batch", "_place")

    def __init__(self, batch: Any, place: int) -> None:
        """`batch`: the future of the batch, whose result has the errors of its messages, if any."""
        self._batch = batch
        self._place = place

    def succeeded(self) -> bool:
        """Whether the broker has it."""
        batch = self._batch
        return batch.is_done and batch.value[2] is None

    def get(self, timeout: float) -> None:
        """Return when the broker has it; KafkaTimeoutError, or what kept it from arriving."""
        until = time.monotonic() + timeout
        batch = self._batch
        while not batch.is_done:
            left = until - time.monotonic()
            if left <= 0 or not batch.wait(left):
                raise KafkaTimeoutError(f"no answer within {timeout:g} s")
            batch = self._batch  # another one, where its batch was halved meanwhile
        errors = batch.value[2]
        if errors is not None:
            raise errors(self._place)

    def rebind(self, batch: Any, place: int) -> None:
        """Ask another batch from now on; the sender's thread says so before that one is sent."""
        before = self._batch
        self._place = place
        self._batch = batch
        before._latch.set()  # noqa: SLF001  # as the client's own does: who waits shall look again


class QuickBatch(ProducerBatch):  # type: ignore[misc]  # kafka-python has no types
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
        arrival = Arrival(self.produce_future, told.offset)
        self._record_futures.append(arrival)
        return arrival


class OpenPartition:
    """A partition of a topic in one transaction, and the batches that wait to be sent to it."""

    __slots__ = ("_accumulator", "_batches", "_lock", "is_added", "place")

    def __init__(self, accumulator: Any, place: TopicPartition) -> None:
        """`accumulator`: where the client keeps its batches."""
        self.place = place
        self.is_added = False
        self._accumulator = accumulator
        self._lock = accumulator._tp_lock(place)  # noqa: SLF001  # the client's own
        self._batches = accumulator._batches[place]  # noqa: SLF001  # the client's own

    def append_to_last(self, key: bytes, value: bytes | None, headers: Headers) -> Any:
        """Add a message to the batch that is being filled; None where there is no room.

        As the client does under the same lock, without a count of those who are at it: a producer
        that is closed by force waits for that count, and here nobody else closes it.
        """
        with self._lock:
            if not self._batches or self._accumulator._closed:  # noqa: SLF001  # the client's own
                return None
            return self._batches[-1].try_append(None, key, value, headers)


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


class QuickBatchBuilder(DefaultRecordBatchBuilder):  # type: ignore[misc]  # kafka-python has no types
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
