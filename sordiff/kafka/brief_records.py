"""Records of a topic, read for their keys alone: with less to do than kafka-python's own reading.

That one decodes each header of each record, and copies each value. Whoever wants to know which keys
there are needs of a record its key, whether it has a value, and by whom it was sent.

Only sordiff.kafka.client_internals puts this in the place of the client's.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.util import decode_varint

# What says by whom a record was sent, in binary mode.
_WANTED: Final = frozenset({b"ce_type", b"ce_source"})
_MORE: Final = 0x80  # the number goes on in the next byte
_Headers = list[tuple[str, bytes | None]]


class BriefRecord(NamedTuple):
    """A record as the client's own names it, but with those headers alone that tell the sender.

    A value of a record that has these headers is empty.
    """

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: _Headers
    size_in_bytes: int
    checksum: None = None

    def validate_crc(self) -> bool:
        """As of the client's own: the sum is that of the batch."""
        return True


class BriefBatch(DefaultRecordBatch):  # type: ignore[misc]  # kafka-python has no types
    """A batch that reads its records briefly; those of control batches are the client's."""

    _buffer: Any
    _pos: int

    def __iter__(self) -> Iterator[Any]:
        """The records, in order; CorruptRecordError if they are not what the batch says."""
        self._maybe_uncompress()
        if self.is_control_batch:
            return self
        return self._read_briefly(bytes(self._buffer))

    def _read_briefly(self, buffer: bytes) -> Iterator[BriefRecord]:
        position, base, at, kind = (
            self._pos,
            self.base_offset,
            self.max_timestamp,
            self.timestamp_type,
        )
        try:
            for _ in range(self.records_count):
                length, start = decode_varint(buffer, position)
                # Behind the attributes, which are a byte and not used.
                _, position = decode_varint(buffer, start + 1)
                offset, position = decode_varint(buffer, position)
                size, position = decode_varint(buffer, position)
                key = buffer[position : position + size] if size >= 0 else None
                position += max(0, size)
                size, position = decode_varint(buffer, position)
                begin, position = position, position + max(0, size)
                headers = _read_sender(buffer, position)
                value = None if size < 0 else b"" if headers else buffer[begin:position]
                position = start + length
                if length < 0 or position > len(buffer):
                    raise CorruptRecordError
                yield BriefRecord(base + offset, at, kind, key, value, headers, length)
        except (ValueError, IndexError) as error:
            raise CorruptRecordError from error
        if position != len(buffer):
            raise CorruptRecordError


def _read_sender(buffer: bytes, position: int) -> _Headers:
    """The headers that tell the sender, in order; others behind the last of them are not read."""
    found: _Headers = []
    count, position = decode_varint(buffer, position)
    for _ in range(count):
        size = buffer[position]
        if size & _MORE:
            size, begin = decode_varint(buffer, position)
        else:
            size, begin = size >> 1, position + 1
        position = begin + size
        name = buffer[begin:position]
        size = buffer[position]
        if size & _MORE or size & 1:
            size, begin = decode_varint(buffer, position)
        else:
            size, begin = size >> 1, position + 1
        position = begin + max(0, size)
        if name in _WANTED:
            found.append((name.decode(), buffer[begin:position] if size >= 0 else None))
            if len(found) == len(_WANTED):
                break
    return found
