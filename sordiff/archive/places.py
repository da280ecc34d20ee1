"""On which night a new one leans.

Nights are counted from the last whole one, and the number is read in eights. Night 75 (113) leans
on night 72 (110), that on night 64 (100), and that on the whole one (0). So no night is more than
three patches from a whole one, and most patches hold the changes of a few days.
"""

from collections.abc import Mapping
from typing import Final

from sordiff.archive.records import Frame, Series

_EIGHT: Final = 8
STEPS: Final = _EIGHT**3


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
    """The step with its last digit other than 0, in eights, taken as 0."""
    unit = 1
    while step % (unit * _EIGHT) == 0:
        unit *= _EIGHT
    return step - step % (unit * _EIGHT)
