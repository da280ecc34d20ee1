"""The keys of a topic, read with less to do than kafka-python's own reading.

That one decodes each header of each record, copies each value, and makes two objects of each.
Whoever wants to know which keys stand in a topic needs of a batch its keys, and of each whether it
has a value, and by whom it was sent.

Only sordiff.kafka.client_internals puts this in the place of the client's.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.util import decode_varint

# What says by whom a record was sent, in binary mode.
_WANTED: Final = (b"ce_type", b"ce_source")
# Each behind its length, as it is written.
_TYPE, _SOURCE = (bytes([2 * len(name)]) + name for name in _WANTED)
_MORE: Final = 0x80  # the number goes on in the next byte
_Headers: TypeAlias = list[tuple[str, bytes | None]]
# Whether a record with a value is meant: told its headers that tell the sender, and its value.
Judge: TypeAlias = Callable[[_Headers, bytes], bool]
# Key -> whether a value stands under it now.
Standing: TypeAlias = dict[bytes | None, bool]


class BriefRecord(NamedTuple):
    """All records of a batch as one, with the fields of the client's own record.

    `offset` is that of the last of them, `value` what they say of their keys.
    """

    offset: int
    timestamp: int
    timestamp_type: int
    key: None
    value: Standing
    headers: _Headers
    size_in_bytes: int
    checksum: None = None

    def validate_crc(self) -> bool:
        """As of the client's own: the sum is that of the batch."""
        return True


class Reading:
    """Which records are meant, and how the headers of the one before began.

    Mostly all records of a topic begin their headers alike, and so one of them is judged for all:
    if it has a type and a source there, its value does not matter.
    """

    __slots__ = ("beginning", "is_meant", "judge")

    def __init__(self, judge: Judge) -> None:
        """No record was read yet."""
        self.judge = judge
        self.beginning = b"\x01"  # no headers begin with the count -1
        self.is_meant = False


class BriefBatch(DefaultRecordBatch):  # type: ignore[misc]  # kafka-python has no types
    """A batch that gives one record, of what it says of its keys; control batches are the client's.

    It says nothing of a key whose only values are of others. Where the reading begins within a
    batch, the records before are read as well: they were there once.
    """

    reading: ClassVar[Reading]
    _buffer: Any
    _pos: int

    def __iter__(self) -> Iterator[Any]:
        """The one record; CorruptRecordError if the records are not what the batch says."""
        self._maybe_uncompress()
        if self.is_control_batch:
            return self
        if not self.records_count:  # compacted, and kept for the number of its sender
            return iter(())
        told = self._read_standing(bytes(self._buffer))
        record = BriefRecord(
            self.last_offset, self.max_timestamp, self.timestamp_type, None, told, [], 0
        )
        return iter((record,))

    def _read_standing(self, buffer: bytes) -> Standing:
        found: Standing = {}
        position, whole = self._pos, len(buffer)
        reading = self.reading
        beginning, is_meant = reading.beginning, reading.is_meant
        try:
            for _ in range(self.records_count):
                length, start = decode_varint(buffer, position)
                position = start + length
                if length < 0 or position > whole:
                    raise CorruptRecordError
                key, size, value = _read_key(buffer, start)
                headers = value + size
                if size < 0:
                    found[key] = False
                elif buffer.startswith(beginning, headers) and not _tells_again(
                    buffer, headers + len(beginning), position
                ):
                    if is_meant:
                        found[key] = True
                else:
                    told, behind = _read_sender(buffer, headers)
                    meant = reading.judge(told, buffer[value:headers])
                    if meant:
                        found[key] = True
                    if behind is not None:
                        beginning, is_meant = buffer[headers:behind], meant
        except (ValueError, IndexError) as error:
            raise CorruptRecordError from error
        if position != whole:
            raise CorruptRecordError
        reading.beginning, reading.is_meant = beginning, is_meant
        return found


def _read_key(buffer: bytes, position: int) -> tuple[bytes | None, int, int]:
    """Of a record behind its length: its key, the size of its value (-1: none) and its place."""
    position += 1  # the attributes, which are a byte and not used
    for _ in range(2):  # the time and the offset
        while buffer[position] & _MORE:
            position += 1
        position += 1
    size, position = decode_varint(buffer, position)
    key = buffer[position : position + size] if size >= 0 else None
    size, position = decode_varint(buffer, position + max(0, size))
    return key, size, position


def build_brief_batch(judge: Judge) -> type[BriefBatch]:
    """A kind of batch for one reading."""
    return type("JudgedBatch", (BriefBatch,), {"reading": Reading(judge)})


def _tells_again(buffer: bytes, begin: int, end: int) -> bool:
    """Whether more is told of the sender here; it may also look so where it is not."""
    return buffer.find(_SOURCE, begin, end) >= 0 or buffer.find(_TYPE, begin, end) >= 0


def _read_sender(buffer: bytes, position: int) -> tuple[_Headers, int | None]:
    """The headers that tell the sender, in order.

    And where the last of them ends, if each of them is there once and says something.
    """
    found: _Headers = []
    behind = None
    count, position = decode_varint(buffer, position)
    for _ in range(count):
        size, begin = decode_varint(buffer, position)
        position = begin + size
        name = buffer[begin:position]
        size, begin = decode_varint(buffer, position)
        position = begin + max(0, size)
        if name in _WANTED:
            found.append((name.decode(), buffer[begin:position] if size >= 0 else None))
            behind = position
    once = {name for name, said in found if said is not None}
    return found, behind if len(found) == len(once) == len(_WANTED) else None
