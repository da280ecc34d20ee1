"""What a soak must show of the follower: memory and descriptors that stay, and a log that can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from tests.kafka.follower import Taken

MOST_MEGABYTES = 1.0
_PER = 100
_MOST_ALIKE = 20
_NUMBERS = re.compile(r"\d+")
_NEVER = ("Traceback", "Exception ignored", 'File "', "Error:", "unexpected", "Please report")


@dataclass(frozen=True, kw_only=True)
class Calm:
    """What a follower takes night after night. slope: megabytes in a hundred nights, by least squares.

    fewest: descriptors, in each half; looked at after a night is sent, while its connections are being closed.
    """

    nights: int
    slope: float
    megabytes: tuple[float, float]
    fewest: tuple[int, int]
    descriptors: Counter[int]
    threads: Counter[int]

    @classmethod
    def of(cls, taken: Sequence[tuple[int, Taken]]) -> Self:
        middle = len(taken) // 2
        return cls(
            nights=len(taken),
            slope=_PER * find_slope([(night, one.megabytes) for night, one in taken]),
            megabytes=(taken[0][1].megabytes, taken[-1][1].megabytes),
            fewest=(_count_fewest(taken[:middle]), _count_fewest(taken[middle:])),
            descriptors=Counter(one.descriptors for _, one in taken),
            threads=Counter(one.threads for _, one in taken),
        )

    @property
    def flat(self) -> bool:
        """Memory does not grow, and no descriptor is left open."""
        return self.slope < MOST_MEGABYTES and self.fewest[1] <= self.fewest[0]

    def __str__(self) -> str:
        first, last = self.megabytes
        return (
            f"{self.nights} calm nights: {self.slope:+.3f} MB in a hundred nights ({first:.1f} MB"
            f" to {last:.1f} MB); descriptors {dict(self.descriptors.most_common())},"
            f" threads {dict(self.threads.most_common())}"
        )


def _count_fewest(taken: Sequence[tuple[int, Taken]]) -> int:
    return min(one.descriptors for _, one in taken)


def find_slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line with the least squares."""
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    across = sum((x - x_mean) ** 2 for x, _ in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / across


@dataclass(frozen=True, kw_only=True)
class Said:
    """The log of the followers. kinds: lines that are alike but for numbers."""

    lines: int
    kinds: Counter[str]
    never: tuple[str, ...]
    most_alike: int

    @property
    def readable(self) -> bool:
        return not self.never and self.most_alike <= _MOST_ALIKE

    def __str__(self) -> str:
        kinds = "".join(f"\n  {times:5} {line}" for line, times in self.kinds.most_common())
        never = "".join(f"\n  NEVER: {line}" for line in self.never)
        return f"{self.lines} lines, at most {self.most_alike} the same in a row:{kinds}{never}"


def judge_log(text: str) -> Said:
    """Lines that tell of a run do not count as alike."""
    lines = text.splitlines()
    alike = [sum(1 for _ in same) for line, same in groupby(lines) if not line.startswith("Run ")]
    return Said(
        lines=len(lines),
        kinds=Counter(_NUMBERS.sub("#", line) for line in lines),
        never=tuple(line for line in lines if any(word in line for word in _NEVER)),
        most_alike=max(alike, default=0),
    )
