"""The cells of some columns of all rows of a table of SOR2, some hundreds of rows at a time."""

import mmap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.cell_values import CellTexts
from sordiff.snapshot.tables.row_lines import iterate_texts
from sordiff.snapshot.tables.row_pattern import (
    GUARD_START,
    Column,
    Group,
    RowPattern,
    strip_guards,
)
from sordiff.snapshot.tables.table_file import TableFile

# In how many blocks with unknown lines further columns with guards are looked for.
_LOOKS: Final = 32


class ColumnBlock(NamedTuple):
    """Rows that follow each other: where they begin and end, and their cells, a column each group.

    A cell is as written, or, if its row was split by itself, without quotes. `known`: no row was.
    """

    start: int
    end: int
    columns: list[Column]
    known: bool

    def read_texts(self, place: int, texts: CellTexts) -> list[str]:
        """The texts in a column that is taken alone, empty for blank cells."""
        column = self.columns[place]
        if self.known:
            joined = strip_guards(column)
            letters = joined.replace(b"\n", b"")
            if not letters or letters.isalnum():
                return joined.decode().split("\n")
        return [texts[cell] or "" for cell in column]


class ColumnBlocks:
    """Takes groups of columns out of a table, whose every line must be a row of its width."""

    def __init__(self, table: TableFile, content: mmap.mmap, groups: Sequence[Group]) -> None:
        """`groups`: two or more."""
        self._table, self._content, self._groups = table, content, groups
        self._guarded: set[int] = set()
        self._returns = content[: table.rows_start].endswith(b"\r\n")
        self._looks = _LOOKS
        self._pattern = self._make_pattern()

    def _make_pattern(self) -> RowPattern:
        width = self._table.columns.width
        return RowPattern(width, self._groups, self._guarded, returns=self._returns)

    def __iter__(self) -> Iterator[ColumnBlock]:
        """All rows in their order; UnsureError if a line is no row, or of another encoding."""
        return self.read(self._table.rows_start, len(self._content))

    def read(self, begin: int, stop: int) -> Iterator[ColumnBlock]:
        """The rows between two bytes; both are where a line begins, or the end of the file."""
        for start, text in iterate_texts(self._content, begin, stop):
            self._table.require_encoding(text)
            end = start + len(text)
            columns = self._pattern.take(text) or self._learn(text)
            if columns is not None:
                yield ColumnBlock(start, end, columns, known=True)
            else:
                rows = map(self._take_line, text.split(b"\n")[:-1])
                yield ColumnBlock(start, end, [*zip(*rows, strict=True)], known=False)

    def _learn(self, text: bytes) -> list[Column] | None:
        """Look for guards in further columns; what a better pattern then takes."""
        if not self._looks:
            return None
        self._looks -= 1
        width = self._table.columns.width
        found = {
            column
            for line in text.split(b"\n")
            for column, cell in enumerate(line.split(b";")[:width])
            if cell.startswith(GUARD_START)
        }
        if found <= self._guarded:
            return None
        self._guarded |= found
        self._pattern = self._make_pattern()
        return self._pattern.take(text)

    def _take_line(self, line: bytes) -> list[bytes]:
        known = self._pattern.take(line + b"\n")
        if known is not None:
            return [column[0] for column in known]
        if line.count(b"\r") != line.endswith(b"\r"):
            raise UnsureError("a line end inside of a line")
        rows = self._table.split_line(line)
        if not rows:
            raise UnsureError("a blank line")
        return [join_cells([rows[0].cells[column] for column in group]) for group in self._groups]


def join_cells(cells: Sequence[str]) -> bytes:
    """The cells of one row in a group of columns."""
    # No cell of the fast road holds a line feed.
    between = "\n" if any(";" in cell for cell in cells) else ";"
    return between.join(cells).encode()


def split_cells(joined: bytes, group: Group) -> list[bytes]:
    """The cells of one row in a group of columns, one for each of them."""
    if len(group) == 1:
        return [joined]
    return joined.split(b"\n" if b"\n" in joined else b";")


def group_columns(columns: Iterable[int]) -> list[Group]:
    """These columns as groups of adjacent ones."""
    groups: list[list[int]] = []
    for column in sorted(columns):
        if groups and groups[-1][-1] == column - 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    return [tuple(group) for group in groups]
