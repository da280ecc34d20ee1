"""The subtrees of a file, each looked up by the digest of its bytes."""

from array import array
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sordiff.subtrees import KnownSubtrees


class FoundSubtrees(Struct, frozen=True):
    """Where each subtree ends, and as which one it is known, or else its digest.

    The first begins at `begin`, each other one where the one before it ends; all are offsets.
    `found` has its place among the `known` ones, or below zero that among the `digests`.
    """

    begin: int
    ends: Sequence[int]
    found: Sequence[int]
    digests: Sequence[bytes]
    known: KnownSubtrees

    def __iter__(self) -> Iterator[tuple[int, int, int | bytes]]:
        """Start, end, and the place or the digest of each, in order of the file."""
        start = self.begin
        for end, found in zip(self.ends, self.found, strict=True):
            yield start, end, found if found >= 0 else self.digests[-1 - found]
            start = end

    def skip(self, number: int) -> "FoundSubtrees":
        """Those behind the first ones, so many."""
        begin = self.ends[number - 1] if number else self.begin
        ends, found = self.ends[number:], self.found[number:]
        return FoundSubtrees(begin, ends, found, self.digests, self.known)

    def measure_touched(self) -> int:
        """How many bytes those have of which nothing is known."""
        return sum(end - start for start, end, found in self if isinstance(found, bytes))


def look_up_subtrees(
    begin: int, ended: Iterator[tuple[int, bytes]], known: KnownSubtrees
) -> FoundSubtrees:
    """Take out of the known ones each that was found; of the same bytes twice the first is known.

    `ended`: the end of each subtree, and its digest. Digests that were found are kept no longer:
    with what else a night needs they would be its peak.
    """
    ends, found = array("q"), array("q")
    digests: list[bytes] = []
    for end, digest in ended:
        ends.append(end)
        place = known.places.pop(digest, None)
        if place is None:
            digests.append(digest)
            place = -len(digests)
        found.append(place)
    return FoundSubtrees(begin, ends, found, digests, known)
