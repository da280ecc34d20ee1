"""The states of a table, found column by column: of most rows only the id and the days are read.

A large file is scanned on two cores.
"""

import mmap
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from msgspec import Struct

from sordiff.model import Day, SorId
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.cell_values import CellDays, CellKinds, CellTexts
from sordiff.snapshot.tables.column_blocks import ColumnBlock, ColumnBlocks
from sordiff.snapshot.tables.row_places import RowPlaces
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.second_part import find_second_part
from sordiff.snapshot.tables.state_rows import StateRows
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind
from sordiff.worker_process import SendPart, run_in_worker


class StateBlock(Struct, array_like=True, gc=False):
    """Some hundreds of rows: where they begin and end, and the ids and days that they name."""

    start: int
    end: int
    ids: list[SorId]
    begins: list[Day | None]
    to: list[Day | None]
    first_from: list[Day | None]


_BLOCK: Final = msgspec.msgpack.Decoder(StateBlock)
# By column of days: how its days are written, see DayColumn.
_WITNESSES: Final = msgspec.msgpack.Decoder(list[dict[str, str]])


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
    places = RowPlaces(content)
    states = StateRows(places)
    for block in _scan_blocks(table, content, reader):
        places.add_block(block.start, block.end, len(block.ids))
        states.add_rows(block.ids, block.begins, block.to, block.first_from)
        if progress is not None:
            progress(block.end)
    if not len(states):
        raise UnsureError("no unit")
    if states.find_clash():
        raise UnsureError("two rows of one state")
    return states


def _scan_blocks(table: TableFile, content: mmap.mmap, reader: RowUnits) -> Iterator[StateBlock]:
    """All blocks in order of the file; UnsureError as above."""
    scan = _StateScan(table, content, reader)
    begin, end = table.rows_start, len(content)
    middle = find_second_part(content, begin)
    if middle is None:
        yield from scan.read(begin, end)
        return

    def scan_second_part(send_part: SendPart) -> None:
        for block in scan.read(middle, end):
            send_part(msgspec.msgpack.encode(block))
        send_part(msgspec.msgpack.encode(reader.list_witnesses()))

    with run_in_worker(scan_second_part) as worker:
        yield from scan.read(begin, middle)
        if not worker.wait_for_success():
            raise UnsureError("the second part")
        parts = worker.read_parts()
        waiting = next(parts)
        for part in parts:
            yield _BLOCK.decode(waiting)
            waiting = part
        reader.add_witnesses(_WITNESSES.decode(waiting))


class _StateScan:
    """Scans the rows from one byte to another."""

    def __init__(self, table: TableFile, content: mmap.mmap, reader: RowUnits) -> None:
        self._days = [(name, CellDays(column)) for name, (_, column) in reader.day_columns.items()]
        places = table.columns.places
        groups = [(places["sor_id"],), (places["kind"],)]
        groups += ((index,) for index, _ in reader.day_columns.values())
        self._blocks = ColumnBlocks(table, content, groups)
        self._texts, self._kinds = CellTexts(), CellKinds()

    def read(self, start: int, stop: int) -> Iterator[StateBlock]:
        """The rows between; both are where a line begins, or the end of the file."""
        return map(self._judge, self._blocks.read(start, stop))

    def _judge(self, block: ColumnBlock) -> StateBlock:
        ids, (_, written, *dated) = block.read_texts(0, self._texts), block.columns
        joined = "".join(ids)
        if not (all(ids) and joined.isalnum() and joined.isascii()):
            raise UnsureError("a row with a problem")
        for cell in {*written}:
            self._kinds[cell]
        # Also of the columns that nobody asks for: all days are judged.
        read = {
            name: list(map(known.__getitem__, column))
            for (name, known), column in zip(self._days, dated, strict=True)
        }
        nothing: list[Day | None] = [None] * len(ids)
        return StateBlock(
            block.start,
            block.end,
            list(map(SorId, ids)),
            read.get("from_", nothing),
            read.get("to", nothing),
            read.get("first_from", nothing),
        )
