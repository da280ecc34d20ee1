"""The states of a table, found column by column: of most rows only the id and the days are read."""

import mmap
from collections.abc import Callable, Iterator
from itertools import count, repeat
from operator import itemgetter
from typing import NamedTuple

from sordiff.model import Day, SorId
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.cell_values import CellDays, CellKinds, CellTexts
from sordiff.snapshot.tables.row_lines import iterate_lines
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind

# The day of a state whose row names none: before all others.
ALWAYS = Day("0001-01-01")


class State(NamedTuple):
    """One state of a unit: its days, and where its row stands."""

    begins: Day
    to: Day | None
    first_from: Day | None
    line: int
    start: int
    end: int


def scan_states(
    table: TableFile,
    content: mmap.mmap,
    reader: RowUnits,
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[SorId, State]]:
    """Each row as the state of a unit; UnsureError if the rows are to be read one by one.

    Every row is judged as by RowUnits.read_head; its days are noted in the columns of `reader`.
    """
    if table.columns.kind is TableKind.SOR_CSV:
        raise UnsureError("rows that are written otherwise")
    places, texts, kinds = table.columns.places, CellTexts(), CellKinds()
    take_id, take_kind = itemgetter(places["sor_id"]), itemgetter(places["kind"])
    days = {
        name: (itemgetter(index), CellDays(column))
        for name, (index, column) in reader.day_columns.items()
    }
    numbers = count(2)
    for lines in iterate_lines(content, table.rows_start):
        rows = table.split_lines(lines.lines)
        ids = [texts[cell] or "" for cell in map(take_id, rows)]
        if not (all(map(str.isalnum, ids)) and all(map(str.isascii, ids))):
            raise UnsureError("a row with a problem")
        for cell in {*map(take_kind, rows)}:
            kinds[cell]
        found = {
            name: list(map(read.__getitem__, map(take, rows)))
            for name, (take, read) in days.items()
        }
        nothing = repeat(None, len(rows))
        starts = lines.starts
        end = starts[-1] + len(lines.lines[-1]) + 1
        states = map(
            State,
            (day or ALWAYS for day in found.get("from_", nothing)),
            found.get("to", nothing),
            found.get("first_from", nothing),
            numbers,
            starts,
            [*starts[1:], end],
        )
        yield from zip(map(SorId, ids), states, strict=True)
        if progress is not None:
            progress(end)
