"""The days of a column: written one way in the whole column, or the file is refused.

`2026-11-27` and `27-11-2026` can be told apart cell by cell, but a column that mixes them was
written by two hands, and of `03-04-2026` nobody then knows which is the month.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from sordiff.errors import Problem
from sordiff.model import Day
from sordiff.snapshot.format.text import quote_value

_TIME: Final = r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.A)
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})([-./])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.A)

_ISO: Final = "yyyy-mm-dd"


class DayColumn(dict[str, Day | None]):
    """Text -> day, None if it is none; and the ways in which the days of the column are written.

    A time behind the day is dropped. `witnesses`: the way -> a text written so.
    """

    def __init__(self, name: str) -> None:
        """`name`: the column, for messages."""
        super().__init__()
        self.name = name
        self.witnesses: dict[str, str] = {}

    def __missing__(self, text: str) -> Day | None:
        """Read each text once: the same days come thousands of times."""
        day = self._parse(text)
        self[text] = day
        return day

    def _parse(self, text: str) -> Day | None:
        way, *parts = _take_apart(text)
        if way is None:
            return None
        try:
            day = Day(date(*map(int, parts)).isoformat())
        except ValueError:
            return None
        self.witnesses.setdefault(way, text)
        return day

    @property
    def is_mixed(self) -> bool:
        """Whether the days read so far are written in two ways."""
        return len(self.witnesses) > 1

    def find_way(self, text: str) -> str | None:
        """How a day is written, as `yyyy-mm-dd`; None of a text that is no day."""
        return None if self[text] is None else _take_apart(text)[0]


def _take_apart(text: str) -> tuple[str | None, *tuple[str, ...]]:
    """How a day is written, with its year, month and day; None alone of any other text."""
    if found := _YEAR_FIRST.fullmatch(text):
        return _ISO, found[1], found[2], found[3]
    if found := _DAY_FIRST.fullmatch(text):
        return found[2].join(("dd", "mm", "yyyy")), found[4], found[3], found[1]
    return (None,)


def tell_mixed_days(column: DayColumn, cells: Iterable[tuple[str, int]], file: str) -> Problem:
    """The problem of a column whose days are mixed; `cells`: all its texts, with their lines.

    It names the first line in which a day is written otherwise than in most rows. Of two ways that
    are equally frequent, the one of the first row is that of the column.
    """
    counts: Counter[str] = Counter()
    firsts: dict[str, tuple[int, str]] = {}
    for text, line in cells:
        way = column.find_way(text)
        if way is not None:
            counts[way] += 1
            firsts.setdefault(way, (line, text))
    (usual, count), *others = counts.most_common()
    line, text, way = min((*firsts[way], way) for way, _ in others)
    message = (
        f"{quote_value(text)} is written {way}, and the column {column.name} otherwise {usual} "
        f"({count:,} of {counts.total():,} days)"
    )
    return Problem(code="date.mixed", message=message, file=file, line=line)
