"""The report for a terminal or a file: read in a minute, as wide as the screen."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.event_style import EventStyle
from sordiff.render.language import Catalogue
from sordiff.render.report import outline_blocks as blocks
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.last_nights import LastNights
from sordiff.render.report.medium import TERMINAL, Medium
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_printer import OutlinePrinter
from sordiff.render.text.colour import Paint
from sordiff.render.text.paragraphs import Paragraphs, as_old_and_new, encoded_lines
from sordiff.render.text.rich_text import Line, behind, words
from sordiff.report import Report, Standing

_SEVERITIES: Final = {"critical": ("bold", "red"), "warning": ("bold", "yellow")}
# The signs of findings that are new, resolved, and as they were.
_FOUND: Final = {
    Standing.NEW: ("+", "red"),
    Standing.RESOLVED: ("✓", "green"),
    Standing.STANDING: ("=", "dim"),
}
_LISTED: Final = "  "
_INSIDE: Final = "      "


def print_report(edition: Edition) -> Iterable[bytes]:
    """The lines as they are written."""
    return encoded_lines(
        report_text(edition.report, edition.language, edition.paint, edition.fit(TERMINAL))
    )


def report_text(
    report: Report, language: Catalogue, paint: Paint, medium: Medium = TERMINAL
) -> Iterator[str]:
    """All lines of the report."""
    outline = build_outline(report, ChangeText(report, language), medium)
    return _TextPrinter(language, paint).print_blocks(outline)


class _TextPrinter(OutlinePrinter):
    """Prints paragraphs as wide as the screen, in its colours."""

    def __init__(self, language: Catalogue, paint: Paint) -> None:
        self._language = language
        self._paint = paint
        self._write = Paragraphs(paint)

    def _print_heading(self, block: blocks.HeadingBlock) -> Iterator[str]:
        yield from self._write.title(block.title)
        yield from self._paint.joined([(fact, "dim") for fact in block.facts], "")
        counts = [(f"{c.part.sign}{c.count} {c.title}", c.part.colour) for c in block.counts]
        yield from self._paint.joined(counts or [(block.nothing, "dim")], "")

    def _print_title(self, title: str, beside: str = "") -> Iterator[str]:
        return self._write.part(title, f"· {beside}" if beside else "")

    def _print_remark(self, remark: blocks.Remark) -> Iterator[str]:
        return self._write.wrapped(remark.line, "")

    def _print_alert(self, alert: blocks.AlertLine) -> Iterator[str]:
        lead = self._paint(f"! {alert.lead}: ", *_SEVERITIES[alert.severity])
        return self._write.wrapped(alert.line, _LISTED, lead=lead)

    def _print_item(self, line: Line, style: EventStyle | None = None) -> Iterator[str]:
        sign = self._paint(f"{style.sign} ", style.colour) if style else ""
        return self._write.wrapped(line, _LISTED, lead=sign)

    def _print_change(self, row: blocks.ChangeRow) -> Iterator[str]:
        title = words(f"{row.title}: ") if row.title else ()
        yield from self._print_item((*title, *row.about, *behind(row.identity, "  ")), row.style)
        yield from self._write.dim(row.path, _INSIDE)

    def _print_below(self, line: Line, identity: Line = ()) -> Iterator[str]:
        return self._write.wrapped((*as_old_and_new(line), *behind(identity, "  ")), _INSIDE)

    def _print_more(self, text: str, *, is_below: bool = False) -> Iterator[str]:
        return self._write.dim(text, _INSIDE if is_below else _LISTED)

    def _print_closing(self, entry: blocks.ClosingsOfDay) -> Iterator[str]:
        lead = words(f"{self._language.day(entry.day)} · {entry.counted}: ")
        return self._print_item((*lead, *entry.named, *behind(words(entry.more), " ")))

    def _print_found(self, found: blocks.FindingsOfStanding) -> Iterator[str]:
        sign, colour = _FOUND[found.standing]
        for line in found.lines:
            yield from self._write.wrapped(line, "    ", lead=self._paint(f"{sign} ", colour))
        yield from self._write.dim(found.more, _INSIDE)

    def _print_note_apart(self, text: str) -> Iterator[str]:
        yield from ("", *self._write.dim(text, ""))

    def _print_picture(self, last: LastNights) -> Iterator[str]:
        return night_lines(last, self._language, self._paint)
