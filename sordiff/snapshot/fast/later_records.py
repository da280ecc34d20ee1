"""The records of the later touched subtrees, read by a worker process while this one reads others.

A night of a great import touches so many that to read them takes longest. The worker reads each
record by itself; where it stands, this process finds out, and takes nothing that stands elsewhere.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import accumulate
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.found_subtrees import FoundSubtrees
from sordiff.snapshot.fast.halves import start_nesting
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.subtrees import KIND_LETTERS, Nesting
from sordiff.unit_records import decode_unit
from sordiff.worker_process import SendPart, WorkerProcess, run_in_worker

# The records are handed on in batches of so many: what two processes hold counts twice.
_BATCH_SIZE: Final = 2_000
# How much of the touched bytes this process reads itself: it also takes what the worker read.
_OWN_SHARE: Final = 0.55


class _Batch(Struct, array_like=True):
    """Records with the offsets at which they begin, in order of the file.

    `unknown_size`: how many characters of all that was read so far are kept as unknown.
    """

    offsets: list[int]
    records: list[bytes]
    unknown_size: int = 0


_DECODER: Final = msgspec.msgpack.Decoder(_Batch)


class LaterRecords:
    """What the worker reads; each record is taken once, in order of the file."""

    def __init__(self, begin: int, worker: WorkerProcess) -> None:
        """`begin`: the worker reads nothing that begins before this offset."""
        self._begin = begin
        self._worker = worker
        self._read: Iterator[tuple[int, bytes]] | None = None
        self._next: tuple[int, bytes] | None = None
        self.unknown_size = 0

    def take(self, record: RecordSlice, parent_id: SorId | None) -> Unit | None:
        """The unit of a record below this parent; None where this process must read it."""
        offset = record.record_start
        if offset < self._begin:
            return None
        if self._read is None:
            self._read = self._wait(self._worker)
            self._next = next(self._read, None)
        while self._next is not None and self._next[0] < offset:
            self._next = next(self._read, None)
        if self._next is None or self._next[0] != offset:
            return None
        unit = decode_unit(self._next[1])
        return unit if unit.parent_id == parent_id else None

    def _wait(self, worker: WorkerProcess) -> Iterator[tuple[int, bytes]]:
        """All that it read; nothing where it failed, for this process says better why."""
        if not worker.wait_for_success():
            return
        for part in worker.read_parts():
            batch = _DECODER.decode(part)
            self.unknown_size = batch.unknown_size
            yield from zip(batch.offsets, batch.records, strict=True)


@contextmanager
def read_later_records(
    content: Content, frame: RootFrame, subtrees: FoundSubtrees, known: Mapping[bytes, SorId]
) -> Iterator[LaterRecords]:
    """Read records while the block runs; `known`: digests of records that stay, with their ids."""
    later = _leave_own_share(subtrees)

    def read(send_part: SendPart) -> None:
        _read_subtrees(content, frame, later, known, send_part)

    with run_in_worker(read) as worker:
        yield LaterRecords(later.begin, worker)


def _leave_own_share(subtrees: FoundSubtrees) -> FoundSubtrees:
    """Those behind the ones that this process reads itself."""
    left = (1 - _OWN_SHARE) * subtrees.measure_touched()
    sizes = [end - start if isinstance(found, bytes) else 0 for start, end, found in subtrees]
    later = sum(size <= left for size in accumulate(reversed(sizes)))
    return subtrees.skip(len(sizes) - later)


def _read_subtrees(
    content: Content,
    frame: RootFrame,
    subtrees: FoundSubtrees,
    known: Mapping[bytes, SorId],
    send_part: SendPart,
) -> None:
    """Read the touched ones of these subtrees, and send their records in batches."""
    reader = RecordReader(frame)
    batch = _Batch([], [])
    owner = start_nesting(subtrees.begin, frame.records_start).owner
    for start, end, found in subtrees:
        if not isinstance(found, bytes):
            owner = subtrees.owners.get(found)
            continue
        last = end == len(content)
        records, closed = split_subtree(content, start, end, last=last)
        nesting = Nesting(owner)
        for record in records:
            close_before_record(nesting, record)
            sor_id = known.get(xxh3_128_digest(content[record.start : record.end]))
            if sor_id is None:
                written = content[record.record_start : record.end]
                sor_id, encoded = reader.encode(written, record.kind, nesting.parent)
                batch.offsets.append(record.record_start)
                batch.records.append(encoded)
            nesting.open_wrapper(KIND_LETTERS[record.kind], sor_id)
        close_after_records(nesting, closed, last=last)
        owner = nesting.owner
        if len(batch.offsets) >= _BATCH_SIZE:
            batch.unknown_size = reader.unknown_size
            send_part(msgspec.msgpack.encode(batch))
            batch = _Batch([], [])
    batch.unknown_size = reader.unknown_size
    send_part(msgspec.msgpack.encode(batch))
