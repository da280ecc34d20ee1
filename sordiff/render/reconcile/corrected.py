"""The corrected list as a file: what was not mended stands there as it was given."""

import csv
import io
from collections.abc import Iterator

from sordiff.reconcile.table import Table


def corrected_list(table: Table, *, is_sheet: bool) -> Iterator[bytes]:
    """A workbook, or CSV in the dialect and the encoding of the list."""
    if is_sheet:
        from sordiff.render.reconcile.xlsx import write_workbook

        yield write_workbook(table.columns, (row.cells for row in table.rows))
        return
    written = io.StringIO()
    writer = csv.writer(written, delimiter=table.delimiter, lineterminator=table.line_end)
    if heading := table.heading:
        writer.writerow(heading)
    writer.writerows(row.cells for row in table.rows)
    yield written.getvalue().encode(table.encoding, errors="xmlcharrefreplace")
