"""Every record of a file judged by a look, on two cores where the file is worth it.

The stretches are independent but for the owner that is open between them; where a stretch begins
with the end of its owner, the second half can therefore be judged by itself, by a child process.
"""

import codecs
import os
import re
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import Kind, SorId
from sordiff.snapshot.fast.all_records import close_after_records, close_before_record
from sordiff.snapshot.fast.record_pattern import RecordPatterns
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import (
    INSTITUTION_END,
    Content,
    RecordSlice,
    check_distance,
    find_record,
    find_subtrees,
    read_closing_tags,
)
from sordiff.snapshot.fast.worker_process import SendPart, run_in_worker
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS, Nesting, find_owner_before

# Below this a second process is not worth its start.
_MIN_SIZE_FOR_WORKER: Final = 16 * 1024**2
_OWNER_END: Final = re.compile(rb"[ \t\r\n]*</InstitutionOwnerEntity>")
_CHUNK: Final = 64 * 1024  # larger ones leave the allocator with tens of megabytes
_UNKNOWN_OWNER: Final = SorId("?")
# So many units a child holds before it passes them on: what two processes hold counts twice.
_BATCH_SIZE: Final = 4_000


class ScannedRecord(Struct, frozen=True, gc=False, array_like=True):
    """Where a unit stands: its record in the file, its kind, the unit above it."""

    summary: RecordSummary
    start: int
    end: int
    kind: Kind
    parent_id: SorId | None


class ScannedSubtree(Struct, frozen=True, gc=False, array_like=True):
    """A subtree of the file with its digest, its units, and the owners before and after it."""

    start: int
    end: int
    last: bool
    digest: bytes
    units: list[SorId]
    owner_before: SorId | None
    owner_after: SorId | None


class ScanResult(Struct, array_like=True):
    """The units of a part of the file, and its stretches."""

    records: list[ScannedRecord]
    subtrees: list[ScannedSubtree]


_DECODER: Final = msgspec.msgpack.Decoder(ScanResult)


def scan_file(content: Content, frame: RootFrame) -> ScanResult:
    """Judge all records; UnsureError where the plain road must read the file."""
    middle = _find_middle(content, frame.records_start)
    if middle is None:
        return _scan_range(content, frame, frame.records_start, len(content))

    def second_half(pass_on: SendPart) -> None:
        def take(found: ScanResult) -> None:
            pass_on(msgspec.msgpack.encode(found))

        take(_scan_range(content, frame, middle, len(content), take))

    with run_in_worker(second_half) as child:
        found = _scan_range(content, frame, frame.records_start, middle)
        if not child.wait_for_success():
            raise UnsureError("the second half")
        for part in child.read_parts():
            more = _DECODER.decode(part)
            found.records += more.records
            found.subtrees += more.subtrees
    return found


def _find_middle(content: Content, begin: int) -> int | None:
    """Where the second half begins: behind the last institution of an owner."""
    if len(content) < _MIN_SIZE_FOR_WORKER or (os.cpu_count() or 1) < 2:  # noqa: PLR2004  # two halves
        return None
    place = (begin + len(content)) // 2
    while (found := content.find(INSTITUTION_END, place)) >= 0:
        place = found + len(INSTITUTION_END)
        if _OWNER_END.match(content, place):
            return place
    return None


def _scan_range(
    content: Content,
    frame: RootFrame,
    begin: int,
    stop: int,
    passed_on: Callable[[ScanResult], None] | None = None,
) -> ScanResult:
    """Judge a part; what is found is passed on from time to time where somebody takes it."""
    _check_utf8(content, begin, stop)
    look = _RecordScanner(content, frame)
    found = ScanResult([], [])
    nesting = Nesting(None if begin == frame.records_start else _UNKNOWN_OWNER)
    with memoryview(content) as view:
        for start, end, last in find_subtrees(content, begin, stop):
            ids: list[SorId] = []
            below, position, ended = None, start, start
            while told := look.scan_record(position, end):
                cut, glance = told
                position = cut.end
                if cut.closed:
                    check_distance(ended, cut.record_start)
                    ended = cut.start
                if not ids:
                    below = find_owner_before(nesting, cut.closed)
                close_before_record(nesting, cut)
                above = nesting.parent
                found.records.append(
                    ScannedRecord(glance, cut.record_start, cut.end, cut.kind, above)
                )
                nesting.open_wrapper(KIND_LETTERS[cut.kind], glance.sor_id)
                ids.append(glance.sor_id)
            check_distance(ended, end)
            close_after_records(
                nesting, read_closing_tags(content, position, end, last=last), last=last
            )
            if ids:
                digest = xxh3_128_digest(view[start:end])
                found.subtrees.append(
                    ScannedSubtree(start, end, last, digest, ids, below, nesting.owner)
                )
            if passed_on is not None and len(found.records) >= _BATCH_SIZE:
                passed_on(found)
                found = ScanResult([], [])
    return found


class _RecordScanner:
    """Looks at the pieces of a file: most are recognised, of the others the record is read."""

    def __init__(self, content: Content, frame: RootFrame) -> None:
        self._content = content
        self._recognise = RecordPatterns(content, frame.root_tag, frame.namespaces).match_record
        self._reader = RecordReader(frame)

    def scan_record(self, start: int, end: int) -> tuple[RecordSlice, RecordSummary] | None:
        """The piece that begins here with its glance; None where no record follows."""
        content = self._content
        recognised = self._recognise(content, start, end)
        if recognised is not None:
            return recognised
        cut = find_record(content, start, end)
        if cut is None:
            return None
        return cut, self._reader.summarise(content[cut.record_start : cut.end], cut.kind)


def _check_utf8(content: Content, begin: int, stop: int) -> None:
    """What is recognised is not decoded, so that this is seen to for all of it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(begin, stop, _CHUNK):
            decoder.decode(content[start : min(start + _CHUNK, stop)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnsureError("not UTF-8") from error
