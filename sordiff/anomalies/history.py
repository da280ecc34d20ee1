"""What is usual for this register: the ordinary nights before, and how far they spread.

Counts are taken per night spanned and compared as log(1 + n), so that twice as many is as far from
the median whether the register is large or small. Far is told in modified z-scores (Iglewicz and
Hoaglin, 1993): the distance from the median in units of 1.4826 times the median absolute deviation.
"""

from collections.abc import Callable, Sequence
from datetime import date
from math import expm1, log1p
from operator import attrgetter
from typing import Final

from msgspec import Struct

from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.limits import Unusual
from sordiff.model import Day

# What makes the deviations of a normal distribution its standard deviation.
_OF_MEDIAN: Final = 1.4826
_OF_MEAN: Final = 1.2533
# e to the power of 709 is more than a float holds.
_MOST_EXPONENT: Final = 700.0
_MOST_NIGHTS: Final = 7
_WEEKDAYS: Final = (
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "Saturdays",
    "Sundays",
)


class Peers(Struct, frozen=True, kw_only=True):
    """The runs that one is compared with, oldest first, and what they are called."""

    runs: Sequence[RunFacts]
    called: str

    def told(self) -> str:
        """How many they are, and from when; there is at least one."""
        first, last = self.runs[0].day, self.runs[-1].day
        if len(self.runs) == 1:
            return f"1 {self.called.removesuffix('s')} ({first})"
        return f"{len(self.runs)} {self.called} from {first} to {last}"


class Usual(Struct, frozen=True, kw_only=True):
    """How often something happens a night: the median, and the most that is still usual."""

    median: float
    most: float


def select_ordinary(history: Sequence[RunFacts], before: Day, most: int) -> list[RunFacts]:
    """The newest ordinary nights before a day, oldest first: what a night is compared with."""
    nights = [r for r in history if r.kind == "night" and not r.exceptional and r.day < before]
    return sorted(nights, key=attrgetter("day"))[-most:]


def spread_nights(nights: int) -> int:
    """Over how many nights counts are spread: a reissue spans none and counts as one.

    At most seven, so that a mass closing behind a long gap stays one.
    """
    return min(max(1, nights), _MOST_NIGHTS)


def compute_rate(count: float, nights: int) -> float:
    """How many a night, over as many nights as counts are spread over."""
    return count / spread_nights(nights)


def select_peers(runs: Sequence[RunFacts], day: Day, weekdays: int) -> Peers:
    """The runs of the same weekday if there are enough of them, else all."""
    weekday = date.fromisoformat(day).weekday()
    same = [run for run in runs if date.fromisoformat(run.day).weekday() == weekday]
    if len(same) >= weekdays:
        return Peers(runs=same, called=_WEEKDAYS[weekday])
    return Peers(runs=runs, called="nights")


def spans_a_turn(run: RunFacts) -> bool:
    """Whether a month began within the run: what ends with a month is closed on that night."""
    return date.fromisoformat(run.day).day <= max(1, run.nights)


def compute_usual(peers: Peers, count: Callable[[RunFacts], int], rules: Unusual) -> Usual:
    """What the peers make one expect of a run; there is at least one of them."""
    from statistics import median  # which takes as long to import as all of this package

    logs = [log1p(compute_rate(count(run), run.nights)) for run in peers.runs]
    centre = median(logs)
    middle = expm1(centre)
    edge = min(centre + rules.score * _spread(logs, centre), _MOST_EXPONENT)
    return Usual(median=middle, most=max(expm1(edge), middle + rules.least, middle * rules.times))


def _spread(logs: Sequence[float], centre: float) -> float:
    """By the median of the deviations; where more than half are none, by their mean."""
    from statistics import fmean, median

    deviations = [abs(value - centre) for value in logs]
    return _OF_MEDIAN * median(deviations) or _OF_MEAN * fmean(deviations)
