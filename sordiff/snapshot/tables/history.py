"""The nights that lie in a table of states: SOREntity.csv has one row for each state of a unit.

The file is read once, and judged whole. Of each night only the rows whose state begins are read
again, and only the units that they can reach are built anew.
"""

from bisect import bisect_right
from collections.abc import Iterable

from sordiff.gaps import keep_entries, keep_own_blocks
from sordiff.model import Classification, Day, SorId, Unit, find_next_day
from sordiff.snapshot.snapshot import SnapshotContent, TouchedUnits
from sordiff.snapshot.tables.code_texts import CodeTexts
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.side_tables import SideTables
from sordiff.snapshot.tables.state_rows import State
from sordiff.snapshot.tables.stated_register import build_unit, find_cycles
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.states import States
from sordiff.snapshot.tables.table_content import TableIdentity, build_content, complete_unit
from sordiff.snapshot.tables.table_file import ByteCount, TableFile


class TableHistory:
    """Reads the nights in their order; SnapshotRefused if the file is not good."""

    def __init__(
        self,
        table: TableFile,
        side: SideTables,
        identity: TableIdentity,
        progress: ByteCount | None = None,
    ) -> None:
        """Read the whole file."""
        if "from" not in table.columns.places:
            raise table.refuse("no_states", "it has no column FromDate, by which nights lie in it")
        self._table = table
        self._side = side
        self._identity = identity
        self._reader = RowUnits(table)
        self._states = States(table, self._reader, None)
        self._states.read(progress)
        table.refuse_problems(*self._reader.find_mixed_days())
        self._beginnings = self._states.states.list_rows_by_beginning()
        self._replacements = sorted(
            (begins, sor_id)
            for sor_id, several in side.replaced.items()
            for begins, _ in several
            if begins is not None
        )
        self._stated: dict[SorId, StatedUnit] = {}
        self._children: dict[SorId | None, set[SorId]] = {}
        self._units: dict[SorId, Unit] = {}
        self._without_row: set[SorId] = set()
        self._lists: dict[str, Classification] = {}
        self._texts = CodeTexts()
        self._read_to = self._replaced_to = 0

    def list_changes(self, first: Day, last: Day) -> list[Day]:
        """The first day, and each day after it on which a state begins or a day passes."""
        days = {first}
        for begins, to, first_from in self._states.states.list_days():
            days.update((begins, first_from or first, find_next_day(to) or first))
        days.update(begins for begins, _ in self._replacements)
        return sorted(day for day in days if first <= day <= last)

    def read_night(self, day: Day, *, whole: bool) -> SnapshotContent:
        """Read a night later than the one before; `whole`, or what differs from that one."""
        changed = self._begin_states(day)
        header = self._identity.build_header(day)
        if whole or self._mentions_others(changed):
            content = build_content(self._table, self._side, self._stated, header)
            self.settle(content.units, content.lists)
            return content
        self._table.refuse_problems(*find_cycles(self._stated, self._table.name, changed))
        return SnapshotContent(
            header=header,
            touched=self._build_touched(changed),
            lists=self._build_lists(),
            list_files=self._side.lists,
            warnings=tuple(self._side.warnings),
        )

    def settle(self, units: dict[SorId, Unit], lists: dict[str, Classification]) -> None:
        """Take these units and lists for those of the night that was read last."""
        self._units, self._lists = units, lists
        self._without_row = units.keys() - self._stated.keys()

    def _begin_states(self, day: Day) -> set[SorId]:
        """Read the rows of the states that have begun since the night before."""
        states = self._states.states
        end = bisect_right(self._beginnings, day, key=lambda row: states.read_state(row).begins)
        begun = self._beginnings[self._read_to : end]
        newest = {states.find_id(row): row for row in begun}
        self._read_to = end
        for sor_id, row in newest.items():
            self._begin(sor_id, states.read_state(row))
        self._table.refuse_problems()
        changed = {*newest, *self._begin_replacements(day)}
        for sor_id in changed:
            complete_unit(self._stated[sor_id], self._side, day)
        return changed

    def _begin_replacements(self, day: Day) -> set[SorId]:
        end = bisect_right(self._replacements, day, key=lambda replacement: replacement[0])
        begun = {sor_id for _, sor_id in self._replacements[self._replaced_to : end]}
        self._replaced_to = end
        return begun & self._stated.keys()

    def _begin(self, sor_id: SorId, state: State) -> None:
        row = self._states.read_row(state)
        head = self._reader.read_head(row)
        before = self._stated.get(sor_id)
        if before is not None:
            self._children[before.parent_id].discard(sor_id)
            for noted in before.code_texts:
                self._texts.forget(*noted)
        if head is None:
            return
        unit = self._reader.read(row, head)
        if self._states.states.is_continued(state.row):
            unit.days.pop("to", None)
        unit.settle_parent()
        self._stated[sor_id] = unit
        self._children.setdefault(unit.parent_id, set()).add(sor_id)
        for noted in unit.code_texts:
            self._texts.note(*noted)

    def _mentions_others(self, changed: Iterable[SorId]) -> bool:
        """Whether a unit stands below one without a row: what that one is, all units tell."""
        above = {self._stated[sor_id].parent_id for sor_id in changed} - {None}
        return bool(self._without_row) or not above <= self._stated.keys()

    def _build_touched(self, changed: set[SorId]) -> TouchedUnits:
        read: dict[SorId, Unit] = {}
        created = {sor_id for sor_id in changed if sor_id not in self._units}
        reached = self._find_reached(changed)
        for sor_id in reached:
            unit = build_unit(self._stated[sor_id], self._stated, [])
            if unit != self._units.get(sor_id):
                read[sor_id] = unit
        before = {sor_id: self._units.get(sor_id) for sor_id in read}
        self._units.update(read)
        for sor_id, earlier in before.items():
            if earlier is not None:
                read[sor_id] = keep_own_blocks(earlier, read[sor_id], self._units)
        self._units.update(read)
        return TouchedUnits(
            read=read,
            moved={},
            created=frozenset(created),
            removed=frozenset(),
            count=len(self._units),
        )

    def _find_reached(self, changed: set[SorId]) -> list[SorId]:
        """The units that have changed, and all below them."""
        found: dict[SorId, None] = {}
        waiting = sorted(changed)
        while waiting:
            sor_id = waiting.pop()
            if sor_id not in found:
                found[sor_id] = None
                waiting.extend(self._children.get(sor_id, ()))
        return sorted(found)

    def _build_lists(self) -> dict[str, Classification]:
        lists = self._texts.build_lists()
        self._lists = keep_entries(lists, self._texts.find_several(), self._lists)
        return self._lists
