"""The scan: every record of a file checked and summarised, on two cores if the file is large."""

import codecs
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import Kind, SorId
from sordiff.snapshot.fast.halves import find_middle, start_nesting
from sordiff.snapshot.fast.record_pattern import RecordPatterns
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import (
    Content,
    RecordSlice,
    check_distance,
    find_record,
    find_subtrees,
    read_closing_tags,
)
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS, find_owner_before
from sordiff.worker_process import SendPart, run_in_worker

_CHUNK: Final = 64 * 1024  # with larger ones the allocator keeps tens of megabytes
# The worker sends its units in batches of so many: what two processes hold counts twice.
_BATCH_SIZE: Final = 4_000


class ScannedRecord(Struct, frozen=True, gc=False, array_like=True):
    """A record in the file: its summary, its offsets, its kind, and the parent of its unit."""

    summary: RecordSummary
    start: int
    end: int
    kind: Kind
    parent_id: SorId | None


class ScannedSubtree(Struct, frozen=True, gc=False, array_like=True):
    """A subtree in the file: its offsets, its digest, its units, the owners before and after it."""

    start: int
    end: int
    last: bool
    digest: bytes
    units: list[SorId]
    owner_before: SorId | None
    owner_after: SorId | None


class ScanResult(Struct, array_like=True):
    """The records of a part of the file, and its subtrees, each in order."""

    records: list[ScannedRecord]
    subtrees: list[ScannedSubtree]


_DECODER: Final = msgspec.msgpack.Decoder(ScanResult)


def scan_file(content: Content, frame: RootFrame) -> ScanResult:
    """Scan all records; UnsureError if the plain road must read the file."""
    middle = find_middle(content, frame.records_start)
    if middle is None:
        return _scan_range(content, frame, frame.records_start, len(content))

    def scan_second_half(send_part: SendPart) -> None:
        def send(batch: ScanResult) -> None:
            send_part(msgspec.msgpack.encode(batch))

        send(_scan_range(content, frame, middle, len(content), send))

    with run_in_worker(scan_second_half) as worker:
        result = _scan_range(content, frame, frame.records_start, middle)
        if not worker.wait_for_success():
            raise UnsureError("the second half")
        for part in worker.read_parts():
            batch = _DECODER.decode(part)
            result.records += batch.records
            result.subtrees += batch.subtrees
    return result


def _scan_range(
    content: Content,
    frame: RootFrame,
    begin: int,
    stop: int,
    send: Callable[[ScanResult], None] | None = None,
) -> ScanResult:
    """Scan a part of the file; with `send`, full batches are sent, and the rest is returned."""
    _check_utf8(content, begin, stop)
    scan_record = _RecordScanner(content, frame).scan_record
    result = ScanResult([], [])
    nesting = start_nesting(begin, frame.records_start)
    with memoryview(content) as view:
        for start, end, last in find_subtrees(content, begin, stop):
            ids: list[SorId] = []
            owner_before, position, last_end = None, start, start
            while scanned := scan_record(position, end):
                record, summary = scanned
                position = record.end
                if record.closed:
                    check_distance(last_end, record.record_start)
                    last_end = record.start
                if not ids:
                    owner_before = find_owner_before(nesting, record.closed)
                close_before_record(nesting, record)
                parent_id = nesting.parent
                result.records.append(
                    ScannedRecord(summary, record.record_start, record.end, record.kind, parent_id)
                )
                nesting.open_wrapper(KIND_LETTERS[record.kind], summary.sor_id)
                ids.append(summary.sor_id)
            check_distance(last_end, end)
            closed = read_closing_tags(content, position, end, last=last)
            close_after_records(nesting, closed, last=last)
            if ids:
                digest = xxh3_128_digest(view[start:end])
                result.subtrees.append(
                    ScannedSubtree(start, end, last, digest, ids, owner_before, nesting.owner)
                )
            if send is not None and len(result.records) >= _BATCH_SIZE:
                send(result)
                result = ScanResult([], [])
    return result


class _RecordScanner:
    """Summarises the records of a file: most by a pattern, the others by reading them."""

    def __init__(self, content: Content, frame: RootFrame) -> None:
        self._content = content
        self._match = RecordPatterns(content, frame.root_tag, frame.namespaces).match_record
        self._reader = RecordReader(frame)

    def scan_record(self, start: int, end: int) -> tuple[RecordSlice, RecordSummary] | None:
        """The record from this offset, with its summary; None if no record follows."""
        content = self._content
        matched = self._match(content, start, end)
        if matched is not None:
            return matched
        record = find_record(content, start, end)
        if record is None:
            return None
        return record, self._reader.summarise(
            content[record.record_start : record.end], record.kind
        )


def _check_utf8(content: Content, begin: int, stop: int) -> None:
    """Check that a part is UTF-8: a record that matches a pattern is never decoded."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(begin, stop, _CHUNK):
            decoder.decode(content[start : min(start + _CHUNK, stop)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnsureError("not UTF-8") from error
