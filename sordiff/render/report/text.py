"""The report for a terminal or a file: read in a minute, as wide as the screen."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.event_style import EventStyle
from sordiff.render.language import Catalogue
from sordiff.render.report import outline_blocks as blocks
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_printer import OutlinePrinter
from sordiff.render.text.colour import Paint
from sordiff.render.text.paragraphs import Paragraphs, encoded_lines
from sordiff.render.text.rich_text import ARROW, DOT, Line, joined, words
from sordiff.report import Report, Standing

_SEVERITIES: Final = {"critical": ("bold", "red"), "warning": ("bold", "yellow")}
# The signs of findings that are new, resolved, and as they were.
_FOUND: Final = {
    Standing.NEW: ("+", "red"),
    Standing.RESOLVED: ("✓", "green"),
    Standing.STANDING: ("=", "dim"),
}
_MARKS: Final = frozenset({"del", "ins"})
_LISTED: Final = "  "
_INSIDE: Final = "      "


def print_report(edition: Edition) -> Iterable[bytes]:
    """The lines as they are written."""
    return encoded_lines(report_text(edition.report, edition.language, edition.paint))


def report_text(report: Report, language: Catalogue, paint: Paint) -> Iterator[str]:
    """All lines of the report."""
    outline = build_outline(report, ChangeText(report, language), blocks.TERMINAL)
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

    def _print_notices(self, block: blocks.NoticesBlock) -> Iterator[str]:
        title = self._write.part(block.alerts_title)
        for notice in block.shown:
            if isinstance(notice, blocks.Remark):
                yield from self._write.wrapped(notice.line, "")
            else:
                yield from title  # before the first alert; then nothing is left of it
                lead = self._paint(f"! {notice.lead}: ", *_SEVERITIES[notice.severity])
                yield from self._write.wrapped(notice.line, _LISTED, lead=lead)

    def _print_groups(self, block: blocks.GroupsBlock) -> Iterator[str]:
        yield from self._write.part(block.title)
        for group in block.groups:
            sign = self._sign(group.style)
            yield from self._write.wrapped(group.sentence, _LISTED, lead=sign)
            for example in group.examples:
                said = _as_old_and_new(example.said)
                told = joined([part for part in (example.about, said) if part], DOT.text)
                yield from self._write.wrapped((*told, *_behind(example.identity)), _INSIDE)
            yield from self._write.dim(group.more, _INSIDE)

    def _print_section(self, block: blocks.SectionBlock) -> Iterator[str]:
        grouped = f"· {block.grouped}" if block.grouped else ""
        yield from self._write.part(f"{block.title} ({block.count})", grouped)
        for row in block.rows:
            title = words(f"{row.title}: ") if row.title else ()
            about = (*title, *row.about, *_behind(row.identity))
            yield from self._write.wrapped(about, _LISTED, lead=self._sign(row.style))
            yield from self._write.dim(row.path, _INSIDE)
            for line in row.lines:
                yield from self._write.wrapped(_as_old_and_new(line), _INSIDE)
        yield from self._write.dim(block.more, _LISTED)

    def _print_closings(self, block: blocks.ClosingsBlock) -> Iterator[str]:
        yield from self._write.part(block.title)
        for entry in block.days:
            lead = words(f"{self._language.day(entry.day)} · {entry.counted}: ")
            units = joined([unit for unit, _ in entry.units], ", ")
            more = words(f" {entry.more}") if entry.more else ()
            yield from self._write.wrapped((*lead, *units, *more), _LISTED)
        yield from self._write.dim(block.later, _LISTED)
        yield from self._write.dim(block.partly, _LISTED)

    def _print_findings(self, block: blocks.FindingsBlock) -> Iterator[str]:
        yield from self._write.part(block.title)
        for kind in block.kinds:
            yield from self._write.wrapped(words(f"{kind.title}: {kind.counted}"), _LISTED)
            for found in kind.standings:
                sign, colour = _FOUND[found.standing]
                lead = self._paint(f"{sign} ", colour)
                for line in found.lines:
                    yield from self._write.wrapped(line, "    ", lead=lead)
                yield from self._write.dim(found.more, _INSIDE)

    def _print_nights(self, block: blocks.NightsBlock) -> Iterator[str]:
        yield from self._write.part(block.title)
        yield from night_lines(block.last, self._language, self._paint)

    def _print_nights_left_out(self, block: blocks.NightsLeftOutBlock) -> Iterator[str]:
        yield ""
        yield from self._write.dim(block.text, "")

    def _sign(self, style: EventStyle) -> str:
        return self._paint(f"{style.sign} ", style.colour)


def _behind(identity: Line) -> Line:
    return (*words("  "), *identity) if identity else ()


def _as_old_and_new(line: Line) -> Line:
    """Where words are marked, the old text and the new one: a terminal strikes nothing through."""
    if not any(piece.element in _MARKS for piece in line):
        return line
    old = tuple(piece for piece in line if piece.element != "ins")
    new = tuple(piece for piece in line if piece.element != "del")
    return (*(old or words("–")), ARROW, *(new or words("–")))
