"""On which night a new one leans.

Nights are counted from the last whole one, in fours. The three behind the first of a four lean on
it. The first ones of all fours have numbers: in their order the binary numbers with three ones at
most (0, 1, 10, 11, 100 …). Each leans on the one whose number lacks its last one: 1011 on 1010,
that on 1000, and that on 0, the whole night. So no night is more than four patches from a whole
one, and most patches hold the changes of a few days.

What a year takes was computed for other trees, too, in changes of one night: these 372 nights take
2,290; digits in eights, with three patches at most, 3,500; binary numbers with five ones, and so
five patches, 1,820, but then half of the nights lean on one that is not at hand.
"""

from collections.abc import Mapping
from typing import Final

from sordiff.archive.records import Frame, Series

_FOUR: Final = 4
_ONES: Final = 3
_DIGITS: Final = 8
_NUMBERS: Final = tuple(n for n in range(2**_DIGITS) if n.bit_count() <= _ONES)
_PLACES: Final = {number: place for place, number in enumerate(_NUMBERS)}
STEPS: Final = _FOUR * len(_NUMBERS)


def find_place(frames: Mapping[str, Frame], series: Series) -> tuple[int, Frame | None]:
    """The step of the next night, and the frame that it leans on; None: it is to be whole.

    `frames` are in the order in which they were added.
    """
    newest_first = [frame for frame in frames.values() if frame.series == series][::-1]
    if not newest_first:
        return 0, None
    step = newest_first[0].step + 1
    if step >= STEPS:
        return 0, None
    wanted = base_step(step)
    for frame in newest_first:
        if frame.step == wanted:
            return step, frame
        if frame.leans_on is None:
            return step, frame  # what stood between is pruned
    return 0, None


def base_step(step: int) -> int:
    """The step of the night on which that of a step leans; not of the first, which is whole."""
    if step % _FOUR:
        return step - step % _FOUR
    number = _NUMBERS[step // _FOUR]
    return _PLACES[number & (number - 1)] * _FOUR
