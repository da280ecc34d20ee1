"""What is remembered of the bytes of an accepted snapshot, so that equal bytes need no reading.

A subtree is a stretch of the file that ends with the end tag of a health institution (or with the
end of the tree); it is cut into pieces of one record each, with the tags before it. Stretch and
piece are known by their digests. What stands here holds only together with the declarations of
the root element, under which all of it was read.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from sordiff.model import Kind, SorId

KIND_LETTERS: dict[Kind, str] = {
    Kind.OWNER: "I",
    Kind.INSTITUTION: "S",
    Kind.ORGANIZATIONAL_UNIT: "O",
}


TREE_ROOT = SorId("")


class RecordDigest(Struct, frozen=True, array_like=True, gc=False):
    """One record: the digest of its bytes, the wrappers that end before it, its kind and its id.

    `closed` has a letter for each of them (I, S, O), the innermost first; the record's own wrapper
    begins in the piece. The digest covers those tags, so that equal pieces do the same to the tree.
    """

    digest: bytes
    closed: str
    letter: str
    sor_id: SorId


class Subtree(Struct, frozen=True, gc=False):
    """A stretch of the file.

    `below` is the owner below which it begins, TREE where it begins with the tree, and None where
    it ends its owner first: its bytes then mean the same below any. `leaves` is the owner that is
    open when it ends, None at the end of the tree.
    """

    digest: bytes
    owner_before: SorId | None
    owner_after: SorId | None
    records: tuple[RecordDigest, ...]


class KnownSubtree(Struct, frozen=True, gc=False):
    """A subtree as it is looked up: where it is kept, and the owners before and after it."""

    row: int
    owner_before: SorId | None
    owner_after: SorId | None


class SubtreeIndex(Protocol):
    """The subtrees of the last accepted snapshot, by the digest of their bytes.

    `root` are the bytes of the start tag of the root, `units` how many units there are.
    """

    @property
    def root(self) -> bytes:
        """The start tag."""

    @property
    def unit_count(self) -> int:
        """The count."""

    @property
    def known(self) -> Mapping[bytes, KnownSubtree]:
        """Each with its digest."""

    def subtrees(self, rows: Iterable[int]) -> list[Subtree]:
        """The subtrees kept in these rows, with their pieces."""

    def has_unit(self, sor_id: SorId) -> bool:
        """Whether the last accepted snapshot had this id."""


class SubtreeChanges(Struct, frozen=True, kw_only=True):
    """How the index goes on: rows that are no more, and what comes; `root` begins it anew."""

    root: bytes
    removed_rows: tuple[int, ...]
    added: tuple[Subtree, ...]
    replaces_all: bool


class Nesting:
    """The wrappers that are open while pieces pass: who stands below whom."""

    def __init__(self, owner: SorId | None) -> None:
        """Begin below an owner, or at the root for None."""
        self._open: list[tuple[str, SorId]] = [] if owner is None else [("I", owner)]

    @property
    def depth(self) -> int:
        """How many wrappers are open."""
        return len(self._open)

    @property
    def owner(self) -> SorId | None:
        """The owner whose wrapper is the outermost open one."""
        return self._open[0][1] if self._open else None

    def close_wrappers(self, letters: str) -> bool:
        """Close the wrappers; False where others are open than these."""
        return all(self._open and self._open.pop()[0] == letter for letter in letters)

    @property
    def parent(self) -> SorId | None:
        """The unit below which the next one stands."""
        return self._open[-1][1] if self._open else None

    def open_wrapper(self, letter: str, sor_id: SorId) -> None:
        """Open the wrapper of a unit."""
        self._open.append((letter, sor_id))


def find_owner_before(nesting: Nesting, ended: str) -> SorId | None:
    """Below what a subtree begins whose first record ends these wrappers first."""
    return None if "I" in ended else nesting.owner or TREE_ROOT


def fits_nesting(below: SorId | None, nesting: Nesting) -> bool:
    """Whether bytes that began below this mean the same here."""
    return nesting.depth == 1 if below is None else below == (nesting.owner or TREE_ROOT)


def map_parents(subtree: Subtree) -> dict[SorId, SorId | None]:
    """The units of a subtree, each with the unit above it."""
    # An owner that ends before the first record may be any.
    nesting = Nesting(SorId("?") if subtree.owner_before is None else subtree.owner_before or None)
    found: dict[SorId, SorId | None] = {}
    for piece in subtree.records:
        nesting.close_wrappers(piece.closed)
        found[piece.sor_id] = nesting.parent
        nesting.open_wrapper(piece.letter, piece.sor_id)
    return found
