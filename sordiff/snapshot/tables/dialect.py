"""The rows of a CSV file of the register, as its writers and Excel leave them.

The delimiter is `;`, always: csv.Sniffer takes the `=` of guarded ids for it. SOR2 doubles quotes;
sor.csv does not escape them, so that they mean something there only if the header has them. A
guard, `="123"` or the same in quotes, keeps Excel from reading an id as a number.
"""

import csv
import re
from collections.abc import Iterator
from typing import Final, Protocol

from msgspec import Struct

DELIMITER: Final = ";"
# A guard or a quoted text may hold the delimiter; what is neither ends at it.
_CELL: Final = re.compile(r'(="[^"\r\n]*"|"(?:[^"]|"")*"|[^;]*)(;|\Z)')
_GUARD: Final = re.compile(r'="(.*)"', re.S)
_QUOTED_GUARD: Final = re.compile(r'"="{2}([^"]*)"{3}')


class Lines(Protocol):
    """The content as lines of bytes: a mapped file, or one that was unpacked."""

    def readline(self) -> bytes:
        """The next line with its end; nothing at the end of the content."""

    def tell(self) -> int:
        """Where the next line begins, in bytes."""


class Row(Struct, frozen=True, gc=False):
    """One row: its first line (from 1), where it lies in the content, and its cells as written."""

    line: int
    start: int
    end: int
    cells: list[str]


class RowReader:
    """The rows of a table, one after the other, with what is wrong between them.

    `quoted`: quotes around a cell are no part of it, and a cell may then hold line ends. `lines`
    counts the lines so far. `is_cut_off`: the last line has no end, or a quote is not closed.
    """

    def __init__(self, content: Lines, encoding: str, *, quoted: bool) -> None:
        """The content stands at its first row behind the byte order mark."""
        self._content = content
        self._encoding = encoding
        self._quoted = quoted
        self._texts: list[str] = []
        self.lines = 0
        self.is_cut_off = False

    def read(self, width: int | None = None) -> Iterator[Row]:
        """Each row. One that has not `width` cells is split once more, by guards and quotes.

        Blank lines are no rows. UnicodeDecodeError where bytes are not of the encoding; `lines` is
        then the line.
        """
        reader = csv.reader(self._take_lines(), delimiter=DELIMITER, strict=True)
        split = self._split_quoted if self._quoted else self._split_raw
        while True:
            line, start = self.lines + 1, self._content.tell()
            self._texts.clear()
            cells = split(reader)
            if cells is None:
                return
            if cells == [] or (len(cells) == 1 and not cells[0].strip()):
                continue
            if width is not None and len(cells) != width:
                cells = split_guarded("".join(self._texts))
            yield Row(line, start, self._content.tell(), cells)

    def _take_lines(self) -> Iterator[str]:
        while raw := self._content.readline():
            self.lines += 1
            if not raw.endswith(b"\n"):
                self.is_cut_off = True
            text = raw.decode(self._encoding)
            self._texts.append(text)
            yield text

    def _split_quoted(self, reader: Iterator[list[str]]) -> list[str] | None:
        try:
            return next(reader)
        except StopIteration:
            return None
        except csv.Error as error:
            self.is_cut_off = self.is_cut_off or "unexpected end of data" in str(error)
            return split_guarded("".join(self._texts))

    def _split_raw(self, _: Iterator[list[str]]) -> list[str] | None:
        text = next(self._take_lines(), None)
        return None if text is None else text.rstrip("\r\n").split(DELIMITER)


def split_guarded(text: str) -> list[str]:
    """Split a row by its delimiters outside of guards and quotes."""
    text = text.rstrip("\r\n")
    cells: list[str] = []
    place = 0
    while found := _CELL.match(text, place):
        cells.append(_unquote(found[1]))
        place = found.end()
        if not found[2]:
            break
    return cells


def _unquote(cell: str) -> str:
    if len(cell) > 1 and cell[0] == '"' and cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def strip_guard(cell: str) -> str:
    """The text in a guard; any other cell as it is."""
    if cell.startswith("="):
        found = _GUARD.fullmatch(cell.strip())
        return found[1].replace('""', '"') if found else cell
    if cell.startswith('"='):
        quoted = _QUOTED_GUARD.fullmatch(cell.strip())
        return quoted[1] if quoted else cell
    return cell
