"""The index of the rows of a daily file that was read whole."""

import mmap
from collections.abc import Mapping

from sordiff.model import SorId, Unit
from sordiff.row_index import CodeText, RowIndex
from sordiff.snapshot.tables.row_lines import digest_row
from sordiff.snapshot.tables.row_units import RowUnits
from sordiff.snapshot.tables.state_rows import StateRows
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile


def build_row_index(  # noqa: PLR0913, PLR0917  # what the readers of one file have found
    content: mmap.mmap,
    table: TableFile,
    reader: RowUnits,
    states: StateRows,
    stated: Mapping[SorId, StatedUnit],
    mentioned: Mapping[SorId, Unit],
) -> RowIndex:
    """The entries of all rows, in order of the file."""
    said: dict[tuple[CodeText, ...], int] = {}
    rows = stated.values()
    places = (states.find_place(states[sor_id][0].row) for sor_id in stated)
    return RowIndex(
        key=table.reading_key,
        ids=[*stated],
        digests=b"".join(digest_row(content, place.start, place.end) for place in places),
        parents=[unit.parent_id for unit in rows],
        last_days=[unit.days.get("to") for unit in rows],
        said=[said.setdefault(unit.code_texts, len(said)) for unit in rows],
        code_texts=[*said],
        ways=reader.list_ways(),
        mentioned=[*mentioned],
    )
