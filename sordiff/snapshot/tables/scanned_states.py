"""The states of a table, found column by column: of most rows only the id and the days are read."""

import mmap
from collections.abc import Callable

from sordiff.model import SorId
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.cell_values import CellDays, CellKinds, CellTexts
from sordiff.snapshot.tables.column_blocks import ColumnBlocks
from sordiff.snapshot.tables.row_places import RowPlaces
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.state_rows import StateRows
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind


def scan_states(
    table: TableFile,
    content: mmap.mmap,
    reader: RowUnits,
    progress: Callable[[int], None] | None = None,
) -> StateRows:
    """The states of all units; UnsureError if the rows are to be read one by one.

    Every row is judged as by RowUnits.read_head; its days are noted in the columns of `reader`.
    """
    if table.columns.kind is TableKind.SOR_CSV:
        raise UnsureError("rows that are written otherwise")
    columns, texts, kinds = table.columns.places, CellTexts(), CellKinds()
    blocks = RowPlaces(content)
    states = StateRows(blocks)
    days = [(name, CellDays(column)) for name, (_, column) in reader.day_columns.items()]
    groups = [(columns["sor_id"],), (columns["kind"],)]
    groups += ((index,) for index, _ in reader.day_columns.values())
    for block in ColumnBlocks(table, content, groups):
        ids, (_, written, *dated) = block.read_texts(0, texts), block.columns
        joined = "".join(ids)
        if not (all(ids) and joined.isalnum() and joined.isascii()):
            raise UnsureError("a row with a problem")
        for cell in {*written}:
            kinds[cell]
        # Also of the columns that nobody asks for: all days are judged.
        read = {
            name: list(map(known.__getitem__, column))
            for (name, known), column in zip(days, dated, strict=True)
        }
        nothing = [None] * len(ids)
        blocks.add_block(block.start, block.end, len(ids))
        states.add_rows(
            map(SorId, ids),
            read.get("from_", nothing),
            read.get("to", nothing),
            read.get("first_from", nothing),
        )
        if progress is not None:
            progress(block.end)
    if not len(states):
        raise UnsureError("no unit")
    if states.find_clash():
        raise UnsureError("two rows of one state")
    return states
