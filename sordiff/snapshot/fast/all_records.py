"""All units of a snapshot, read record by record, and the digests of its subtrees.

Of a large file a worker process reads the second half. Each unit is kept as its record, which is
what a first night writes; as objects they would take half a gigabyte.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import SorId
from sordiff.snapshot.fast.halves import find_middle, start_nesting
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_subtrees, split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.plain.blocks import MAX_UNKNOWN_TEXT
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.spooled_units import SpooledUnits, UnitSpool
from sordiff.subtrees import (
    KIND_LETTERS,
    Nesting,
    RecordDigest,
    Subtree,
    encode_digests,
    find_owner_before,
)
from sordiff.worker_process import SendPart, run_in_worker

# The records are handed on in batches of so many: what two processes hold counts twice.
_BATCH_SIZE: Final = 4_000


class _Batch(Struct, array_like=True):
    """The units of a part of a snapshot as records, and their subtrees, in order of the file.

    `sizes`: how many bytes each subtree has, also those without a unit.
    `unknown_size`: how many characters of all that was read before are kept as unknown.
    """

    ids: list[SorId]
    records: list[bytes]
    subtrees: list[Subtree]
    sizes: list[int]
    unknown_size: int = 0


_Send = Callable[[_Batch], None]
_DECODER: Final = msgspec.msgpack.Decoder(_Batch)


class UnitsRead(Struct, frozen=True):
    """Every unit of a snapshot, and the subtrees in which they stand, with the sizes of all."""

    units: SpooledUnits
    subtrees: list[Subtree]
    sizes: Sequence[int]


class _Collected:
    """What was read of all parts so far."""

    def __init__(self) -> None:
        self.spool = UnitSpool()
        self.subtrees: list[Subtree] = []
        self.sizes = array("q")

    def add(self, batch: _Batch) -> None:
        for sor_id, record in zip(batch.ids, batch.records, strict=True):
            self.spool.add_record(sor_id, record)
        self.subtrees += batch.subtrees
        self.sizes.extend(batch.sizes)


def read_all_records(
    content: Content, frame: RootFrame, progress: Callable[[int], None] | None
) -> UnitsRead:
    """Read all records; UnsureError if the plain road must read the file."""
    middle = find_middle(content, frame.records_start)
    found = _Collected()
    if middle is None:
        part = frame.records_start, len(content)
        unknown_size = _read_range(content, frame, part, progress, found.add)
    else:
        unknown_size = _read_halves(content, frame, middle, progress, found)
    units = found.spool.finish()
    if len(units) != len(found.spool) or not 0 < len(units) <= MAX_UNITS:
        raise UnsureError("one SOR id twice, no unit, or too many")
    if unknown_size > MAX_UNKNOWN_TEXT:
        raise UnsureError("too much that is unknown")
    return UnitsRead(units, found.subtrees, found.sizes)


def _read_halves(
    content: Content,
    frame: RootFrame,
    middle: int,
    progress: Callable[[int], None] | None,
    found: _Collected,
) -> int:
    """Read both halves; how many characters of them are kept as unknown."""
    begin = frame.records_start

    def read_second_half(send_part: SendPart) -> None:
        def send(batch: _Batch) -> None:
            send_part(msgspec.msgpack.encode(batch))

        _read_range(content, frame, (middle, len(content)), None, send)

    def tell(offset: int) -> None:
        """As much is read by the worker meanwhile."""
        if progress is not None:
            progress(min(len(content), 2 * offset - begin))

    with run_in_worker(read_second_half) as worker:
        unknown_size = _read_range(content, frame, (begin, middle), tell, found.add)
        if not worker.wait_for_success():
            raise UnsureError("the second half")
        of_second_half = 0
        for part in worker.read_parts():
            batch = _DECODER.decode(part)
            found.add(batch)
            of_second_half = batch.unknown_size
    return unknown_size + of_second_half


def _read_range(
    content: Content,
    frame: RootFrame,
    part: tuple[int, int],
    progress: Callable[[int], None] | None,
    send: _Send,
) -> int:
    """Read a part of the file, and send it in batches; how many characters are kept as unknown."""
    reader = RecordReader(frame)
    found = _Batch([], [], [], [])
    count = 0
    nesting = start_nesting(part[0], frame.records_start)
    with memoryview(content) as view:
        for start, end, last in find_subtrees(content, *part):
            found.sizes.append(end - start)
            records, closed = split_subtree(content, start, end, last=last)
            owner_before = find_owner_before(nesting, records[0].closed) if records else None
            digests = [_read_record(record, view, reader, nesting, found) for record in records]
            close_after_records(nesting, closed, last=last)
            if records:
                digest = xxh3_128_digest(view[start:end])
                pieces = encode_digests(digests)
                found.subtrees.append(Subtree(digest, owner_before, nesting.owner, pieces))
            if count + len(found.ids) > MAX_UNITS:
                raise UnsureError("too many units")
            if progress is not None:
                progress(end)
            if len(found.ids) >= _BATCH_SIZE:
                count += len(found.ids)
                send(found)
                found = _Batch([], [], [], [])
    found.unknown_size = reader.unknown_size
    send(found)
    return found.unknown_size


def _read_record(
    record: RecordSlice,
    view: memoryview,
    reader: RecordReader,
    nesting: Nesting,
    found: _Batch,
) -> RecordDigest:
    """Read one record and add its unit."""
    close_before_record(nesting, record)
    written = bytes(view[record.record_start : record.end])
    sor_id, encoded = reader.encode(written, record.kind, nesting.parent)
    found.ids.append(sor_id)
    found.records.append(encoded)
    letter = KIND_LETTERS[record.kind]
    nesting.open_wrapper(letter, sor_id)
    digest = xxh3_128_digest(view[record.start : record.end])
    return RecordDigest(digest, record.closed, letter, sor_id)
