"""The nights that lie in a table of states: SOREntity.csv has one row for each state of a unit.

The file is read once, and judged whole. Of each night only the rows whose state begins are read
again, and only the units that they can reach are built anew.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from operator import itemgetter

from sordiff.gaps.fill_touched import fill_touched_gaps
from sordiff.gaps.gaps import Gaps
from sordiff.model import Classification, Day, Header, SorId, Unit, find_next_day
from sordiff.register import Register
from sordiff.snapshot.snapshot import SnapshotContent, TouchedUnits
from sordiff.snapshot.tables.code_texts import CodeTexts
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.side_tables import SideTables
from sordiff.snapshot.tables.state_rows import State
from sordiff.snapshot.tables.stated_register import find_cycles
from sordiff.snapshot.tables.stated_tree import StatedTree
from sordiff.snapshot.tables.states import States
from sordiff.snapshot.tables.table_content import TableIdentity, build_content, complete_unit
from sordiff.snapshot.tables.table_file import ByteCount, TableFile
from sordiff.table_kinds import TableKind


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
        self._states = States(table, self._reader, None, is_complete=side.are_there)
        self._states.read(progress)
        table.refuse_problems(*self._reader.find_mixed_days())
        self._beginnings = self._states.states.list_rows_by_beginning()
        self._replacements = sorted(
            (begins, sor_id)
            for sor_id, several in side.replaced.items()
            for begins, _ in several
            if begins is not None
        )
        self._tree = StatedTree()
        self._units: dict[SorId, Unit] = {}
        self._without_row: set[SorId] = set()
        self._lists: dict[str, Classification] = {}
        self._texts = CodeTexts()
        self._read_to = self._replaced_to = 0

    def has_states(self) -> bool:
        """Whether nights lie in the file, as in no daily one."""
        return self._states.kind is TableKind.COMPLETE

    def list_changes(self, first: Day, last: Day) -> list[Day]:
        """The first day, and each day after it on which a state begins or a day passes."""
        days = {first}
        for begins, to, first_from in self._states.states.list_days():
            days.update((begins, first_from or first, find_next_day(to) or first))
        days.update(begins for begins, _ in self._replacements)
        days.update(self._side.list_number_turns())
        return sorted(day for day in days if first <= day <= last)

    def name_night(self, day: Day) -> SnapshotContent:
        """The header of a night, and the files of lists beside it."""
        header = self._identity.build_header(day)
        return SnapshotContent(header=header, list_files=self._side.lists)

    def read_night(self, day: Day, *, whole: bool) -> SnapshotContent:
        """Read a night later than the one before; `whole`, or what differs from that one."""
        changed = self._begin_states(day)
        turned = self._tree.mention()
        header = self._identity.build_header(day)
        if whole:
            content = build_content(self._table, self._side, self._tree.with_rows, header)
            self.settle(content.units, content.lists)
            return content
        starts = changed | (turned & self._tree.mentioned.keys())
        self._table.refuse_problems(*find_cycles(self._tree.known, self._table.name, starts))
        return self._build_touched(header, changed | turned)

    def settle(self, units: Mapping[SorId, Unit], lists: dict[str, Classification]) -> None:
        """Take these units and lists for those of the night that was read last."""
        self._units, self._lists = dict(units), dict(lists)
        self._without_row = units.keys() - self._tree.with_rows.keys()

    def _begin_states(self, day: Day) -> set[SorId]:
        """Read the rows of the states that have begun since the night before."""
        states = self._states.states
        end = bisect_right(self._beginnings, day, key=lambda row: states.read_state(row).begins)
        begun = self._beginnings[self._read_to : end]
        newest = {states.find_id(row): row for row in begun}
        self._read_to = end
        # In the order of the file, where rows lie beside each other.
        for sor_id, row in sorted(newest.items(), key=itemgetter(1)):
            self._begin(sor_id, states.read_state(row))
        self._table.refuse_problems()
        changed = {*newest, *self._begin_replacements(day)}
        for sor_id in changed:
            complete_unit(self._tree.with_rows[sor_id], self._side, day)
        return changed

    def _begin_replacements(self, day: Day) -> set[SorId]:
        end = bisect_right(self._replacements, day, key=lambda replacement: replacement[0])
        begun = {sor_id for _, sor_id in self._replacements[self._replaced_to : end]}
        self._replaced_to = end
        return begun & self._tree.with_rows.keys()

    def _begin(self, sor_id: SorId, state: State) -> None:
        row = self._states.read_row(state)
        head = self._reader.read_head(row)
        before = self._tree.with_rows.get(sor_id)
        for noted in before.code_texts if before is not None else ():
            self._texts.forget(*noted)
        if head is None:
            return
        unit = self._reader.read(row, head)
        if self._states.states.is_continued(state.row):
            unit.days.pop("to", None)
        unit.settle_parent()
        self._tree.put(unit)
        for noted in unit.code_texts:
            self._texts.note(*noted)

    def _build_touched(self, header: Header, starts: Iterable[SorId]) -> SnapshotContent:
        """What these units and those below them are tonight, with the gaps of the table filled."""
        tree, with_rows, known = self._tree, self._tree.with_rows, self._tree.known
        read = tree.build(tree.find_reached(starts))
        unread = tree.build(tree.mentioned.keys() - read.keys())
        gaps = Gaps(
            mentioned={i: read.get(i) or unread[i] for i in tree.mentioned},
            said_below={i: unit.say_blocks() for i, unit in tree.mentioned.items()},
            several_texts=self._texts.find_several(),
            with_rows=with_rows.keys(),
            without_row={i for i in self._without_row if i not in known},
        )
        before, lists = self._repeat_register(header), self._texts.build_lists()
        filled = fill_touched_gaps(gaps, read, lists, header.snapshot_date, before, ())
        created = frozenset(sor_id for sor_id in filled.read if sor_id not in self._units)
        self._units.update(filled.read)
        for sor_id in filled.removed:
            del self._units[sor_id]
        # Not by the views of all units: what is left out of a set is then looked for in each.
        stayed = self._without_row.union(tree.mentioned) - filled.removed
        self._without_row = {sor_id for sor_id in stayed if sor_id not in with_rows}
        # A list whose codes nobody carries tonight is not told, and not gone.
        self._lists |= filled.lists
        return SnapshotContent(
            header=header,
            touched=TouchedUnits(
                read=filled.read,
                moved={},
                created=created,
                removed=filled.removed,
                count=len(self._units),
            ),
            lists=filled.lists,
            list_files=self._side.lists,
            warnings=tuple(self._side.warnings),
        )

    def _repeat_register(self, header: Header) -> Register:
        """The night that was read last."""
        return Register(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=self._units,
            lists=self._lists,
        )
