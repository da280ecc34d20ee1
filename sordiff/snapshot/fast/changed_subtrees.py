"""What a snapshot has that the last accepted one had not: the touched subtrees, and no other.

A stretch of bytes that is known stands under the same declarations of the root and, where that
matters, below the same owner; it therefore holds the same units as it did, in the same places, and
is not read. Where anything else is out of the ordinary (an id that stands twice, a wrapper out of
place, a record that is refused), UnsureError gives the file to the plain road.
"""

from collections.abc import Iterable

from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.all_records import MOST_UNITS, begin_record, finish
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import Frame
from sordiff.snapshot.fast.split_records import Bytes, Cut, pieces, subtrees
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import (
    LETTERS,
    Nesting,
    Piece,
    Subtree,
    SubtreeChanges,
    SubtreeIndex,
    begins_below,
    fits,
    parents_in,
)


class Touched(Struct, frozen=True, kw_only=True):
    """What to look at: units read anew, units that only stand elsewhere, and ids that are gone.

    `read` and `moved` (id -> the unit above it) are disjoint; `come` are those of `read` that the
    last accepted snapshot had not. `count` is how many units there are now.
    """

    read: dict[SorId, Unit]
    moved: dict[SorId, SorId | None]
    come: frozenset[SorId]
    gone: frozenset[SorId]
    count: int
    index: SubtreeChanges


def read_touched(content: Bytes, frame: Frame, index: SubtreeIndex) -> Touched:
    """Find the touched subtrees, and read of them the records that are not known."""
    walk = _Walk(content, frame, index)
    walk.take_all(_stretches(content, frame.begin))
    here = walk.read.keys() | walk.stayed.keys()
    come = frozenset(here - walk.before.keys())
    if any(index.has_unit(sor_id) for sor_id in come):
        raise UnsureError("a unit stands twice")
    gone = frozenset(walk.before.keys() - here)
    count = index.units + len(come) - len(gone)
    if not count or count > MOST_UNITS:
        raise UnsureError("no unit, or too many")
    return Touched(
        read=walk.read,
        moved={i: above for i, above in walk.stayed.items() if above != walk.before[i]},
        come=come,
        gone=gone,
        count=count,
        index=SubtreeChanges(
            root=frame.reading, gone=tuple(sorted(walk.gone)), come=tuple(walk.come), anew=False
        ),
    )


_Stretch = tuple[int, int, bool, bytes]


def _stretches(content: Bytes, begin: int) -> list[_Stretch]:
    with memoryview(content) as view:
        return [
            (start, end, last, xxh3_128_digest(view[start:end]))
            for start, end, last in subtrees(content, begin)
        ]


class _Walk:
    """The way through the stretches of a file, with the owner that is open."""

    def __init__(self, content: Bytes, frame: Frame, index: SubtreeIndex) -> None:
        self._content = content
        self._index = index
        self._reader = RecordReader(frame)
        self._nesting = Nesting(None)
        self._pieces: dict[bytes, Piece] = {}
        self.before: dict[SorId, SorId | None] = {}
        self.read: dict[SorId, Unit] = {}
        self.stayed: dict[SorId, SorId | None] = {}
        self.gone: set[int] = set()
        self.come: list[Subtree] = []

    def take_all(self, stretches: list[_Stretch]) -> None:
        """Let go of what is no more there, pass what is known, and look at all else."""
        known = self._index.known
        digests = {digest for _, _, _, digest in stretches}
        self._let_go(subtree.row for digest, subtree in known.items() if digest not in digests)
        passed: set[int] = set()
        for stretch in stretches:
            found = known.get(stretch[3])
            if found is None or found.row in passed:
                self._look_at(stretch)
                continue
            passed.add(found.row)
            if fits(found.below, self._nesting):
                self._nesting = Nesting(found.leaves)
            else:  # the same bytes below another owner
                self._let_go([found.row])
                self._look_at(stretch)

    def _let_go(self, rows: Iterable[int]) -> None:
        chosen = sorted(rows)
        self.gone.update(chosen)
        for subtree in self._index.subtrees(chosen):
            self.before |= parents_in(subtree)
            self._pieces |= {piece.digest: piece for piece in subtree.pieces}

    def _look_at(self, stretch: _Stretch) -> None:
        start, end, last, digest = stretch
        cuts, ended = pieces(self._content, start, end, last=last)
        below = begins_below(self._nesting, cuts[0].ended) if cuts else None
        kept = tuple(self._piece(cut) for cut in cuts)
        finish(self._nesting, ended, last=last)
        if kept:
            self.come.append(Subtree(digest, below, self._nesting.owner, kept))

    def _piece(self, cut: Cut) -> Piece:
        nesting = self._nesting
        begin_record(nesting, cut)
        digest = xxh3_128_digest(self._content[cut.start : cut.end])
        piece = self._pieces.pop(digest, None)
        if piece is None:
            record = self._content[cut.record : cut.end]
            unit = self._reader.read(record, cut.kind, nesting.above)
            piece = Piece(digest, cut.ended, LETTERS[cut.kind], unit.sor_id)
            self._note(unit.sor_id, unit)
        else:
            self._note(piece.sor_id, None)
        nesting.begin(piece.letter, piece.sor_id)
        return piece

    def _note(self, sor_id: SorId, unit: Unit | None) -> None:
        if sor_id in self.read or sor_id in self.stayed:
            raise UnsureError("a unit stands twice")
        if unit is None:
            self.stayed[sor_id] = self._nesting.above
        else:
            self.read[sor_id] = unit
