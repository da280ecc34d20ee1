"""The report as a workbook: what it says in short, then a sheet a section with all its changes.

Ids and numbers are texts and days are days; no cell is a formula or a link. The head of a sheet
stays in sight, and its columns can be filtered.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from sordiff.errors import SordiffError
from sordiff.render.report.change_table import COLUMNS, change_rows
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.group_text import group_line
from sordiff.render.report.medium import MAIL
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_blocks import HeadingBlock, NoticesBlock, Remark
from sordiff.render.text.rich_text import plain_text
from sordiff.report import Change
from sordiff.visible import visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_DAYS: Final = frozenset({"day", "effective"})
_COUNTS: Final = frozenset({"run", "steps"})
# What the others hold is told in words, in `details`.
_COLUMNS: Final = tuple(name for name in COLUMNS if name not in {"cause", "notes"})
_WIDE: Final = frozenset({"unit_name", "path", "owner_name", "before", "after", "details", "group"})
_WIDTHS: Final = (18, 34)
# The clock has no say in what is written.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # a file has no zone
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_Row = dict[str, str]


def print_report(edition: Edition) -> Iterable[bytes]:
    """The workbook in one piece; with the same report the same bytes."""
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        message = "XLSX needs the library XlsxWriter, which is not installed."
        raise SordiffError(message, advice="Install it with `pip install 'sordiff[xlsx]'`.") from (
            error
        )
    written = io.BytesIO()
    book = Workbook(written, _OPTIONS)
    book.set_properties({"created": _CREATED})
    _Sheets(book, edition).write()
    book.close()
    return [written.getvalue()]


class _Sheets:
    def __init__(self, book: "Workbook", edition: Edition) -> None:
        self._book = book
        self._edition = edition
        self._report = edition.report
        self._language = edition.language
        self._text = ChangeText(edition.report, edition.language)
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._plain = book.add_format({"num_format": "@"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self) -> None:
        """The overview, then the sections in their order."""
        overview = self._book.add_worksheet(self._language.text("sheet.overview"))
        overview.set_column(0, 0, 100)
        for line, said in enumerate(self._overview()):
            overview.write_string(line, 0, visible(said), self._bold if line == 0 else None)
        rows: dict[str, list[_Row]] = {}
        for change, row in zip(self._report.changes, change_rows(self._report), strict=True):
            rows.setdefault(change.event_type.section, []).append(self._in_words(change, row))
        for section in self._report.sections:
            title = self._language.known(f"sheet.{section.name}")  # where the usual one is too long
            self._write_section(
                title or self._language.section(section.name), rows.get(section.name, [])
            )

    def _overview(self) -> Iterator[str]:
        """What a mail has above the changes."""
        for block in build_outline(self._report, self._text, self._edition.fit(MAIL)):
            if isinstance(block, HeadingBlock):
                yield from (block.title, *block.facts)
                yield from (f"{c.count} {c.title}" for c in block.counts)
                yield from [block.nothing] if not block.counts else []
            elif isinstance(block, NoticesBlock):
                for notice in block.shown:
                    lead = "" if isinstance(notice, Remark) else f"{notice.lead}: "
                    yield f"{lead}{plain_text(notice.line)}"

    def _in_words(self, change: Change, row: _Row) -> _Row:
        kind = row["unit_kind"]
        group = None if change.group is None else self._report.groups[change.group]
        return {
            **row,
            "type": self._language.title(row["type"]),
            "unit_kind": self._language.text(f"kind.{kind}") if kind else "",
            "details": "; ".join(map(plain_text, self._text.lines(change))),
            "group": plain_text(group_line(group, self._text)) if group else "",
        }

    def _write_section(self, title: str, rows: list[_Row]) -> None:
        sheet = self._book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(_COLUMNS):
            sheet.set_column(place, place, _WIDTHS[name in _WIDE])
            sheet.write_string(0, place, self._language.text(f"column.{name}"), self._bold)
        for line, row in enumerate(rows, start=1):
            for place, name in enumerate(_COLUMNS):
                cell = row[name]
                if cell and name in _DAYS:
                    sheet.write_datetime(line, place, date.fromisoformat(cell), self._day)
                elif cell and name in _COUNTS:
                    sheet.write_number(line, place, int(cell))
                elif cell:
                    sheet.write_string(line, place, visible(cell), self._plain)
        sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
