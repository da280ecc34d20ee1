"""What a snapshot has that the last accepted one had not: the touched subtrees, and no other.

A stretch of bytes that is known stands under the same declarations of the root and, where that
matters, below the same owner; it therefore holds the same units as it did, in the same places, and
is not read. Where anything else is out of the ordinary (an id that stands twice, a wrapper out of
place, a record that is refused), UnsureError gives the file to the plain road.
"""

from collections.abc import Iterable

from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.all_records import MAX_UNITS, close_after_records, close_before_record
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, find_subtrees, split_subtree
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


def read_touched_units(content: Content, frame: RootFrame, index: SubtreeIndex) -> TouchedUnits:
    """Find the touched subtrees, and read of them the records that are not known."""
    walk = _SubtreeComparison(content, frame, index)
    walk.compare_all(_find_ranges(content, frame.records_start))
    here = walk.read.keys() | walk.stayed.keys()
    created = frozenset(here - walk.before.keys())
    if any(index.has_unit(sor_id) for sor_id in created):
        raise UnsureError("a unit stands twice")
    removed = frozenset(walk.before.keys() - here)
    count = index.unit_count + len(created) - len(removed)
    if not count or count > MAX_UNITS:
        raise UnsureError("no unit, or too many")
    return TouchedUnits(
        read=walk.read,
        moved={i: above for i, above in walk.stayed.items() if above != walk.before[i]},
        created=created,
        removed=removed,
        count=count,
        index=SubtreeChanges(
            root=frame.start_tag,
            removed_rows=tuple(sorted(walk.removed_rows)),
            added=tuple(walk.added),
            replaces_all=False,
        ),
    )


_SubtreeRange = tuple[int, int, bool, bytes]


def _find_ranges(content: Content, begin: int) -> list[_SubtreeRange]:
    with memoryview(content) as view:
        return [
            (start, end, last, xxh3_128_digest(view[start:end]))
            for start, end, last in find_subtrees(content, begin)
        ]


class _SubtreeComparison:
    """The way through the stretches of a file, with the owner that is open."""

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

    def compare_all(self, stretches: list[_SubtreeRange]) -> None:
        """Let go of what is no more there, pass what is known, and look at all else."""
        known = self._index.known
        digests = {digest for _, _, _, digest in stretches}
        self._forget_subtrees(
            subtree.row for digest, subtree in known.items() if digest not in digests
        )
        passed: set[int] = set()
        for stretch in stretches:
            found = known.get(stretch[3])
            if found is None or found.row in passed:
                self._read_subtree(stretch)
                continue
            passed.add(found.row)
            if fits_nesting(found.owner_before, self._nesting):
                self._nesting = Nesting(found.owner_after)
            else:  # the same bytes below another owner
                self._forget_subtrees([found.row])
                self._read_subtree(stretch)

    def _forget_subtrees(self, rows: Iterable[int]) -> None:
        chosen = sorted(rows)
        self.removed_rows.update(chosen)
        for subtree in self._index.subtrees(chosen):
            self.before |= map_parents(subtree)
            self._digests |= {piece.digest: piece for piece in subtree.records}

    def _read_subtree(self, stretch: _SubtreeRange) -> None:
        start, end, last, digest = stretch
        cuts, ended = split_subtree(self._content, start, end, last=last)
        below = find_owner_before(self._nesting, cuts[0].closed) if cuts else None
        kept = tuple(self._read_record(cut) for cut in cuts)
        close_after_records(self._nesting, ended, last=last)
        if kept:
            self.added.append(Subtree(digest, below, self._nesting.owner, kept))

    def _read_record(self, cut: RecordSlice) -> RecordDigest:
        nesting = self._nesting
        close_before_record(nesting, cut)
        digest = xxh3_128_digest(self._content[cut.start : cut.end])
        piece = self._digests.pop(digest, None)
        if piece is None:
            record = self._content[cut.record_start : cut.end]
            unit = self._reader.read(record, cut.kind, nesting.parent)
            piece = RecordDigest(digest, cut.closed, KIND_LETTERS[cut.kind], unit.sor_id)
            self._note_unit(unit.sor_id, unit)
        else:
            self._note_unit(piece.sor_id, None)
        nesting.open_wrapper(piece.letter, piece.sor_id)
        return piece

    def _note_unit(self, sor_id: SorId, unit: Unit | None) -> None:
        if sor_id in self.read or sor_id in self.stayed:
            raise UnsureError("a unit stands twice")
        if unit is None:
            self.stayed[sor_id] = self._nesting.parent
        else:
            self.read[sor_id] = unit
