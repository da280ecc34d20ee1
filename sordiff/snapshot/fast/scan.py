"""The scan: every record of a file checked and summarised, on two cores if the file is large."""

import codecs
from collections.abc import Callable
from typing import Final

import msgspec

from sordiff.snapshot.fast.halves import find_middle
from sordiff.snapshot.fast.record_columns import RecordColumns, ScannedPart
from sordiff.snapshot.fast.record_pattern import RecordPattern
from sordiff.snapshot.fast.record_scanner import RecordScanner
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.worker_process import SendPart, run_in_worker

_CHUNK: Final = 64 * 1024  # with larger ones the allocator keeps tens of megabytes
# What this process scans itself: it must still take in what the worker has found.
_OWN_SHARE: Final = 0.47
_DECODER: Final = msgspec.msgpack.Decoder(ScannedPart)


def scan_file(content: Content, frame: RootFrame) -> RecordColumns:
    """Scan all records; UnsureError if the plain road must read the file."""
    begin, stop = frame.records_start, len(content)
    middle = find_middle(content, begin, _OWN_SHARE)
    columns = RecordColumns(begin)
    pattern = RecordPattern(content, frame.root_tag, frame.namespaces)

    def scan(start: int, end: int, take: Callable[[ScannedPart], None]) -> None:
        _check_utf8(content, start, end)
        RecordScanner(content, frame, pattern).scan(start, end, take)

    if middle is None:
        scan(begin, stop, columns.add)
        return columns

    def scan_second_part(send_part: SendPart) -> None:
        scan(middle, stop, lambda part: send_part(msgspec.msgpack.encode(part)))

    with run_in_worker(scan_second_part) as worker:
        scan(begin, middle, columns.add)
        if not worker.wait_for_success():
            raise UnsureError("the second part")
        for part in worker.read_parts():
            columns.add(_DECODER.decode(part))
    return columns


def _check_utf8(content: Content, begin: int, stop: int) -> None:
    """Check that a part is UTF-8: a record that matches the pattern is never decoded."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(begin, stop, _CHUNK):
            decoder.decode(content[start : min(start + _CHUNK, stop)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnsureError("not UTF-8") from error
