"""All units of a snapshot, read record by record, and the digests of its subtrees."""

from collections.abc import Callable

from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_subtrees, split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS, Nesting, RecordDigest, Subtree, find_owner_before


class AllRecords(Struct, frozen=True):
    """Every unit of a snapshot, and the subtrees in which they stand, in order of the file."""

    units: dict[SorId, Unit]
    subtrees: list[Subtree]


def read_all_records(
    content: Content, frame: RootFrame, progress: Callable[[int], None] | None
) -> AllRecords:
    """Read all records; UnsureError if the plain road must read the file."""
    reader = RecordReader(frame)
    units: dict[SorId, Unit] = {}
    subtrees: list[Subtree] = []
    nesting = Nesting(None)
    with memoryview(content) as view:
        for start, end, last in find_subtrees(content, frame.records_start):
            records, closed = split_subtree(content, start, end, last=last)
            owner_before = find_owner_before(nesting, records[0].closed) if records else None
            digests = [_read_record(record, view, reader, nesting, units) for record in records]
            close_after_records(nesting, closed, last=last)
            if records:
                digest = xxh3_128_digest(view[start:end])
                subtrees.append(Subtree(digest, owner_before, nesting.owner, tuple(digests)))
            if progress is not None:
                progress(end)
    if not units:
        raise UnsureError("no unit")
    return AllRecords(units, subtrees)


def _read_record(
    record: RecordSlice,
    view: memoryview,
    reader: RecordReader,
    nesting: Nesting,
    units: dict[SorId, Unit],
) -> RecordDigest:
    """Read one record and add its unit to `units`."""
    close_before_record(nesting, record)
    unit = reader.read(bytes(view[record.record_start : record.end]), record.kind, nesting.parent)
    sor_id = unit.sor_id
    if sor_id in units or len(units) >= MAX_UNITS:
        raise UnsureError("one SOR id twice, or too many units")
    units[sor_id] = unit
    letter = KIND_LETTERS[record.kind]
    nesting.open_wrapper(letter, sor_id)
    digest = xxh3_128_digest(view[record.start : record.end])
    return RecordDigest(digest, record.closed, letter, sor_id)
