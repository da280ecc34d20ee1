"""The digests of an accepted snapshot's subtrees, by which equal bytes need not be read again.

A subtree is a part of the file that ends with the end tag of a health institution, or with the end
of the tree. It is split into records, each with the tags before it. Subtrees and records are known
by their digests. All this is valid only under the root start tag under which the snapshot was read.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from sordiff.model import Kind, SorId

KIND_LETTERS: dict[Kind, str] = {
    Kind.OWNER: "I",
    Kind.INSTITUTION: "S",
    Kind.ORGANIZATIONAL_UNIT: "O",
}
LETTER_KINDS = {letter: kind for kind, letter in KIND_LETTERS.items()}

# In place of an owner, for a subtree that begins with the tree.
TREE_ROOT = SorId("")


class RecordDigest(Struct, frozen=True, array_like=True, gc=False):
    """One record: the digest of its bytes, the wrappers that end before it, its kind and its id.

    `closed` has a letter for each of these wrappers (I, S, O), the innermost first; `letter` is the
    kind of the record. The digest covers the tags before the record, so that equal digests mean the
    same change of nesting.
    """

    digest: bytes
    closed: str
    letter: str
    sor_id: SorId


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(tuple[RecordDigest, ...])


class Subtree(Struct, frozen=True, gc=False):
    """A subtree, with the digests of its records in order, as they are kept.

    `pieces` is what `encode_digests` makes of them: a night has thousands, until it is recorded.
    `owner_before` is the owner below which it begins: TREE_ROOT if it begins with the tree, None if
    it first ends its owner (its bytes then mean the same below any owner). `owner_after` is the
    owner that is open at its end, None at the end of the tree.
    """

    digest: bytes
    owner_before: SorId | None
    owner_after: SorId | None
    pieces: bytes

    def decode_digests(self) -> tuple[RecordDigest, ...]:
        """Those of its records, in order."""
        return _DECODER.decode(self.pieces)


def encode_digests(digests: Sequence[RecordDigest]) -> bytes:
    """The digests of the records of a subtree as they are kept."""
    return _ENCODER.encode(digests)


class KnownSubtrees:
    """The subtrees of the index by their digests, in little room: a register has tens of thousands.

    `places`: digest -> place; who has found one takes it out. By place: the `rows` in which they
    are stored, and the owners `before` and `after` them, as hashes.
    """

    # The hash where no owner is open, and that of a subtree that first ends its owner: any will do.
    ROOT: Final = hash(TREE_ROOT)
    ANY: Final = hash(None)

    def __init__(
        self, stored: Iterable[Sequence[tuple[bytes, int, SorId | None, SorId | None]]]
    ) -> None:
        """`stored`: some at a time, digest, row, `owner_before` and `owner_after` of each.

        TREE_ROOT stands for an owner behind the end of the tree.
        """
        self.places: dict[bytes, int] = {}
        self.rows, self.before, self.after = array("q"), array("q"), array("q")
        for some in stored:
            digests, rows, before, after = zip(*some, strict=True)
            self.places.update(zip(digests, count(len(self.rows)), strict=False))
            self.rows.extend(rows)
            self.before.extend(map(hash, before))
            self.after.extend(map(hash, after))


class SubtreeIndex(Protocol):
    """The subtrees of the last accepted snapshot, by their digests."""

    @property
    def root(self) -> bytes:
        """The bytes of the root start tag."""

    @property
    def unit_count(self) -> int:
        """The number of units."""

    def load_known(self) -> KnownSubtrees:
        """All of them, loaded anew: the caller may take out what it has found."""

    def load_sizes(self) -> Sequence[int]:
        """How many bytes each had, in the order of the file; none where nobody noted them."""

    def subtrees(self, rows: Iterable[int]) -> list[Subtree]:
        """Load the subtrees of these rows, with their records."""

    def find_owner_after(self, row: int) -> SorId | None:
        """The owner that is open at the end of the subtree of a row."""

    def has_any(self, ids: Iterable[SorId]) -> bool:
        """Whether the last accepted snapshot had one of these ids."""


class SubtreeChanges(Struct, frozen=True, kw_only=True):
    """What a run changes in the index; with `replaces_all`, nothing of the old index stays.

    `sizes`: how many bytes each subtree of the file has, in order, also those without a record.
    """

    root: bytes
    removed_rows: tuple[int, ...]
    added: tuple[Subtree, ...]
    replaces_all: bool
    sizes: Sequence[int]


class Nesting:
    """The open wrappers at a place in the file: they tell the parent of the next unit."""

    def __init__(self, owner: SorId | None) -> None:
        """Start below an owner, or at the root for None."""
        self._open: list[tuple[str, SorId]] = [] if owner is None else [("I", owner)]

    @property
    def depth(self) -> int:
        """The number of open wrappers."""
        return len(self._open)

    @property
    def owner(self) -> SorId | None:
        """The owner whose wrapper is open; None at the root."""
        return self._open[0][1] if self._open else None

    def close_wrappers(self, letters: str) -> bool:
        """Close the wrappers of these letters, in order; False if other wrappers are open."""
        opened = self._open
        for letter in letters:  # noqa: SIM110  # `all` takes three times as long
            if not opened or opened.pop()[0] != letter:
                return False
        return True

    @property
    def parent(self) -> SorId | None:
        """The parent of the next unit; None at the root."""
        return self._open[-1][1] if self._open else None

    def open_wrapper(self, letter: str, sor_id: SorId) -> None:
        """Open the wrapper of a unit."""
        self._open.append((letter, sor_id))


def find_owner_before(nesting: Nesting, ended: str) -> SorId | None:
    """The `owner_before` of a subtree whose first record closes these wrappers."""
    return None if "I" in ended else nesting.owner or TREE_ROOT


def map_parents(subtree: Subtree, records: Iterable[RecordDigest]) -> dict[SorId, SorId | None]:
    """Map the units of a subtree, which has these records, to their parents."""
    # If its owner ends before the first record, any owner will do.
    nesting = Nesting(SorId("?") if subtree.owner_before is None else subtree.owner_before or None)
    found: dict[SorId, SorId | None] = {}
    for record in records:
        nesting.close_wrappers(record.closed)
        found[record.sor_id] = nesting.parent
        nesting.open_wrapper(record.letter, record.sor_id)
    return found
