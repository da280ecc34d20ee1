"""The units of the touched subtrees: those that the last accepted snapshot did not have so.

A subtree whose bytes are known is not read. It stands under the same root start tag and, where that
matters, below the same owner; so it holds the same units in the same places as before. If anything
else is unusual (an id twice, a wrapper out of place, a record that is refused), UnsureError sends
the file to the plain road.
"""

from collections.abc import Iterable

from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_subtrees, split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.snapshot import TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import (
    KIND_LETTERS,
    Nesting,
    RecordDigest,
    Subtree,
    SubtreeChanges,
    SubtreeIndex,
    find_owner_before,
    fits_nesting,
    map_parents,
)

# Start, end, whether it is the last of the tree, and the digest of its bytes.
_SubtreeRange = tuple[int, int, bool, bytes]


def read_touched_units(content: Content, frame: RootFrame, index: SubtreeIndex) -> TouchedUnits:
    """Find the touched subtrees, and read those of their records that are not known."""
    comparison = _SubtreeComparison(content, frame, index)
    comparison.compare_all(_find_ranges(content, frame.records_start))
    read, stayed, before = comparison.read, comparison.stayed, comparison.before
    now = read.keys() | stayed.keys()
    created = frozenset(now - before.keys())
    if index.has_any(created):
        raise UnsureError("one SOR id twice")
    removed = frozenset(before.keys() - now)
    count = index.unit_count + len(created) - len(removed)
    if not count or count > MAX_UNITS:
        raise UnsureError("no unit, or too many")
    return TouchedUnits(
        read=read,
        moved={i: parent for i, parent in stayed.items() if parent != before[i]},
        created=created,
        removed=removed,
        count=count,
        index=SubtreeChanges(
            root=frame.reading_key,
            removed_rows=tuple(sorted(comparison.removed_rows)),
            added=tuple(comparison.added),
            replaces_all=False,
        ),
    )


def _find_ranges(content: Content, begin: int) -> list[_SubtreeRange]:
    with memoryview(content) as view:
        return [
            (start, end, last, xxh3_128_digest(view[start:end]))
            for start, end, last in find_subtrees(content, begin)
        ]


class _SubtreeComparison:
    """Goes through the subtrees of a file and compares them with the index; used once.

    Of the touched subtrees, `before` has every unit of the index with its parent, `read` the units
    that were read, and `stayed` those with known records, with their parents now.
    """

    def __init__(self, content: Content, frame: RootFrame, index: SubtreeIndex) -> None:
        self._content = content
        self._index = index
        self._reader = RecordReader(frame)
        self._nesting = Nesting(None)
        self._digests: dict[bytes, RecordDigest] = {}
        self.before: dict[SorId, SorId | None] = {}
        self.read: dict[SorId, Unit] = {}
        self.stayed: dict[SorId, SorId | None] = {}
        self.removed_rows: set[int] = set()
        self.added: list[Subtree] = []

    def compare_all(self, ranges: list[_SubtreeRange]) -> None:
        """Forget the subtrees that are gone, skip the known ones, and read all others."""
        known = self._index.known
        digests = {digest for _, _, _, digest in ranges}
        self._forget_subtrees(
            subtree.row for digest, subtree in known.items() if digest not in digests
        )
        skipped: set[int] = set()
        for subtree_range in ranges:
            found = known.get(subtree_range[3])
            if found is None or found.row in skipped:
                self._read_subtree(subtree_range)
                continue
            skipped.add(found.row)
            if fits_nesting(found.owner_before, self._nesting):
                self._nesting = Nesting(found.owner_after)
            else:  # the same bytes below another owner
                self._forget_subtrees([found.row])
                self._read_subtree(subtree_range)

    def _forget_subtrees(self, rows: Iterable[int]) -> None:
        """Take rows out of the index; their records may still be found in another subtree."""
        chosen = sorted(rows)
        self.removed_rows.update(chosen)
        for subtree in self._index.subtrees(chosen):
            self.before |= map_parents(subtree)
            self._digests |= {record.digest: record for record in subtree.records}

    def _read_subtree(self, subtree_range: _SubtreeRange) -> None:
        start, end, last, digest = subtree_range
        records, closed = split_subtree(self._content, start, end, last=last)
        owner_before = find_owner_before(self._nesting, records[0].closed) if records else None
        digests = tuple(self._read_record(record) for record in records)
        close_after_records(self._nesting, closed, last=last)
        if digests:
            self.added.append(Subtree(digest, owner_before, self._nesting.owner, digests))

    def _read_record(self, record: RecordSlice) -> RecordDigest:
        """Read a record, unless its bytes are known from a forgotten subtree."""
        nesting = self._nesting
        close_before_record(nesting, record)
        digest = xxh3_128_digest(self._content[record.start : record.end])
        known = self._digests.pop(digest, None)
        if known is None:
            content = self._content[record.record_start : record.end]
            unit = self._reader.read(content, record.kind, nesting.parent)
            known = RecordDigest(digest, record.closed, KIND_LETTERS[record.kind], unit.sor_id)
            self._note_unit(unit.sor_id, unit)
        else:
            self._note_unit(known.sor_id, None)
        nesting.open_wrapper(known.letter, known.sor_id)
        return known

    def _note_unit(self, sor_id: SorId, unit: Unit | None) -> None:
        if sor_id in self.read or sor_id in self.stayed:
            raise UnsureError("one SOR id twice")
        if unit is None:
            self.stayed[sor_id] = self._nesting.parent
        else:
            self.read[sor_id] = unit
