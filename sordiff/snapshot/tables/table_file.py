"""A table as bytes: its encoding, its header, and its rows, each of the header's width."""

import codecs
import mmap
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Final

from sordiff.errors import Problem, SnapshotRefused
from sordiff.snapshot.format.text import quote_value
from sordiff.snapshot.source.refusals import ADVICE
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.columns import (
    ColumnProblem,
    Columns,
    recognise_header,
    understand_header,
)
from sordiff.snapshot.tables.dialect import DELIMITER, Row, RowReader
from sordiff.table_kinds import TableKind

_CHUNK: Final = 4 * 1024**2
_MAX_PROBLEMS: Final = 1000
_UTF8: Final = "utf-8"
_OLD: Final = "iso-8859-1"
# How often the progress is told, in rows.
_STEP: Final = 4096
# A guard as csv has to read it, with the delimiter before it, and how many quotes it has.
_GUARD: Final = re.compile(r';"=""[^";\r\n]*+"""(?=;|\Z)')
_QUOTES_OF_GUARD: Final = 6

# Called with the number of bytes read so far.
ByteCount = Callable[[int], None]
ColumnMapping = Mapping[str, Mapping[str, tuple[str, ...]]]


def _choose_names(kind: TableKind, mapping: ColumnMapping) -> dict[str, tuple[str, ...]]:
    """The further names of columns; the two tables of SOR2 are not told apart by their headers."""
    kinds = (kind,) if kind is TableKind.SOR_CSV else (TableKind.COMPLETE, TableKind.DAILY)
    return {place: names for one in kinds for place, names in mapping.get(one, {}).items()}


