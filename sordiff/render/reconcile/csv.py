"""The list with the verdicts beside, as a file that opens in a Danish spreadsheet and does nothing.

UTF-8 with a byte order mark, semicolons, CRLF.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from sordiff.render.reconcile.edition import ListEdition
from sordiff.render.reconcile.sheet import APPENDED_IDS, sheet_headings, sheet_rows
from sordiff.render.text.spreadsheet_cell import protect_cell


def print_list(edition: ListEdition) -> Iterator[bytes]:
    """The byte order mark, what stands above the list, the headings, then a line for each line."""
    yield b"\xef\xbb\xbf"
    for cells in (*edition.table.titles, sheet_headings(edition)):
        yield _line(map(protect_cell, cells))
    for own, appended in sheet_rows(edition):
        ours = (protect_cell(text, is_id=i in APPENDED_IDS) for i, text in enumerate(appended))
        yield _line([*map(protect_cell, own), *ours])


def _line(cells: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", errors="replace")
