"""The report for a terminal or a file: read in a minute, as wide as the screen."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.event_style import EventStyle
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline import outline_of
from sordiff.render.report.outline_blocks import (
    TERMINAL,
    AlertLine,
    Block,
    ChangeRow,
    Closings,
    Example,
    Findings,
    Groups,
    Heading,
    Nights,
    NightsLeftOut,
    Notices,
    SectionBlock,
)
from sordiff.render.report.phrases import names_its_unit
from sordiff.render.text.colour import Paint
from sordiff.render.text.paragraphs import Paragraphs, encoded_lines
from sordiff.render.text.rich_text import ARROW, DOT, Line, Piece, code, joined, words
from sordiff.report import Change, Report, Standing

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
    return encoded_lines(report_text(edition.report, edition.language, edition.paint))


def report_text(report: Report, language: Catalogue, paint: Paint) -> Iterator[str]:
    """All lines of the report."""
    printer = _TextPrinter(language, paint)
    for block in outline_of(report, ChangeText(report, language), TERMINAL):
        yield from printer.block(block)


class _TextPrinter(Paragraphs):
    def __init__(self, language: Catalogue, paint: Paint) -> None:
        super().__init__(paint)
        self._language = language

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from self._heading(block)
            case Notices():
                yield from self._notices(block)
            case Groups():
                yield from self._groups(block)
            case SectionBlock():
                yield from self._section(block)
            case Closings():
                yield from self._closings(block)
            case Findings():
                yield from self._findings(block)
            case Nights():
                yield from self.part(block.title)
                yield from night_lines(block.last, self._language, self._paint)
            case NightsLeftOut():
                yield ""
                yield from self.dim(block.text, "")

    def _heading(self, block: Heading) -> Iterator[str]:
        yield from self.title(block.title)
        yield from self._paint.joined([(fact, "dim") for fact in block.facts], "")
        counts = [(f"{c.part.sign}{c.count} {c.title}", c.part.colour) for c in block.counts]
        yield from self._paint.joined(counts or [(block.nothing, "dim")], "")

    def _notices(self, block: Notices) -> Iterator[str]:
        is_titled = False
        for notice in block.shown:
            if not isinstance(notice, AlertLine):
                yield from self.wrapped(notice.line, "")
                continue
            if not is_titled:
                yield from self.part(block.alerts_title)
                is_titled = True
            lead = self._paint(f"! {notice.lead}: ", *_SEVERITIES[notice.severity])
            yield from self.wrapped(notice.line, _LISTED, lead=lead)

    def _groups(self, block: Groups) -> Iterator[str]:
        yield from self.part(block.title)
        for group in block.groups:
            yield from self.wrapped(group.sentence, _LISTED, lead=self._sign(group.style))
            for example in group.examples:
                yield from self.wrapped(_example(example), _INSIDE)
            yield from self.dim(group.more, _INSIDE)

    def _section(self, block: SectionBlock) -> Iterator[str]:
        grouped = f"{DOT.text.lstrip()}{block.grouped}" if block.grouped else ""
        yield from self.part(f"{block.title} ({block.count})", grouped)
        for row in block.rows:
            yield from self._row(row)
        yield from self.dim(block.more, _LISTED)

    def _row(self, row: ChangeRow) -> Iterator[str]:
        title = words(f"{row.title}: ") if row.title else ()
        about = (*title, *row.about, *_identity(row.change))
        yield from self.wrapped(about, _LISTED, lead=self._sign(row.style))
        if row.path:
            yield from self.wrapped(row.path, _INSIDE, style="dim")
        for line in row.lines:
            yield from self.wrapped(_readable(line), _INSIDE)

    def _sign(self, style: EventStyle) -> str:
        return self._paint(f"{style.sign} ", style.colour)

    def _closings(self, block: Closings) -> Iterator[str]:
        yield from self.part(block.title)
        for day in block.days:
            lead = words(f"{self._language.day(day.day)}{DOT.text}{day.counted}: ")
            shown = joined([unit for unit, _ in day.units], ", ")
            more = words(f" {day.more}") if day.more else ()
            yield from self.wrapped((*lead, *shown, *more), _LISTED)
        yield from self.dim(block.later, _LISTED)
        yield from self.dim(block.partly, _LISTED)

    def _findings(self, block: Findings) -> Iterator[str]:
        yield from self.part(block.title)
        for kind in block.kinds:
            yield from self.wrapped(words(f"{kind.title}: {kind.counted}"), _LISTED)
            for found in kind.standings:
                sign, colour = _FOUND[found.standing]
                for line in found.lines:
                    yield from self.wrapped(line, "    ", lead=self._paint(f"{sign} ", colour))
                yield from self.dim(found.more, _INSIDE)


def _example(example: Example) -> Line:
    said = _readable(example.said)
    parts = [part for part in (example.about, said) if part]
    return (*joined(parts, DOT.text), *_identity(example.change))


def _identity(change: Change) -> Line:
    """The id of the unit, behind what is told under it."""
    return (Piece("  "), *code(change.unit)) if names_its_unit(change) else ()


def _readable(line: Line) -> Line:
    """Where words are marked, the old text and the new one: a terminal strikes nothing through."""
    marks = {piece.element for piece in line}
    if marks.isdisjoint({"del", "ins"}):
        return line
    old = tuple(piece for piece in line if piece.element != "ins")
    new = tuple(piece for piece in line if piece.element != "del")
    return (*(old or words("–")), ARROW, *(new or words("–")))
