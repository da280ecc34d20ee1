"""Where the subtrees of a file end, told by those of the night before, and by their digests.

To look for each end tag takes longer than to make all digests. Nearly all subtrees are those of the
night before, in the same order and of the same size.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Final

from xxhash import xxh3_128_digest

from sordiff.snapshot.fast.found_subtrees import FoundSubtrees
from sordiff.snapshot.fast.split_records import INSTITUTION_END, Content

# So many are compared before an end tag is looked for: some are gone, or have been changed.
_COMPARED: Final = 4


def look_up_subtrees(
    content: Content, begin: int, sizes: Sequence[int], take: Callable[[bytes, int], int]
) -> FoundSubtrees:
    """Find each subtree, as `find_subtrees` does, and look it up; no owners are found.

    `sizes`: of the subtrees that are expected, in bytes, in order; none is known to be right.
    `take`: gives and takes away the place of a known digest, else what it is given.

    Where a subtree of the expected size ends with an end tag, and is known, it is the one that
    would be found: those that are known have no such tag but at their end.
    """
    ends, places = array("q"), array("q")
    unknown: list[bytes] = []
    start, expected, length = begin, 0, len(INSTITUTION_END)
    padded = array("q", [*sizes, *([0] * _COMPARED)])  # none has no bytes
    # By the size of a subtree, which one is expected behind it; where several have it, one of them.
    following: dict[int, int] | None = None
    with memoryview(content) as view:
        while True:
            # Of a night almost all are found by the first comparison, and the loop goes on.
            at, limit = expected, expected + _COMPARED
            while at < limit:
                end = start + padded[at]
                at += 1
                if content[end - length : end] == INSTITUTION_END and end > start:
                    place = take(xxh3_128_digest(view[start:end]), -1)
                    if place >= 0:
                        ends.append(end)
                        places.append(place)
                        start, expected, limit = end, at, at + _COMPARED
            found = content.find(INSTITUTION_END, start)
            end = len(content) if found < 0 else found + length
            digest = xxh3_128_digest(view[start:end])
            place = take(digest, -1)
            if place < 0:
                places.append(~len(unknown))
                unknown.append(digest)
            else:
                places.append(place)
                if following is None:
                    following = {size: at for at, size in enumerate(sizes, 1)}
                expected = following.get(end - start, expected)
            ends.append(end)
            start = end
            if found < 0:
                return FoundSubtrees(begin, ends, places, unknown, {})
