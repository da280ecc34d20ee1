"""A table as CSV for programs, as RFC 4180 has it: UTF-8, commas, CRLF, each cell as it is."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from sordiff.exported_tables import ColumnType, ExportedTable

_BOOLEANS: Final = {0: "false", 1: "true", None: None}


def write_csv(path: Path, table: ExportedTable, rows: Iterable[Sequence[tuple[Any, ...]]]) -> int:
    """Write the names of the columns, then a line a row; what is absent is an empty cell."""
    count = 0
    booleans = [
        place for place, kind in enumerate(table.columns.values()) if kind is ColumnType.BOOLEAN
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        for some in rows:
            count += len(some)
            writer.writerows(_say_booleans(row, booleans) for row in some)
    return count


def _say_booleans(row: tuple[Any, ...], places: Sequence[int]) -> Sequence[Any]:
    if not places:
        return row
    cells = list(row)
    for place in places:
        cells[place] = _BOOLEANS[cells[place]]
    return cells
