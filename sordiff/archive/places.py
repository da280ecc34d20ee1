"""On which night a new one leans.

Nights are counted from the last whole one, in sevens. The six behind the first of a seven lean on
it. The first ones of all sevens have numbers: in their order the binary numbers with two ones at
most (0, 1, 10, 11, 100, 101, 110, 1000 …). Each leans on the one whose number lacks its last one:
110 on 100, and that on 0, the whole night. So no night is more than three patches from a whole one,
and any night is restored in less time than a parse of it takes.

What a year takes was computed for other trees, too, in changes of one night: these nights take
3,300; the least that any tree of three patches takes is 3,015, but then the night to lean on is at
hand less often; fours with three ones, and so four patches, 2,290.
"""

from collections.abc import Mapping
from typing import Final

from sordiff.archive.records import Frame, Series

_SEVEN: Final = 7
_ONES: Final = 2
_DIGITS: Final = 10
_NUMBERS: Final = tuple(n for n in range(2**_DIGITS) if n.bit_count() <= _ONES)
_PLACES: Final = {number: place for place, number in enumerate(_NUMBERS)}
STEPS: Final = _SEVEN * len(_NUMBERS)
# The first of a seven, that on which it leans, and the whole night are below the last of a seven.
_MOST_BELOW: Final = _ONES


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
        # Where what stood between is pruned, the whole night is taken.
        if frame.step == wanted or frame.leans_on is None:
            return step, _go_down(frames, frame)
    return 0, None


def base_step(step: int) -> int:
    """The step of the night on which that of a step leans; not of the first, which is whole."""
    if step % _SEVEN:
        return step - step % _SEVEN
    number = _NUMBERS[step // _SEVEN]
    return _PLACES[number & (number - 1)] * _SEVEN


def _go_down(frames: Mapping[str, Frame], frame: Frame) -> Frame:
    """The frame itself, or one below it: earlier builds had other trees, with more patches."""
    chain = [frame]
    while (key := chain[-1].leans_on) is not None:
        chain.append(frames[key])
    return chain[max(0, len(chain) - 1 - _MOST_BELOW)]
