"""A batch of messages, written with less to do than kafka-python's own.

That one goes over the headers of each message four times (to judge them, to estimate their size,
to write them, to add up their lengths) and writes each number byte by byte. What sordiff sends is
made by sordiff, and so needs no judging. What is written is the same, byte for byte.

Only sordiff.kafka.client_internals puts these in the place of the client's.
"""

import time
from typing import Any, Final

from kafka.producer.future import FutureRecordMetadata
from kafka.producer.producer_batch import ProducerBatch
from kafka.record.default_records import DefaultRecordBatchBuilder, DefaultRecordMetadata
from kafka.record.util import encode_varint

from sordiff.kafka.binding import Headers

_MOST_NUMBERS: Final = 65_536


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
