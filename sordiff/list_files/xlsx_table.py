"""A sheet of an XLSX file, looked through before it is unpacked: it may claim too much."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sordiff.list_files.headed_table import build_table
from sordiff.list_files.refused import MOST_BYTES, MOST_CELL, ListRefused, too_large
from sordiff.reconcile.headings import seems_a_list
from sordiff.reconcile.table import Table, TableRow

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# calamine makes room for all cells between the first and the last one.
_MOST_CELLS: Final = 20_000_000
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_BEYOND_TEXT: Final = 1e21


def read_xlsx(name: str, content: bytes) -> Table:
    """The first sheet that has a list, else that has anything; numbers are told from texts."""
    _look_through(name, content)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = map(book.get_sheet_by_index, range(len(book.sheet_names)))
        return build_table(name, _choose_rows(name, sheets))
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(name) from error


def _choose_rows(name: str, sheets: "Iterable[CalamineSheet]") -> list[TableRow]:
    first: list[TableRow] = []
    for sheet in sheets:
        found = list(_rows(name, sheet))
        if seems_a_list([row.cells for row in found]):
            return found
        first = first or found
    return first


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


def _rows(name: str, sheet: "CalamineSheet") -> Iterator[TableRow]:
    """The lines that have anything, by their numbers in the sheet, which may begin further down."""
    above = sheet.start[0] if sheet.start else 0
    for line, row in enumerate(sheet.to_python(), start=above + 1):
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
