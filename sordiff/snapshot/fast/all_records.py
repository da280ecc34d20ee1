"""All units of a snapshot, record by record, with the index of its subtrees for the next night."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import Kind, SorId, Unit
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_subtrees, split_subtree
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS, Nesting, RecordDigest, Subtree, find_owner_before

# The parser of the plain road refuses 256 levels; those of a record are counted beside these.
_MAX_DEPTH: Final = 200
# As on the plain road.
MAX_UNITS: Final = 600_000


class AllRecords(Struct, frozen=True):
    """Every unit, and the subtrees in which they stand."""

    units: dict[SorId, Unit]
    subtrees: list[Subtree]


def read_all_records(
    content: Content, frame: RootFrame, progress: Callable[[int], None] | None
) -> AllRecords:
    """Read all records; UnsureError where the plain road must read the file."""
    reader = RecordReader(frame)
    units: dict[SorId, Unit] = {}
    found: list[Subtree] = []
    nesting = Nesting(None)
    with memoryview(content) as view:
        for start, end, last in find_subtrees(content, frame.records_start):
            cuts, ended = split_subtree(content, start, end, last=last)
            below = find_owner_before(nesting, cuts[0].closed) if cuts else None
            kept = [_read_record(cut, view, reader, nesting, units) for cut in cuts]
            close_after_records(nesting, ended, last=last)
            if cuts:
                digest = xxh3_128_digest(view[start:end])
                found.append(Subtree(digest, below, nesting.owner, tuple(kept)))
            if progress is not None:
                progress(end)
    if not units:
        raise UnsureError("no unit")
    return AllRecords(units, found)


def _read_record(
    cut: RecordSlice,
    view: memoryview,
    reader: RecordReader,
    nesting: Nesting,
    units: dict[SorId, Unit],
) -> RecordDigest:
    close_before_record(nesting, cut)
    unit = reader.read(bytes(view[cut.record_start : cut.end]), cut.kind, nesting.parent)
    sor_id = unit.sor_id
    if sor_id in units or len(units) >= MAX_UNITS:
        raise UnsureError("a unit stands twice, or there are too many")
    units[sor_id] = unit
    letter = KIND_LETTERS[cut.kind]
    nesting.open_wrapper(letter, sor_id)
    return RecordDigest(xxh3_128_digest(view[cut.start : cut.end]), cut.closed, letter, sor_id)


def close_before_record(nesting: Nesting, cut: RecordSlice) -> None:
    """Close what ends before a record, which can then only stand where the nesting says."""
    nested = nesting.close_wrappers(cut.closed)
    depth = nesting.depth
    if not nested or depth >= _MAX_DEPTH:
        raise UnsureError("wrappers that are not nested")
    # What is remembered of a subtree names the outermost unit, and takes it for an owner.
    if not depth and cut.kind is not Kind.OWNER:
        raise UnsureError("no owner at the root")


def close_after_records(nesting: Nesting, ended: str, *, last: bool) -> None:
    """Close what ends behind the last record; the tree ends with nothing open."""
    if not nesting.close_wrappers(ended) or nesting.depth != (0 if last else 1):
        raise UnsureError("wrappers that are not nested")
