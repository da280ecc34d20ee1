"""All units of a snapshot, read record by record, and the digests of its subtrees.

Of a large file a worker process reads the second half.
"""

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.halves import find_middle, start_nesting
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_subtrees, split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.plain.blocks import MAX_UNKNOWN_TEXT
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.source.worker_process import SendPart, run_in_worker
from sordiff.subtrees import KIND_LETTERS, Nesting, RecordDigest, Subtree, find_owner_before

# The worker sends its units in batches of so many: what two processes hold counts twice.
_BATCH_SIZE: Final = 4_000


class AllRecords(Struct, array_like=True):
    """The units of a snapshot or of a part of it, and their subtrees, in order of the file.

    `unknown_size`: how many characters of all that was read before are kept as unknown.
    """

    units: list[Unit]
    subtrees: list[Subtree]
    unknown_size: int = 0


_Send = Callable[[AllRecords], None]
_DECODER: Final = msgspec.msgpack.Decoder(AllRecords)


class UnitsRead(Struct, frozen=True):
    """Every unit of a snapshot, and the subtrees in which they stand."""

    units: dict[SorId, Unit]
    subtrees: list[Subtree]


def read_all_records(
    content: Content, frame: RootFrame, progress: Callable[[int], None] | None
) -> UnitsRead:
    """Read all records; UnsureError if the plain road must read the file."""
    middle = find_middle(content, frame.records_start)
    if middle is None:
        found = _read_range(content, frame, (frame.records_start, len(content)), progress)
    else:
        found = _read_halves(content, frame, middle, progress)
    units = {unit.sor_id: unit for unit in found.units}
    if len(units) != len(found.units) or not 0 < len(units) <= MAX_UNITS:
        raise UnsureError("one SOR id twice, no unit, or too many")
    if found.unknown_size > MAX_UNKNOWN_TEXT:
        raise UnsureError("too much that is unknown")
    return UnitsRead(units, found.subtrees)


def _read_halves(
    content: Content, frame: RootFrame, middle: int, progress: Callable[[int], None] | None
) -> AllRecords:
    begin = frame.records_start

    def read_second_half(send_part: SendPart) -> None:
        def send(batch: AllRecords) -> None:
            send_part(msgspec.msgpack.encode(batch))

        send(_read_range(content, frame, (middle, len(content)), None, send))

    def tell(offset: int) -> None:
        """As much is read by the worker meanwhile."""
        if progress is not None:
            progress(min(len(content), 2 * offset - begin))

    with run_in_worker(read_second_half) as worker:
        found = _read_range(content, frame, (begin, middle), tell)
        if not worker.wait_for_success():
            raise UnsureError("the second half")
        sizes = [found.unknown_size, 0]
        for part in worker.read_parts():
            batch = _DECODER.decode(part)
            found.units += batch.units
            found.subtrees += batch.subtrees
            sizes[1] = batch.unknown_size
    found.unknown_size = sum(sizes)
    return found


def _read_range(
    content: Content,
    frame: RootFrame,
    part: tuple[int, int],
    progress: Callable[[int], None] | None,
    send: _Send | None = None,
) -> AllRecords:
    """Read a part of the file; with `send`, full batches are sent, and the rest is returned."""
    reader = RecordReader(frame)
    found = AllRecords([], [])
    count = 0
    nesting = start_nesting(part[0], frame.records_start)
    with memoryview(content) as view:
        for start, end, last in find_subtrees(content, *part):
            records, closed = split_subtree(content, start, end, last=last)
            owner_before = find_owner_before(nesting, records[0].closed) if records else None
            digests = [_read_record(record, view, reader, nesting, found) for record in records]
            close_after_records(nesting, closed, last=last)
            if records:
                digest = xxh3_128_digest(view[start:end])
                found.subtrees.append(Subtree(digest, owner_before, nesting.owner, tuple(digests)))
            if count + len(found.units) > MAX_UNITS:
                raise UnsureError("too many units")
            if progress is not None:
                progress(end)
            if send is not None and len(found.units) >= _BATCH_SIZE:
                count += len(found.units)
                send(found)
                found = AllRecords([], [])
    found.unknown_size = reader.unknown_size
    return found


def _read_record(
    record: RecordSlice,
    view: memoryview,
    reader: RecordReader,
    nesting: Nesting,
    found: AllRecords,
) -> RecordDigest:
    """Read one record and add its unit."""
    close_before_record(nesting, record)
    unit = reader.read(bytes(view[record.record_start : record.end]), record.kind, nesting.parent)
    found.units.append(unit)
    letter = KIND_LETTERS[record.kind]
    nesting.open_wrapper(letter, unit.sor_id)
    digest = xxh3_128_digest(view[record.start : record.end])
    return RecordDigest(digest, record.closed, letter, unit.sor_id)
