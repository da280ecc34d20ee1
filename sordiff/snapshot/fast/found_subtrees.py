"""The subtrees of a file, each looked up by the digest of its bytes."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from operator import sub

from msgspec import Struct

from sordiff.model import SorId


class FoundSubtrees(Struct, frozen=True):
    """Where each subtree ends, and as which one it is known, or else its digest.

    The first begins at `begin`, each other one where the one before it ends; all are offsets.
    `found` has its place among the known ones, or below zero that among the `digests`. `owners`: by
    place, those that are open behind a known one, where an unknown one follows.
    """

    begin: int
    ends: Sequence[int]
    found: Sequence[int]
    digests: Sequence[bytes]
    owners: dict[int, SorId | None]

    def __iter__(self) -> Iterator[tuple[int, int, int | bytes]]:
        """Start, end, and the place or the digest of each, in order of the file."""
        start, digests = self.begin, self.digests
        for end, found in zip(self.ends, self.found, strict=True):
            yield start, end, found if found >= 0 else digests[~found]
            start = end

    def skip(self, number: int) -> "FoundSubtrees":
        """Those behind the first ones, so many."""
        begin = self.ends[number - 1] if number else self.begin
        ends, found = self.ends[number:], self.found[number:]
        return FoundSubtrees(begin, ends, found, self.digests, self.owners)

    def list_sizes(self) -> Sequence[int]:
        """How many bytes each has, in order of the file."""
        return array("q", map(sub, self.ends, chain([self.begin], self.ends)))

    def list_before_unknown(self) -> list[int]:
        """The places of those that are known and followed by one that is not."""
        return [place for place, after in pairwise(self.found) if after < 0 <= place]

    def measure_touched(self) -> int:
        """How many bytes those have of which nothing is known."""
        return sum(end - start for start, end, found in self if isinstance(found, bytes))
