"""The subtrees of a file, each looked up by the digest of its bytes."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from sordiff.subtrees import KnownSubtree


class FoundSubtrees(Struct, frozen=True):
    """Where each subtree ends, and what is known of it, or else its digest.

    The first begins at `begin`, each other one where the one before it ends; all are offsets.
    """

    begin: int
    ends: Sequence[int]
    found: Sequence[KnownSubtree | bytes]

    def __iter__(self) -> Iterator[tuple[int, int, KnownSubtree | bytes]]:
        """Start, end, and what was found of each, in order of the file."""
        start = self.begin
        for end, found in zip(self.ends, self.found, strict=True):
            yield start, end, found
            start = end

    def skip(self, number: int) -> "FoundSubtrees":
        """Those behind the first ones, so many."""
        begin = self.ends[number - 1] if number else self.begin
        return FoundSubtrees(begin, self.ends[number:], self.found[number:])

    def measure_touched(self) -> int:
        """How many bytes those have of which nothing is known."""
        return sum(end - start for start, end, found in self if isinstance(found, bytes))
