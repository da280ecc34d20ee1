"""The table of changes as a file that opens in a Danish spreadsheet and does nothing there.

UTF-8 with a byte order mark, semicolons, CRLF.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from sordiff.render.report.change_table import COLUMNS, ID_COLUMNS, change_rows
from sordiff.render.report.edition import Edition
from sordiff.render.text.spreadsheet_cell import protect_cell
from sordiff.report import Report


def print_report(edition: Edition) -> Iterable[bytes]:
    """The file, the same in every language."""
    return report_csv(edition.report)


def report_csv(report: Report) -> Iterator[bytes]:
    """The byte order mark and the names of the columns, then a line a change."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    for row in change_rows(report):
        yield _line([protect_cell(row[name], is_id=name in ID_COLUMNS) for name in COLUMNS])


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", errors="replace")
