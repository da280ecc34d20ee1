"""The second part of a large file, read by a worker process while this one reads the first.

The worker opens the file itself, and finds a place behind an owner. What it has read is looked up
by the bytes of each stretch. So nothing depends on where it began or on what it missed, nor on
whether somebody wrote to the file meanwhile: what is not found is read here.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.snapshot.fast.halves import is_worth_worker
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.stretches.known_records import OwnerRead
from sordiff.snapshot.stretches.owner_stretches import OwnerStretches
from sordiff.snapshot.stretches.stretch_reader import StretchReader
from sordiff.worker_process import SendPart, WorkerProcess, run_in_worker

# What the worker has read must still be decoded here, so that it gets less than half.
_OWN_PART: Final = 0.48
_BATCH_SIZE: Final = 4_000


class _Batch(Struct, array_like=True):
    """Some owners, and how many characters are kept as unknown of all that was read so far."""

    owners: list[OwnerRead]
    unknown_size: int


_DECODER: Final = msgspec.msgpack.Decoder(_Batch)


class ReadAhead:
    """What a worker has read of a file from the offset `begin` on; nothing if there is none."""

    def __init__(self, worker: WorkerProcess | None, begin: int) -> None:
        """Nothing is waited for yet."""
        self._worker = worker
        self._owners: dict[bytes, OwnerRead] = {}
        self.begin = begin
        self.unknown_size = 0

    def find_owner(self, digest: bytes, offset: int) -> OwnerRead | None:
        """The owner whose stretch has this digest; it is forgotten then. Waits for the worker."""
        if offset < self.begin:
            return None
        worker, self._worker = self._worker, None
        if worker is not None and worker.wait_for_success():
            for part in worker.read_parts():
                batch = _DECODER.decode(part)
                self._owners.update((owner.digest, owner) for owner in batch.owners)
                self.unknown_size = batch.unknown_size
        return self._owners.pop(digest, None)


@contextmanager
def read_ahead(file: Path | None, frame: RootFrame, *, note_digests: bool) -> Iterator[ReadAhead]:
    """Let a worker read the second part of a plain file during the block, if that is worth it."""
    size = 0
    with suppress(OSError):
        size = 0 if file is None else file.stat().st_size
    if file is None or not is_worth_worker(size):
        yield ReadAhead(None, size)
        return
    begin = int(size * _OWN_PART)

    def work(send_part: SendPart) -> None:
        _read_from(file, begin, StretchReader(frame, note_digests=note_digests), send_part)

    with run_in_worker(work) as worker:
        yield ReadAhead(worker, begin)


def _read_from(file: Path, begin: int, reader: StretchReader, send_part: SendPart) -> None:
    """Read the owners behind the first end of one, and send them in batches."""
    owners: list[OwnerRead] = []
    count = 0
    with file.open("rb") as content:
        content.seek(begin)
        stretches = OwnerStretches(content).cut()
        next(stretches, None)  # the rest of an owner
        for within, start, end in stretches:
            with memoryview(within) as view:
                digest = xxh3_128_digest(view[start:end])
            owner = reader.read(within, start, end, digest=digest)
            if owner is None:
                continue
            owners.append(owner)
            count += len(owner.units)
            if count >= _BATCH_SIZE:
                send_part(msgspec.msgpack.encode(_Batch(owners, reader.unknown_size)))
                owners, count = [], 0
    send_part(msgspec.msgpack.encode(_Batch(owners, reader.unknown_size)))
