"""The states of all units of a table: of each row only the days are kept, and where it stands."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sordiff.model import Day, SorId, find_next_day
from sordiff.snapshot.tables.row_places import RowPlaces

# The day of a state whose row names none: before all others.
ALWAYS: Final = Day("0001-01-01")
_NO_ROW: Final = -1
# A file of states has more rows than units, by far. Fewer further rows than this are mistakes.
_UNITS_A_FURTHER_ROW: Final = 20


class State(NamedTuple):
    """One state of a unit: its days, and the number of its row, from 0 on."""

    begins: Day
    to: Day | None
    first_from: Day | None
    row: int


class RowPlace(NamedTuple):
    """Where a row stands: its first line (from 1), and its bytes."""

    line: int
    start: int
    end: int


class _DayNumbers(dict[Day | None, int]):
    """Day -> its number, by which it stands in `days`; that of no day is 0."""

    def __init__(self) -> None:
        super().__init__()
        self.days: list[Day | None] = []
        self[None]

    def __missing__(self, day: Day | None) -> int:
        number = self[day] = len(self)
        self.days.append(day)
        return number


class StateRows:
    """The states by unit. A file has a million rows, so that all of this is numbers."""

    def __init__(self, blocks: RowPlaces | None = None) -> None:
        """`blocks`: where the rows stand, of which each has one line; None: each is told alone."""
        self._blocks = blocks
        self._places = array("q")
        self._units: dict[SorId, int] = {}
        self._ids: list[SorId] = []
        self._newest = array("i")  # by unit
        self._unit = array("i")  # by row, as the following
        self._before = array("i")
        self._days = _DayNumbers()
        self._named = self._days.days
        self._begins, self._to, self._first_from = array("i"), array("i"), array("i")

    def add_rows(
        self,
        ids: Iterable[SorId],
        begins: Iterable[Day | None],
        to: Iterable[Day | None],
        first_from: Iterable[Day | None],
    ) -> None:
        """Add rows in order of the file."""
        number = self._days.__getitem__
        self._begins.extend(map(number, begins))
        self._to.extend(map(number, to))
        self._first_from.extend(map(number, first_from))
        units, newest = self._units, self._newest
        for row, sor_id in enumerate(ids, len(self._unit)):
            unit = units.get(sor_id)
            if unit is None:
                unit = units[sor_id] = len(units)
                self._ids.append(sor_id)
                newest.append(_NO_ROW)
            self._unit.append(unit)
            self._before.append(newest[unit])
            newest[unit] = row

    def add_row(self, sor_id: SorId, days: Sequence[Day | None], place: RowPlace) -> int:
        """Add one row; `days`: on which the state begins and ends, and the unit began.

        Its number, from 0 on.
        """
        begins, to, first_from = days
        self.add_rows([sor_id], [begins], [to], [first_from])
        self._places.extend(place)
        return len(self._unit) - 1

    def __len__(self) -> int:
        """The number of units."""
        return len(self._units)

    def __iter__(self) -> Iterator[SorId]:
        """The units, in the order of their first rows."""
        return iter(self._ids)

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._units

    def __getitem__(self, sor_id: SorId) -> list[State]:
        """The states of a unit, in order of their rows."""
        rows = []
        row = self._newest[self._units[sor_id]]
        while row != _NO_ROW:
            rows.append(self.read_state(row))
            row = self._before[row]
        return rows[::-1]

    def read_state(self, row: int) -> State:
        """The state of a row."""
        days = self._named
        return State(
            days[self._begins[row]] or ALWAYS,
            days[self._to[row]],
            days[self._first_from[row]],
            row,
        )

    def find_id(self, row: int) -> SorId:
        """The unit of a row."""
        return self._ids[self._unit[row]]

    def is_continued(self, row: int) -> bool:
        """Whether another state follows the one of a row at once: its end then closes no unit."""
        days, begins = self._named, self._begins
        to, own = days[self._to[row]], days[begins[row]] or ALWAYS
        if to is None:
            return False
        end = find_next_day(to)
        other = self._newest[self._unit[row]]
        # What begins earlier than a later state that follows at once follows at once, too.
        while other != _NO_ROW:
            later = days[begins[other]] or ALWAYS
            if own < later and (end is None or later <= end):  # no day comes after 9999-12-31
                return True
            other = self._before[other]
        return False

    def share_id(self, sor_id: SorId) -> SorId:
        """The same id; that of a unit of the file as one text for all who name it."""
        unit = self._units.get(sor_id)
        return sor_id if unit is None else self._ids[unit]

    def find_place(self, row: int) -> RowPlace:
        """Where a row stands."""
        if self._blocks is None:
            return RowPlace(*self._places[3 * row : 3 * row + 3])
        start, end = self._blocks.find_bounds(row)
        return RowPlace(row + 2, start, end)

    @property
    def have_several(self) -> bool:
        """Whether any unit has more than one row."""
        return len(self._unit) > len(self._units)

    @property
    def are_of_units(self) -> bool:
        """Whether the rows are states of units, and not units of which a few stand there twice."""
        further = len(self._unit) - len(self._units)
        return further > 0 and further * _UNITS_A_FURTHER_ROW >= len(self._units)

    def list_further_rows(self) -> Iterator[tuple[SorId, RowPlace, RowPlace]]:
        """Of each unit with several rows: its id, where each further row stands, and the first."""
        for sor_id in self if self.have_several else ():
            first, *further = (self.find_place(state.row) for state in self[sor_id])
            for place in further:
                yield sor_id, place, first

    def find_clash(self) -> bool:
        """Whether any unit has two states of one day, or one of no day beside others."""
        begins, before, always = self._begins, self._before, {0, self._days[ALWAYS]}
        for row, earlier in enumerate(before):
            while earlier != _NO_ROW:
                mine, other = begins[row], begins[earlier]
                if mine == other or mine in always or other in always:
                    return True
                earlier = before[earlier]  # noqa: PLW2901  # along the states of one unit
        return False

    def list_days(self) -> Iterator[tuple[Day, Day | None, Day | None]]:
        """The first and the last day of all states, and the first of their units, each set once."""
        days = self._named
        for begins, to, first in {*zip(self._begins, self._to, self._first_from, strict=True)}:
            yield days[begins] or ALWAYS, days[to], days[first]

    def list_rows_by_beginning(self) -> Sequence[int]:
        """The rows in order of the day on which their states begin, then of the SOR id."""
        order = sorted(range(len(self._ids)), key=self._ids.__getitem__)
        ranks = array("i", bytes(4 * len(order)))
        for rank, unit in enumerate(order):
            ranks[unit] = rank
        units, days, begins = self._unit, self._named, self._begins
        rows = sorted(range(len(units)), key=lambda row: ranks[units[row]])
        rows.sort(key=lambda row: days[begins[row]] or ALWAYS)
        return array("i", rows)

    def choose_rows(self, day: Day) -> list[int]:
        """The row of each unit whose state has begun last on that day, in order of the file.

        Of a unit of which none has begun, the first row.
        """
        days = self._named
        has_begun = [(days[number] or ALWAYS) <= day for number in range(len(days))]
        begins, before = self._begins, self._before
        chosen = []
        for newest in self._newest:
            row, found, first = newest, _NO_ROW, newest
            while row != _NO_ROW:
                number = begins[row]
                if has_begun[number] and (
                    found == _NO_ROW or self._is_later(number, begins[found])
                ):
                    found = row
                first, row = row, before[row]
            chosen.append(first if found == _NO_ROW else found)
        return sorted(chosen)

    def _is_later(self, number: int, other: int) -> bool:
        return (self._named[number] or ALWAYS) > (self._named[other] or ALWAYS)
