"""The report as the HTML part of a mail: no script, no style sheet, nothing loaded.

Mail programs keep little of HTML, so that every look stands at its element. Every text from
outside goes through `html.escape`, with what is harmful in it made visible.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from sordiff.render.event_style import EventStyle
from sordiff.render.language import Catalogue
from sordiff.render.report import outline_blocks as blocks
from sordiff.render.report.last_nights import LastNights
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline_printer import OutlinePrinter
from sordiff.render.text.colour import Paint
from sordiff.render.text.rich_text import DOT, Line, behind, words
from sordiff.visible import visible

_WIDTH: Final = 76
_FONT: Final = "font:15px/1.45 'Segoe UI',Arial,sans-serif"
_SOFT: Final = "color:#566069"
_ALERT: Final = {
    "critical": "background:#fde5e2;border-left:4px solid #b3261e",
    "warning": "background:#fff3d6;border-left:4px solid #b57a00",
    "held": "background:#b3261e;color:#ffffff",
    "settled": "background:#f2f1ed;border-left:4px solid #dfdcd4",
}
_ELEMENTS: Final = {
    "del": ('<del style="background:#fbe1de">', "</del>"),
    "ins": ('<ins style="background:#d9f0df;text-decoration:none">', "</ins>"),
    "code": ("<span>", "</span>"),
    "bdi": ("<bdi>", "</bdi>"),
    "": ("", ""),
}


class MailHtmlPrinter(OutlinePrinter):
    """Prints headings and paragraphs, each with its look."""

    def __init__(self, language: Catalogue) -> None:
        self._language = language

    def _print_heading(self, block: blocks.HeadingBlock) -> Iterator[str]:
        counts = DOT.text.join(f"{c.part.sign}{c.count} {c.title}" for c in block.counts)
        yield f'<h1 style="font-size:22px;margin:0">{_safe(block.title)}</h1>'
        yield _paragraph(_safe(DOT.text.join(block.facts)), f"margin:4px 0;{_SOFT}")
        yield _paragraph(f"<b>{_safe(counts or block.nothing)}</b>", "margin:4px 0")

    def _print_title(self, title: str, beside: str = "") -> Iterator[str]:
        note = f' <small style="font-weight:normal;{_SOFT}">{_safe(beside)}</small>'
        told = _safe(title) + (note if beside else "")
        yield f'<h2 style="font-size:17px;margin:20px 0 6px">{told}</h2>'

    def _print_remark(self, remark: blocks.Remark) -> Iterator[str]:
        yield _paragraph(_markup(remark.line), f"margin:6px 0;padding:8px;{_ALERT[remark.level]}")

    def _print_alert(self, alert: blocks.AlertLine) -> Iterator[str]:
        said = f"<b>{_safe(alert.lead)}:</b> {_markup(alert.line)}"
        yield _paragraph(said, f"margin:6px 0;padding:8px;{_ALERT[alert.level]}")

    def _print_item(self, line: Line, style: EventStyle | None = None) -> Iterator[str]:
        sign = f"<b>{_safe(style.sign)}</b> " if style else ""
        yield _paragraph(f"{sign}{_markup(line)}", "margin:6px 0 0 12px")

    def _print_change(self, row: blocks.ChangeRow) -> Iterator[str]:
        title = f"{_safe(row.title)}: " if row.title else ""
        told = f"{title}<b>{_markup(row.about)}</b>{_markup(behind(row.identity, ' '))}"
        yield _paragraph(f"<b>{_safe(row.style.sign)}</b> {told}", "margin:6px 0 0 12px")
        if row.path:
            yield _paragraph(_markup(row.path), f"margin:0 0 0 28px;{_SOFT}")

    def _print_below(self, line: Line, identity: Line = ()) -> Iterator[str]:
        yield _paragraph(_markup((*line, *behind(identity, " "))), "margin:0 0 0 28px")

    def _print_more(self, text: str, *, is_below: bool = False) -> Iterator[str]:
        if text:
            yield _paragraph(_safe(text), f"margin:0 0 0 {28 if is_below else 12}px;{_SOFT}")

    def _print_closing(self, entry: blocks.ClosingsOfDay) -> Iterator[str]:
        day = f"<b>{_safe(self._language.day(entry.day))}</b> · {_safe(entry.counted)}: "
        more = _safe(f" {entry.more}" if entry.more else "")
        yield _paragraph(f"{day}{_markup(entry.named)}{more}", "margin:6px 0 0 12px")

    def _print_found(self, found: blocks.FindingsOfStanding) -> Iterator[str]:
        for line in found.lines:
            yield from self._print_below((*words(f"{found.word}: "), *line))
        yield from self._print_more(found.more, is_below=True)

    def _print_note_apart(self, text: str) -> Iterator[str]:
        return self._print_more(text)

    def _print_picture(self, last: LastNights) -> Iterator[str]:
        drawn = "\n".join(night_lines(last, self._language, Paint(wanted=False, width=_WIDTH)))
        yield f'<pre style="font:13px/1.3 Consolas,monospace">{escape(drawn)}</pre>'


def print_page(lines: Iterator[str], title: str, language: str) -> str:
    """The whole HTML part around these lines."""
    body = "\n".join(lines)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{_safe(title)}</title></head>\n"
        f'<body style="{_FONT};color:#1b2328;max-width:760px">\n{body}\n</body></html>\n'
    )


def _paragraph(markup: str, look: str) -> str:
    return f'<p style="{look}">{markup}</p>'


def _markup(line: Line) -> str:
    return "".join(
        f"{begin}{_safe(piece.text)}{end}"
        for piece in line
        for begin, end in (_ELEMENTS[piece.element],)
    )


def _safe(text: str) -> str:
    return escape(visible(text))
