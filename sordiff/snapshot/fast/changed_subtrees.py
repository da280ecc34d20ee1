"""The units of the touched subtrees: those that the last accepted snapshot did not have so.

A subtree whose bytes are known is not read. It stands under the same root start tag and, where that
matters, below the same owner; so it holds the same units in the same places as before. If anything
else is unusual (an id twice, a wrapper out of place, a record that is refused), UnsureError sends
the file to the plain road.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Final

from msgspec import structs
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.expected_subtrees import look_up_subtrees
from sordiff.snapshot.fast.found_subtrees import FoundSubtrees
from sordiff.snapshot.fast.halves import is_worth_worker
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import Content, RecordSlice, split_subtree
from sordiff.snapshot.fast.touched_units import build_touched_units
from sordiff.snapshot.fast.wrapper_nesting import close_after_records, close_before_record
from sordiff.snapshot.plain.blocks import MAX_UNKNOWN_TEXT
from sordiff.snapshot.snapshot import TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import (
    KIND_LETTERS,
    TREE_ROOT,
    KnownSubtrees,
    Nesting,
    RecordDigest,
    Subtree,
    SubtreeChanges,
    SubtreeIndex,
    encode_digests,
    find_owner_before,
    map_parents,
)
from sordiff.worker_process import can_run_worker

if TYPE_CHECKING:
    from sordiff.snapshot.fast.later_records import LaterRecords


def read_touched_units(content: Content, frame: RootFrame, index: SubtreeIndex) -> TouchedUnits:
    """Find the touched subtrees, and read those of their records that are not known."""
    comparison = _SubtreeComparison(content, frame, index)
    comparison.compare_all(frame.records_start)
    touched = build_touched_units(
        comparison.read, comparison.stayed, comparison.before, index.unit_count, index.has_any
    )
    changes = SubtreeChanges(
        root=frame.reading_key,
        removed_rows=tuple(sorted(comparison.removed_rows)),
        added=tuple(comparison.added),
        replaces_all=False,
        sizes=comparison.sizes,
    )
    return structs.replace(touched, index=changes)


# In bytes; so much is read before it is asked how much is left.
_ENOUGH_TO_TELL: Final = 2 * 1024**2


class _SubtreeComparison:
    """Goes through the subtrees of a file and compares them with the index; used once.

    Of the touched subtrees, `before` has every unit of the index with its parent, `read` the units
    that were read, and `stayed` those with known records, with their parents now.
    """

    def __init__(self, content: Content, frame: RootFrame, index: SubtreeIndex) -> None:
        self._content = content
        self._frame = frame
        self._index = index
        self._reader = RecordReader(frame, few=True)
        # In bytes: all touched subtrees; those so far, and the records in them that are not known.
        self._all_touched: int | None = None
        self._touched_size = 0
        self._read_size = 0
        self._later: LaterRecords | None = None
        # Between two subtrees nothing else is open.
        self._owner: SorId | None = None
        self._digests: dict[bytes, SorId] = {}
        self.before: dict[SorId, SorId | None] = {}
        self.read: dict[SorId, Unit] = {}
        self.stayed: dict[SorId, SorId | None] = {}
        self.removed_rows: set[int] = set()
        self.added: list[Subtree] = []
        self.sizes: Sequence[int] = ()

    def compare_all(self, begin: int) -> None:
        """Forget the subtrees that are gone, skip the known ones, and read all others."""
        known = self._index.load_known()
        subtrees = self._look_up_all(begin, known)
        self.sizes = subtrees.list_sizes()
        before, after, root, anywhere = known.before, known.after, known.ROOT, known.ANY
        # The owner that is open, as its hash, and the place of the known subtree that leaves it.
        owner, left_by = root, -1
        with ExitStack() as beside:
            last = len(subtrees.ends) - 1
            for place, (start, end, subtree) in enumerate(subtrees):
                if isinstance(subtree, bytes):
                    digest = subtree
                    if self._later is None and self._reads_much(subtrees):
                        self._later = beside.enter_context(self._read_later(subtrees.skip(place)))
                else:
                    below = before[subtree]
                    if below == owner or (below == anywhere and owner != root):
                        owner, left_by = after[subtree], subtree
                        continue
                    self._forget_subtrees([known.rows[subtree]])
                    digest = xxh3_128_digest(self._content[start:end])
                if left_by >= 0:
                    self._owner = self._name_owner(subtrees, known, left_by)
                self._read_subtree(start, end, digest, last=place == last)
                owner, left_by = hash(self._owner or TREE_ROOT), -1
        unknown_size = self._reader.unknown_size + (self._later.unknown_size if self._later else 0)
        if unknown_size > MAX_UNKNOWN_TEXT:
            raise UnsureError("too much that is unknown")

    def _reads_much(self, subtrees: FoundSubtrees) -> bool:
        """Whether much is left to read: as much of what is touched as until now."""
        if self._read_size < _ENOUGH_TO_TELL:
            return False
        if self._all_touched is None:
            self._all_touched = subtrees.measure_touched()
        left = self._all_touched - self._touched_size
        return is_worth_worker(left * self._read_size // self._touched_size) and can_run_worker()

    def _read_later(self, subtrees: FoundSubtrees) -> AbstractContextManager["LaterRecords"]:
        from sordiff.snapshot.fast.later_records import read_later_records  # a night does without

        return read_later_records(self._content, self._frame, subtrees, self._digests)

    def _look_up_all(self, begin: int, known: KnownSubtrees) -> FoundSubtrees:
        """All subtrees, each looked up by its digest; those that are not there are forgotten.

        Of the same bytes twice the first are known. Digests that were found are kept no longer:
        with what else a night needs they would be its peak.
        """
        sizes, take = self._index.load_sizes(), known.places.pop
        subtrees = look_up_subtrees(self._content, begin, sizes, take)
        for place in subtrees.list_before_unknown():
            subtrees.owners[place] = self._index.find_owner_after(known.rows[place])
        self._forget_subtrees(known.rows[place] for place in known.places.values())
        known.places.clear()
        return subtrees

    def _name_owner(
        self, subtrees: FoundSubtrees, known: KnownSubtrees, place: int
    ) -> SorId | None:
        """The owner that is open behind a known subtree."""
        if place in subtrees.owners:
            return subtrees.owners[place]
        return self._index.find_owner_after(known.rows[place])

    def _forget_subtrees(self, rows: Iterable[int]) -> None:
        """Take rows out of the index; their records may still be found in another subtree."""
        for row in sorted(rows):
            self.removed_rows.add(row)
            for subtree in self._index.subtrees([row]):  # not all at once: they take megabytes
                records = subtree.decode_digests()
                self.before |= map_parents(subtree, records)
                self._digests.update((record.digest, record.sor_id) for record in records)

    def _read_subtree(self, start: int, end: int, digest: bytes, *, last: bool) -> None:
        self._touched_size += end - start
        records, closed = split_subtree(self._content, start, end, last=last)
        nesting = Nesting(self._owner)
        owner_before = find_owner_before(nesting, records[0].closed) if records else None
        digests = [self._read_record(record, nesting) for record in records]
        close_after_records(nesting, closed, last=last)
        self._owner = nesting.owner
        if digests:
            pieces = encode_digests(digests)
            self.added.append(Subtree(digest, owner_before, nesting.owner, pieces))

    def _read_record(self, record: RecordSlice, nesting: Nesting) -> RecordDigest:
        """Read a record, unless its bytes are known from a forgotten subtree."""
        close_before_record(nesting, record)
        digest = xxh3_128_digest(self._content[record.start : record.end])
        letter = KIND_LETTERS[record.kind]
        sor_id = self._digests.pop(digest, None)
        if sor_id is None:
            self._read_size += record.end - record.record_start
            unit = None if self._later is None else self._later.take(record, nesting.parent)
            if unit is None:
                content = self._content[record.record_start : record.end]
                unit = self._reader.read(content, record.kind, nesting.parent)
            sor_id = unit.sor_id
            self._note_unit(sor_id, nesting.parent, unit)
        else:
            self._note_unit(sor_id, nesting.parent, None)
        nesting.open_wrapper(letter, sor_id)
        return RecordDigest(digest, record.closed, letter, sor_id)

    def _note_unit(self, sor_id: SorId, parent_id: SorId | None, unit: Unit | None) -> None:
        if sor_id in self.read or sor_id in self.stayed:
            raise UnsureError("one SOR id twice")
        if unit is None:
            self.stayed[sor_id] = parent_id
        else:
            self.read[sor_id] = unit
