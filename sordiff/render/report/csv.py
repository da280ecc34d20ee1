"""The table of changes as a file that opens in a Danish spreadsheet and does nothing there.

UTF-8 with a byte order mark, semicolons, CRLF. A text that a spreadsheet could take for a formula
has an apostrophe before it. Ids and numbers have a tab before them: a spreadsheet keeps fifteen
digits of a number, and a SOR id has more.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.report.change_table import COLUMNS, ID_COLUMNS, change_rows
from sordiff.render.report.edition import Edition
from sordiff.report import Report
from sordiff.visible import visible

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LEAST_DIGITS: Final = 6


def print_report(edition: Edition) -> Iterable[bytes]:
    """The file, the same in every language."""
    return report_csv(edition.report)


def report_csv(report: Report) -> Iterator[bytes]:
    """The byte order mark and the names of the columns, then a line a change."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    for row in change_rows(report):
        yield _line([_safe(name, row[name]) for name in COLUMNS])


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", errors="replace")


def _safe(name: str, value: str) -> str:
    text = visible(value)
    if text.isascii() and text.isdigit() and (len(text) >= _LEAST_DIGITS or name in ID_COLUMNS):
        return f"\t{text}"
    if text.lstrip().startswith(_FORMULAS):
        return f"'{text}"
    return text
