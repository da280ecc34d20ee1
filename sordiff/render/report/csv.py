"""The table of changes as CSV, in two dialects.

excel: opens in a Danish spreadsheet and does nothing there. UTF-8 with a byte order mark,
semicolons, CRLF, and each cell protected. plain: for programs, as RFC 4180 has it: UTF-8 without a
byte order mark, commas, CRLF, and each cell as it is.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from sordiff.render.report.change_table import COLUMNS, ID_COLUMNS, change_rows
from sordiff.render.report.edition import CsvDialect, Edition
from sordiff.render.text.spreadsheet_cell import protect_cell
from sordiff.report import Report
from sordiff.visible import visible


def print_report(edition: Edition) -> Iterable[bytes]:
    """The file, the same in every language."""
    if edition.csv is CsvDialect.PLAIN:
        return report_plain_csv(edition.report)
    return report_csv(edition.report)


def report_csv(report: Report) -> Iterator[bytes]:
    """The byte order mark and the names of the columns, then a line a change."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS, ";")
    for row in change_rows(report):
        yield _line([protect_cell(row[name], is_id=name in ID_COLUMNS) for name in COLUMNS], ";")


def report_plain_csv(report: Report) -> Iterator[bytes]:
    """The names of the columns, then a line a change."""
    yield _line(COLUMNS, ",")
    for row in change_rows(report):
        yield _line([visible(row[name]) for name in COLUMNS], ",")


def _line(cells: Iterable[str], delimiter: str) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", errors="replace")