class TableFile:
    """One table, to be read as often as needed; what is wrong with it is in `problems`."""

    def __init__(self, content: mmap.mmap, name: str, mapping: ColumnMapping) -> None:
        """SnapshotRefused if the header is not that of a table of the register."""
        self.name = name
        self.problems: list[Problem] = []
        self.content = content
        self._mark = len(codecs.BOM_UTF8) if content[:3] == codecs.BOM_UTF8 else 0
        self._encoding = _UTF8
        self._quoted = True
        self._width: int | None = None
        self._rows_at = self._mark
        self.columns = self._read_header(mapping)

    @property
    def rows_start(self) -> int:
        """Where the first row begins, behind the header."""
        return self._rows_at

    @property
    def reading_key(self) -> bytes:
        """What decides, beside its bytes, what a row says: equal keys, equal rows, equal units."""
        header = self.content[: self._rows_at]
        places = sorted(self.columns.places.items())  # another release may know more columns
        return header + repr((self._encoding, self._quoted, places)).encode()

    def _read_header(self, mapping: ColumnMapping) -> Columns:
        head = self.content[self._mark : self._mark + 1]
        self._encoding = _OLD  # the names of columns that are looked for first are ASCII
        row = next(self._open_rows(), None)
        kind = None if row is None else recognise_header(row.cells)
        if row is None or kind is None:
            raise self.refuse("not_sor", "the first line is no header of a table of SOR")
        if kind is TableKind.SOR_CSV:
            self._quoted = head == b'"'
        self._encoding = self._find_encoding(kind)
        try:
            row = next(self._open_rows())
        except UnicodeDecodeError as error:
            raise self.refuse("encoding", _tell_bytes(error), row.line) from error
        self._rows_at = row.end
        try:
            columns = understand_header(kind, row.cells, _choose_names(kind, mapping))
        except ColumnProblem as problem:
            raise self.refuse("columns", str(problem), 1, advice=problem.advice) from problem
        self._width = columns.width
        return columns

    def _find_encoding(self, kind: TableKind) -> str:
        """UTF-8; sor.csv is ISO-8859-1, unless all of it is UTF-8."""
        if self._mark or kind is not TableKind.SOR_CSV or self._is_utf8():
            return _UTF8
        return _OLD

    def _is_utf8(self) -> bool:
        decoder = codecs.getincrementaldecoder(_UTF8)()
        try:
            for start in range(0, len(self.content), _CHUNK):
                decoder.decode(self.content[start : start + _CHUNK])
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _open_rows(self) -> Iterator[Row]:
        self.content.seek(self._rows_at)
        return RowReader(self.content, self._encoding, quoted=self._quoted).read(self._width)

    def read_rows(self, progress: Callable[[int], None] | None = None) -> Iterator[Row]:
        """Each row that has the header's width; one that has not is a problem.

        At the end the file is judged as a whole: SnapshotRefused if it is cut off or of another
        encoding, with all problems so far.
        """
        reader = self._begin_rows()
        count = 0
        try:
            for row in reader.read(self._width):
                count += 1
                if progress is not None and count % _STEP == 0:
                    progress(row.end)
                if len(row.cells) == self._width:
                    yield row
                elif not reader.is_cut_off:
                    message = f"{len(row.cells)} cells, where the header has {self._width}"
                    self.add_problem("row.width", message, row.line)
        except UnicodeDecodeError as error:
            self.add_problem("encoding", _tell_bytes(error), reader.lines)
        if reader.is_cut_off:
            message = "the file is cut off: its last line has no end"
            self.add_problem("cut_off", message, reader.lines)
        if count == 0 and not self.problems:
            self.add_problem("empty_tree", "the table has no unit", None)

    def _begin_rows(self) -> RowReader:
        self.content.seek(self._rows_at)
        reader = RowReader(self.content, self._encoding, quoted=self._quoted)
        reader.lines = 1
        return reader

    def read_rows_again(self) -> Iterator[Row]:
        """The rows that `read_rows` gives, without telling once more what is wrong with others."""
        with suppress(UnicodeDecodeError):
            for row in self._begin_rows().read(self._width):
                if len(row.cells) == self._width:
                    yield row

    def read_row(self, line: int, start: int, end: int) -> Row:
        """A row that was read before, by its place in the content."""
        if self._quoted and (cells := self._split_plainly(self.content[start:end])) is not None:
            return Row(line, start, end, cells)
        self.content.seek(start)
        reader = RowReader(self.content, self._encoding, quoted=self._quoted)
        cells = next(reader.read(self._width)).cells
        return Row(line, start, end, cells)

    def _split_plainly(self, line: bytes) -> list[str] | None:
        """The cells of a row in which quotes stand in guards alone; None for any other."""
        text = line.decode(self._encoding).rstrip("\r\n")
        cells = text.split(DELIMITER)
        quotes = text.count('"')
        if len(cells) == self._width and (not quotes or quotes == _count_in_guards(text)):
            return cells
        return None

    def split_line(self, line: bytes) -> list[Row]:
        """The row in a line that is read by itself: none if it is blank.

        UnsureError if the line may be no whole row, or has another width.
        """
        reader = RowReader(BytesIO(line + b"\n"), self._encoding, quoted=self._quoted)
        try:
            rows = list(reader.read(self._width))
        except UnicodeDecodeError as error:
            raise UnsureError("bytes of another encoding") from error
        if reader.is_cut_off or len(rows) > 1 or any(len(r.cells) != self._width for r in rows):
            raise UnsureError("a line that is no whole row")
        return rows

    def require_encoding(self, text: bytes) -> None:
        """UnsureError if these bytes, whole lines, are not of the encoding."""
        if not text.isascii():
            try:
                text.decode(self._encoding)
            except UnicodeDecodeError as error:
                raise UnsureError("bytes of another encoding") from error

    def add_problem(self, code: str, message: str, line: int | None) -> None:
        """Add a reason to refuse the file; SnapshotRefused if there are too many to go on."""
        self.problems.append(Problem(code=code, message=message, file=self.name, line=line))
        if len(self.problems) > _MAX_PROBLEMS:
            raise self.refuse("not_sor", "more than 1,000 problems: the rest was not read", line)

    def refuse_problems(self, *further: Problem) -> None:
        """SnapshotRefused if anything is wrong, with all problems in order of their lines."""
        found = sorted([*self.problems, *further], key=lambda problem: problem.line or 0)
        if found:
            raise SnapshotRefused(self.name, tuple(found), advice=ADVICE)

    def refuse(
        self, code: str, message: str, line: int | None = None, *, advice: str = ADVICE
    ) -> SnapshotRefused:
        """The refusal of the whole file, with what was found before."""
        problem = Problem(code=code, message=message, file=self.name, line=line)
        return SnapshotRefused(self.name, (*self.problems, problem), advice=advice)


def _count_in_guards(text: str) -> int:
    """How many quotes of a row stand in cells that are guards."""
    return _QUOTES_OF_GUARD * len(_GUARD.findall(DELIMITER + text))


def _tell_bytes(error: UnicodeDecodeError) -> str:
    return f"bytes that are not UTF-8 in {quote_value(error.object[:80].decode(_OLD))}"
