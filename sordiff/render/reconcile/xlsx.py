"""The list with the verdicts beside, as a workbook: all cells are texts, and none is a formula."""

import io
from collections.abc import Iterable, Sequence
from itertools import chain

from sordiff.render.reconcile.edition import ListEdition
from sordiff.render.reconcile.sheet import sheet_headings, sheet_rows
from sordiff.visible import visible

_WIDTH = 22


def print_list(edition: ListEdition) -> Iterable[bytes]:
    """The workbook in one piece; with the same list the same bytes."""
    rows = ((*own, *appended) for own, appended in sheet_rows(edition))
    return [write_workbook(sheet_headings(edition), rows, titles=edition.table.titles)]


def write_workbook(
    headings: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    titles: Sequence[Sequence[str]] = (),
) -> bytes:
    """One sheet whose headings stay in sight; without headings it begins with the rows."""
    from datetime import datetime

    from xlsxwriter import Workbook

    written = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = Workbook(written, options)
    # The clock has no say in what is written.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  # a file has no zone
    bold = book.add_format({"bold": True, "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("sordiff")
    named = tuple(headings)
    head = [*titles, named] if named else list(titles)
    sheet.freeze_panes(len(head), 0)
    sheet.set_column(0, max(len(named) - 1, 0), _WIDTH, plain)
    for line, row in enumerate(chain(head, rows)):
        form = bold if line < len(head) else plain
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(line, place, visible(cell), form)
    book.close()
    return written.getvalue()
