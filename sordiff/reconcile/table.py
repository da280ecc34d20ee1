"""A list as people keep it: columns with their headings, and lines of cells as texts."""

from msgspec import Struct


class TableRow(Struct, frozen=True, gc=False):
    """A line: its number in the file, from 1, and its cells.

    `numeric` are the places of cells that a spreadsheet kept as numbers, not as texts.
    """

    line: int
    cells: tuple[str, ...]
    numeric: tuple[int, ...] = ()


class Table(Struct, frozen=True, kw_only=True):
    """A list; `columns` are unlike each other, `heading` is their line as it was written.

    `titles` are the lines that stand above it.
    `delimiter`, `encoding` and `line_end` are those of a CSV file, and `text` is all that stands in
    it, the byte order mark left out.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    heading: tuple[str, ...] = ()
    titles: tuple[tuple[str, ...], ...] = ()
    delimiter: str = ";"
    encoding: str = "utf-8-sig"
    line_end: str = "\r\n"
    text: str = ""
