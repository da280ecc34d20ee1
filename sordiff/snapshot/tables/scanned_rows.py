"""The rows of a daily file, all checked, of which few are read into units.

A column is looked at as a whole: few of its values are different ones, and each of those is judged
once. UnsureError where anything is wrong or unusual; row by row it is then told exactly. A large
file is scanned on two cores.
"""

import mmap
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from sordiff.model import SorId
from sordiff.row_index import CodeText, RowIndex
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.row_places import RowPlaces
from sordiff.snapshot.tables.row_scan import RowPart, RowScan
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.second_part import find_second_part
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import TableKind
from sordiff.worker_process import SendPart, run_in_worker

_DECODER: Final = msgspec.msgpack.Decoder(RowPart)


class ScannedRows:
    """What a register is asked for about all units, one entry for each row: see RowPart.

    `rows`: the number of the row of each unit, from 0 on.
    """

    def __init__(self, table: TableFile, content: mmap.mmap, meanwhile: Callable[[], None]) -> None:
        """Scan all rows; UnsureError if they are to be read one by one.

        `meanwhile`: what is done before this process waits for the worker.
        """
        if table.columns.kind is not TableKind.DAILY:
            raise UnsureError("rows that are written otherwise")
        self._table, self._content = table, content
        self.reader = RowUnits(table)
        self.places = RowPlaces(content)
        part = self._scan(meanwhile)
        self.ids, self.parents, self.numbers = part.ids, part.parents, part.numbers
        self.first_days, self.last_days = part.first_days, part.last_days
        self._said, self._code_texts = part.said, part.code_texts
        for block in part.blocks:
            self.places.add_block(*block)
        self.rows = dict(zip(self.ids, range(len(self.ids)), strict=True))
        self._judge()

    def _scan(self, meanwhile: Callable[[], None]) -> RowPart:
        begin, end = self._table.rows_start, len(self._content)
        middle = find_second_part(self._content, begin)
        scan = RowScan(self._table, self._content, self.reader)
        if middle is None:
            meanwhile()
            return scan.scan(begin, end)

        def scan_second_part(send_part: SendPart) -> None:
            send_part(msgspec.msgpack.encode(scan.scan(middle, end)))

        with run_in_worker(scan_second_part) as worker:
            part = scan.scan(begin, middle)
            meanwhile()
            if not worker.wait_for_success():
                raise UnsureError("the second part")
            (found,) = worker.read_parts()
        self._join(part, _DECODER.decode(found))
        return part

    def _join(self, part: RowPart, other: RowPart) -> None:
        """Add the second part to the first."""
        part.ids += other.ids
        part.parents += other.parents
        part.last_days += other.last_days
        part.first_days += other.first_days
        part.numbers += other.numbers
        part.blocks += other.blocks
        said: dict[tuple[CodeText, ...], int] = {
            texts: place for place, texts in enumerate(part.code_texts)
        }
        places = [said.setdefault(texts, len(said)) for texts in other.code_texts]
        part.said += map(places.__getitem__, other.said)
        part.code_texts = [*said]
        self.reader.add_witnesses(other.witnesses)

    def _judge(self) -> None:
        """What is judged over all rows."""
        ids = self.ids
        joined = "".join(ids)
        if not (all(ids) and joined.isalnum() and joined.isascii()):
            raise UnsureError("a row with a problem")
        if len(self.rows) != len(ids) or not 0 < len(ids) <= MAX_UNITS:
            raise UnsureError("one SOR id twice, no unit, or too many")
        if self.reader.are_days_mixed:
            raise UnsureError("days that are written in two ways")

    def build_index(self, mentioned: Sequence[SorId]) -> RowIndex:
        """The index of the rows, without digests; `mentioned`: the units without a row."""
        return RowIndex(
            key=self._table.reading_key,
            ids=self.ids,
            digests=b"",
            parents=self.parents,
            said=self._said,
            code_texts=self._code_texts,
            ways=self.reader.list_ways(),
            mentioned=[*mentioned],
        )
