"""How far two files are equal, byte for byte."""

import mmap
from typing import Final

_PIECE: Final = 64 * 1024


def count_equal(one: bytes | mmap.mmap, here: int, other: bytes | mmap.mmap, there: int) -> int:
    """How many bytes from these places on are the same in both."""
    same = 0
    while True:
        piece = one[here + same : here + same + _PIECE]
        against = other[there + same : there + same + _PIECE]
        if not piece or piece != against:
            return same + _count_equal_bytes(piece, against)
        same += len(piece)


def _count_equal_bytes(one: bytes, other: bytes) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
