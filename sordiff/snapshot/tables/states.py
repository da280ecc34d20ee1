"""The rows of a table by unit: one each, or one for each state that a unit was in.

SOREntity.csv holds the states; the state on a day is the row with the newest FromDate that is not
after it. The last day of a state closes the unit only if no other state follows at once.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from sordiff.model import Day, SorId
from sordiff.snapshot.format.text import quote_value
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.dialect import Row
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.scanned_states import scan_states
from sordiff.snapshot.tables.state_rows import ALWAYS, RowPlace, State, StateRows
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind

# How many lines may show that a file holds states before it is read row by row to its end.
_EARLY: Final = 20_000


class States:
    """The states of all units of a table."""

    def __init__(
        self, table: TableFile, reader: RowUnits, day: Day | None, *, is_complete: bool = False
    ) -> None:
        """`day`: the day whose units are wanted; None: no unit is read, only the states.

        `is_complete`: it is known without the rows that they hold states.
        """
        self._table = table
        self._reader = reader
        self._day = day
        self.states = StateRows()
        self._stated: dict[SorId, StatedUnit] = {}
        self._rows: dict[SorId, int] = {}  # of the states that were read
        self._is_complete = self._several = is_complete
        self._may_turn = not is_complete and day is not None

    def read(self, progress: Callable[[int], None] | None = None) -> None:
        """Read all rows; problems are in the table."""
        if self._day is None or self._several:
            with suppress(UnsureError):
                self._read_quickly(progress)
                return
            self._forget()
        self._read_rows(progress)

    def _read_quickly(self, progress: Callable[[int], None] | None) -> None:
        """Find all states, then read the rows of those that hold on the day."""
        table, reader = self._table, self._reader
        self.states = states = scan_states(table, table.content, reader, progress)
        self._several = self._is_complete or states.are_of_units
        if states.have_several and not self._several:
            raise UnsureError("a few units twice")
        if self._day is None:
            return
        for row in states.choose_rows(self._day):
            self._read_chosen(states.find_id(row), states.read_state(row))
        self._stated = {sor_id: self._stated[sor_id] for sor_id in states}

    def _read_chosen(self, sor_id: SorId, state: State) -> None:
        row = self.read_row(state)
        head = self._reader.read_head(row)
        if head is None or self._table.problems:
            raise UnsureError("a row with a problem")
        unit = self._stated[sor_id] = self._reader.read(row, head)
        unit.sor_id = sor_id
        if unit.parent_id is not None:
            unit.parent_id = self.states.share_id(unit.parent_id)
        self._rows[sor_id] = state.row

    def read_row(self, state: State) -> Row:
        """The row of a state."""
        return self._table.read_row(*self.states.find_place(state.row))

    def _forget(self) -> None:
        """Begin anew."""
        self.states = StateRows()
        self._stated.clear()
        self._rows.clear()
        self._table.problems.clear()
        self._several = self._is_complete

    def _read_rows(self, progress: Callable[[int], None] | None) -> None:
        reader, table = self._reader, self._table
        for row in table.read_rows(progress):
            head = reader.read_head(row)
            if head is None:
                continue
            sor_id, days = head.sor_id, head.days
            begins = days.get("from_", ALWAYS)
            if sor_id in self.states and self._find_twin(sor_id, begins, row.line):
                continue
            dated = (begins, days.get("to"), days.get("first_from"))
            number = self.states.add_row(sor_id, dated, RowPlace(row.line, row.start, row.end))
            if self._several and self._may_turn:
                # The file holds states, of which few hold on the day.
                self._may_turn = False
                if not table.problems:
                    self._forget()
                    self._several = True
                    self.read(progress)
                    return
            self._may_turn = self._may_turn and row.line < _EARLY
            if self._day is not None and self._is_newer(sor_id, begins, self._day):
                self._stated[sor_id] = reader.read(row, head)
                self._rows[sor_id] = number
        self._several = self._is_complete or self.states.are_of_units
        if not self._several:
            for sor_id, place, first in self.states.list_further_rows():
                self._add_twin(sor_id, place.line, first.line)

    def _find_twin(self, sor_id: SorId, begins: Day, line: int) -> bool:
        """True, with a problem, if a further row of a unit can't be another state of it."""
        known = self.states[sor_id]
        may_have_several = self._table.columns.kind is not TableKind.SOR_CSV
        # Without its first day a state has no place among others.
        twin = next((one for one in known if one.begins in {begins, ALWAYS}), None)
        if begins == ALWAYS:
            twin = known[0]
        if may_have_several and twin is None:
            self._several = True
            return False
        first = self.states.find_place((twin or known[0]).row).line
        self._add_twin(sor_id, line, first)
        return True

    def _add_twin(self, sor_id: SorId, line: int, first: int) -> None:
        message = f"SOR id {quote_value(sor_id)} stands here and in line {first}"
        self._table.add_problem("sor_id.duplicate", message, line)

    def _is_newer(self, sor_id: SorId, begins: Day, day: Day) -> bool:
        row = self._rows.get(sor_id)
        chosen = None if row is None else self.states.read_state(row).begins
        return chosen is None or (begins <= day and (chosen > day or begins > chosen))

    def find_chosen(self, sor_id: SorId) -> State:
        """The state of a unit that holds on the day."""
        return self.states.read_state(self._rows[sor_id])

    @property
    def kind(self) -> TableKind:
        """The kind of table, as the rows tell it."""
        kind = self._table.columns.kind
        return TableKind.COMPLETE if kind is TableKind.DAILY and self._several else kind

    def choose(self) -> dict[SorId, StatedUnit]:
        """The units on the day; of a table of states, without those that are not yet there."""
        if self.kind is not TableKind.COMPLETE:
            return self._stated
        day = self._day
        assert day is not None, "units are chosen for a day"  # noqa: S101
        chosen = {
            sor_id: unit
            for sor_id, unit in self._stated.items()
            if self.find_chosen(sor_id).begins <= day
        }
        for sor_id, unit in chosen.items():
            if "to" in unit.days and self.states.is_continued(self.find_chosen(sor_id).row):
                del unit.days["to"]
        return chosen
