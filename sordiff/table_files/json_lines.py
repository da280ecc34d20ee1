"""A table as JSON lines: an object a row, with every column."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sordiff.exported_tables import ColumnType, ExportedTable


def write_json_lines(
    path: Path, table: ExportedTable, rows: Iterable[Sequence[tuple[Any, ...]]]
) -> int:
    """Write a line a row; what is absent is null."""
    count = 0
    names = tuple(table.columns)
    booleans = [name for name, kind in table.columns.items() if kind is ColumnType.BOOLEAN]
    encode = msgspec.json.Encoder().encode_lines
    with path.open("wb") as file:
        for some in rows:
            count += len(some)
            objects = [dict(zip(names, row, strict=True)) for row in some]
            for name in booleans:
                for each in objects:
                    each[name] = None if each[name] is None else bool(each[name])
            file.write(encode(objects))
    return count
