"""A sheet of an XLSX file, looked through before it is unpacked: it may claim too much."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from sordiff.list_files.csv_table import name_columns
from sordiff.list_files.refused import MOST_BYTES, MOST_CELL, ListRefused, too_large
from sordiff.reconcile.columns import has_identifier
from sordiff.reconcile.table import Table, TableRow

# calamine makes room for all cells between the first and the last one.
_MOST_CELLS: Final = 20_000_000
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_BEYOND_TEXT: Final = 1e21


def read_xlsx(name: str, content: bytes) -> Table:
    """The first sheet that has anything; numbers are told apart from texts."""
    _look_through(name, content)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = (
            book.get_sheet_by_index(place).to_python() for place in range(len(book.sheet_names))
        )
        cells = next((found for found in sheets if found), [])
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(name) from error
    rows = tuple(_rows(name, cells))
    if not rows:
        raise ListRefused(f"{name} has no lines.", advice="Give a list with a heading and lines.")
    headed = not has_identifier(rows[0].cells)
    width = max(len(row.cells) for row in rows)
    return Table(
        name=name,
        columns=name_columns(rows[0].cells if headed else (), width),
        rows=rows[1:] if headed else rows,
        heading=rows[0].cells if headed else (),
    )


def _look_through(name: str, content: bytes) -> None:
    """Refuse what would fill the memory: a bomb, or two cells in the far corners of a sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise too_large(name)
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and not entry.is_dir():
                    with packed.open(entry) as sheet:
                        _demand_modest(name, iter(lambda s=sheet: s.read(_CHUNK), b""))  # type: ignore[misc]  # a default binds it
                elif not entry.is_dir():
                    # Read to its end: a size or a check sum that lies is found out.
                    with packed.open(entry) as other:
                        while other.read(_CHUNK):
                            pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _broken(name) from error


def _demand_modest(name: str, chunks: Iterator[bytes]) -> None:
    columns: set[bytes] = set()
    last = 0
    before = b""
    for chunk in chunks:
        found = _PLACE.findall(before + chunk)
        columns.update(column for column, _ in found)
        last = max(last, *(int(row) for _, row in found)) if found else last
        before = chunk[-_OVERLAP:]
        width = max(map(_column_number, columns), default=0)
        if width * last > _MOST_CELLS:
            message = f"A sheet of {name} reaches to column {width} of line {last}."
            advice = "Delete what stands far away from the list, or save it as CSV."
            raise ListRefused(message, advice=advice)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _broken(name: str) -> ListRefused:
    message = f"{name} can't be read as XLSX: it is cut off, broken or locked by a password."
    return ListRefused(message, advice="Save it anew, or save it as CSV.")


def _rows(name: str, cells: list[list[Any]]) -> Iterator[TableRow]:
    for line, row in enumerate(cells, start=1):
        texts = tuple(map(_text, row))
        if max(map(len, texts), default=0) > MOST_CELL:
            message = f"{name}:{line}: a cell has more than {MOST_CELL} characters."
            raise ListRefused(message, advice="Give a list of names and numbers.")
        if any(texts):
            numeric = tuple(place for place, value in enumerate(row) if type(value) in {float, int})
            yield TableRow(line, texts, numeric)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _BEYOND_TEXT:
        return str(int(value))
    return value if isinstance(value, str) else str(value)
