"""The days of a column: written one way in the whole column, or the file is refused.

`2026-11-27` and `27-11-2026` can be told apart cell by cell, but a column that mixes them was
written by two hands, and of `03-04-2026` nobody then knows which is the month.
"""

import re
from datetime import date
from typing import Final

from sordiff.errors import Problem
from sordiff.model import Day
from sordiff.snapshot.format.text import quote_value

_TIME: Final = r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.A)
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})([-./])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.A)


class DayColumn(dict[str, Day | None]):
    """Text -> day, None if it is none; and the ways in which the days of the column are written.

    A time behind the day is dropped. `first_lines`: the way -> a text written so, as a witness.
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
        if found := _YEAR_FIRST.fullmatch(text):
            way, parts = "yyyy-mm-dd", (found[1], found[2], found[3])
        elif found := _DAY_FIRST.fullmatch(text):
            way, parts = found[2].join(("dd", "mm", "yyyy")), (found[4], found[3], found[1])
        else:
            return None
        try:
            day = Day(date(*map(int, parts)).isoformat())
        except ValueError:
            return None
        self.witnesses.setdefault(way, text)
        return day

    def find_problem(self, file: str) -> Problem | None:
        """The problem of a column whose days are written in two ways."""
        if len(self.witnesses) < 2:  # noqa: PLR2004  # two ways are one too many
            return None
        (one, first), (other, second), *_ = sorted(self.witnesses.items())
        message = (
            f"the column {self.name} mixes days written {one} ({quote_value(first)}) and {other} "
            f"({quote_value(second)})"
        )
        return Problem(code="date.mixed", message=message, file=file)
