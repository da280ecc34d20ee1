"""The corrected list as a file: what was not mended stands there as it was given, to the byte."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sordiff.reconcile.correction import CorrectedList
from sordiff.reconcile.table import Table

_MARKS: Final = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def corrected_list(corrected: CorrectedList, *, is_sheet: bool) -> Iterator[bytes]:
    """A workbook, or CSV in the dialect and the encoding of the list."""
    table = corrected.table
    if is_sheet:
        from sordiff.render.reconcile.xlsx import write_workbook

        yield write_workbook(table.heading, (row.cells for row in table.rows), titles=table.titles)
        return
    text = "".join(_mended(corrected)) if table.text else _written(table)
    yield _MARKS.get(table.encoding, b"") + text.encode(table.encoding, errors="xmlcharrefreplace")


def _written(table: Table) -> str:
    """A list that was no CSV file."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=table.delimiter, lineterminator=table.line_end)
    writer.writerows(table.titles)
    if table.heading:
        writer.writerow(table.heading)
    writer.writerows(row.cells for row in table.rows)
    return written.getvalue()


def _mended(corrected: CorrectedList) -> Iterator[str]:
    """The text of a CSV file; only cells that were mended are other than they were."""
    delimiter = corrected.table.delimiter
    for line, old, raw in _records(corrected.table.text, delimiter):
        new = corrected.changed.get(line)
        yield raw if new is None else _rewritten(raw, old, new, delimiter)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each record with the number of its first line, its cells, and as it stands in the file."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    begin = 1
    for cells in reader:
        yield begin, cells, "".join(taken)
        taken.clear()
        begin = reader.line_num + 1


def _rewritten(raw: str, old: Sequence[str], new: Sequence[str], delimiter: str) -> str:
    end = raw[len(raw.rstrip("\r\n")) :]
    fields = list(_split_raw(raw.removesuffix(end), delimiter))
    for place, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            fields[place] = _quoted(after, delimiter, always=fields[place].startswith('"'))
    return delimiter.join(fields) + end


def _split_raw(raw: str, delimiter: str) -> Iterable[str]:
    """The cells of a record with their quotes, which only count at the beginning of a cell."""
    cell = rf'"(?:[^"]|"")*"|[^{re.escape(delimiter)}]*'
    return (found[0] for found in re.finditer(rf"(?:(?<={re.escape(delimiter)})|\A)({cell})", raw))


def _quoted(text: str, delimiter: str, *, always: bool) -> str:
    needed = text.startswith('"') or any(sign in text for sign in (delimiter, "\r", "\n"))
    return '"' + text.replace('"', '""') + '"' if always or needed else text
