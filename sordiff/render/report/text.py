"""The report for a terminal or a file: read in a minute, as wide as the screen."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.event_style import part_of
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import Sayer, marked
from sordiff.render.report.headline import (
    count_parts,
    facts,
    heading,
    nights_told,
    no_changes,
    remarks,
)
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.phrases import (
    alert_lead,
    alert_line,
    closings_counted,
    counts_told,
    finding_line,
    group_line,
    is_said_by_the_group,
    names_its_unit,
    section_title,
    standings,
)
from sordiff.render.text.colour import Paint
from sordiff.render.text.rich_text import Line, Piece
from sordiff.render.text.wrap import Word, filled_lines, words_of
from sordiff.report import Change, ClosingDay, Report, Section, Standing
from sordiff.report.model import shown_members
from sordiff.visible import visible

_STYLES: Final = {"del": ("red",), "ins": ("green",), "code": ("dim",)}
_PARTS: Final = re.compile(r"\S+|\s+")
_SEVERITIES: Final = {"critical": ("bold", "red"), "warning": ("bold", "yellow")}
# The signs of findings that are new, resolved, and as they were.
_FOUND: Final = {
    Standing.NEW: ("+", "red"),
    Standing.RESOLVED: ("✓", "green"),
    Standing.STANDING: ("=", "dim"),
}
_CLOSINGS_SHOWN: Final = 12
_UNITS_SHOWN: Final = 3


def report_text(report: Report, language: Catalogue, paint: Paint) -> Iterator[str]:
    """All lines of the report."""
    return _Text(report, language, paint).lines()


class _Text:
    def __init__(self, report: Report, language: Catalogue, paint: Paint) -> None:
        self._report = report
        self._language = language
        self._paint = paint
        self._say = Sayer(report, language)

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._alerts()
        yield from self._groups()
        for section in self._report.sections:
            if section.single:
                yield from self._section(section)
        yield from self._calendar()
        yield from self._quality()
        nights = list(night_lines(self._report, self._language, self._paint))
        if nights:
            yield ""
            count = nights_told(self._report)
            yield from self._title(self._language.counted("part.nights", count))
            yield from nights
        elif self._report.asked.is_of_a_part:
            yield ""
            yield from self._dim(self._language.text("part.nights.left.out"), "")

    def _head(self) -> Iterator[str]:
        report, language = self._report, self._language
        yield from self._title(heading(report.headline, language))
        yield from self._paint.joined([(fact, "dim") for fact in facts(report, language)], "")
        parts = list(count_parts(report.headline, language))
        nothing = [(no_changes(report.headline, language), "dim")]
        yield from self._paint.joined(parts or nothing, "")
        for remark in remarks(report, self._say, language):
            yield from self._wrapped(remark, "")

    def _alerts(self) -> Iterator[str]:
        if not self._report.alerts:
            return
        yield ""
        yield from self._title(self._language.text("part.alerts"))
        for raised in self._report.alerts:
            severity = raised.alert.severity
            said = alert_lead(raised, self._report, self._language)
            lead = self._paint(f"! {said}: ", *_SEVERITIES[severity])
            yield from self._wrapped(alert_line(raised.alert, self._language), "  ", lead=lead)

    def _groups(self) -> Iterator[str]:
        report = self._report
        if not report.groups:
            return
        yield ""
        period = ".period" if len(report.headline.runs) > 1 else ""
        yield from self._title(self._language.text(f"part.groups{period}"))
        for group in report.groups:
            part = part_of(group.type)
            lead = self._paint(f"{part.sign.strip()} ", part.colour)
            yield from self._wrapped(group_line(group, self._say, self._language), "  ", lead=lead)
            shown = shown_members(group, report.asked)
            for place in shown:
                yield from self._example(report.changes[place])
            more = group.count - len(shown)
            if more:
                yield from self._dim(self._language.counted("list.more", more), "      ")

    def _example(self, change: Change) -> Iterator[str]:
        about: Line = () if change.stretches else self._about(change)
        first: Line = ()
        if change.stretches:
            first = _old_and_new(change)
        elif not is_said_by_the_group(change):
            first = self._say.example(change)
        between = (Piece(" · "),) if about and first else ()
        yield from self._wrapped((*about, *between, *first), "      ", identity=change)

    def _section(self, section: Section) -> Iterator[str]:
        language = self._language
        yield ""
        title = f"{section_title(section, language)} ({language.number(section.count)})"
        grouped = ""
        if section.grouped:
            grouped = f"· {language.counted('list.grouped', section.grouped)}"
        yield from self._title(title, grouped)
        for place in section.single:
            yield from self._change(self._report.changes[place], section)
        more = section.count - section.grouped - len(section.single)
        if more:
            yield from self._dim(language.counted("list.more", more), "  ")

    def _change(self, change: Change, section: Section) -> Iterator[str]:
        part = part_of(change.type)
        lead = self._paint(f"{part.sign.strip()} ", part.colour)
        named = len(section.counts) > 1
        title = f"{self._language.title(change.type)}: " if named else ""
        about = (*((Piece(title),) if title else ()), *self._about(change))
        yield from self._wrapped(about, "  ", lead=lead, identity=change)
        path = self._say.path(change.unit)
        if path and change.type != "unit.moved" and not change.type.startswith("location_number."):
            yield from self._wrapped(path, "      ", style="dim")
        for line in self._details(change):
            yield from self._wrapped(line, "      ")

    def _details(self, change: Change) -> Iterator[Line]:
        said = self._say.lines(change)
        if change.stretches:
            yield _old_and_new(change)
            said = said[1:]
        yield from said

    def _about(self, change: Change) -> Line:
        """What a change is about: a number, a code, or a unit with its type."""
        if change.type.startswith("location_number."):
            return (Piece(change.subject),)
        if change.unit is None:
            return self._say.code(change.subject)
        unit_type = self._say.type_of(change.unit)
        between = (Piece(" · "),) if unit_type else ()
        return (*self._say.unit(change.unit), *between, *unit_type)

    def _calendar(self) -> Iterator[str]:
        calendar, language = self._report.calendar, self._language
        if not calendar.days and not calendar.later:
            return
        yield ""
        yield from self._title(language.text("part.calendar"))
        for entry in calendar.days[:_CLOSINGS_SHOWN]:
            yield from self._closings(entry)
        later = calendar.later + sum(day.count for day in calendar.days[_CLOSINGS_SHOWN:])
        if later:
            yield from self._dim(language.counted("calendar.later", later), "  ")
        if not calendar.whole:
            yield from self._dim(language.text("calendar.partly"), "  ")

    def _closings(self, entry: ClosingDay) -> Iterator[str]:
        language = self._language
        shown = self._say.units(entry.units[:_UNITS_SHOWN])
        more = entry.count - _UNITS_SHOWN
        rest = f" {language.counted('list.more', more)}" if more > 0 else ""
        lead = f"{language.day(entry.day)} · {closings_counted(entry, language)}: "
        yield from self._wrapped((Piece(lead), *shown, Piece(rest)), "  ")

    def _quality(self) -> Iterator[str]:
        quality, language = self._report.quality, self._language
        if not quality.known or not quality.kinds:
            return
        yield ""
        yield from self._title(language.text("part.quality"))
        for kind in quality.kinds:
            title = f"{language.finding(kind.code)}: {counts_told(kind, language)}"
            yield from self._wrapped((Piece(title),), "  ")
            for standing, lines, more in standings(kind):
                sign, colour = _FOUND[standing]
                for found in lines:
                    lead = self._paint(f"{sign} ", colour)
                    line = finding_line(found, self._say, language)
                    yield from self._wrapped(line, "    ", lead=lead)
                if more:
                    yield from self._dim(language.counted("list.more", more), "      ")

    def _title(self, text: str, beside: str = "") -> Iterator[str]:
        """A heading, and what stands dim beside it."""
        words = [(self._paint(word, "bold"), gap) for word, gap in words_of(text)]
        more = [(self._paint(word, "dim"), gap) for word, gap in words_of(beside)]
        if more:
            words[-1] = (words[-1][0], " ")
        yield from filled_lines([*words, *more], self._paint.width, "", "  ")

    def _dim(self, text: str, indent: str) -> Iterator[str]:
        yield from self._wrapped((Piece(text),), indent, style="dim")

    def _wrapped(
        self,
        line: Line,
        indent: str,
        *,
        lead: str = "",
        style: str = "",
        identity: Change | None = None,
    ) -> Iterator[str]:
        """A line of pieces, wrapped as the width asks for; the id of its unit at the end."""
        pieces = list(line)
        if identity is not None and names_its_unit(identity) and identity.unit is not None:
            pieces += [Piece("  "), Piece(identity.unit, "code")]
        hanging = f"{indent}    " if lead else f"{indent}  "
        words = self._words(pieces, style)
        yield from filled_lines(words, self._paint.width, f"{indent}{lead}", hanging)

    def _words(self, pieces: Iterable[Piece], style: str) -> Iterator[Word]:
        """The painted words, each up to the next white space, over the bounds of pieces."""
        word = ""
        for piece in pieces:
            styles = _STYLES.get(piece.element) or ((style,) if style else ())
            for part in _PARTS.findall(visible(piece.text)):
                if not part.isspace():
                    word += self._paint(part, *styles)
                elif word:
                    yield word, part
                    word = ""
        if word:
            yield word, ""


def _old_and_new(change: Change) -> Line:
    """The old name and the new one, the words that went and came marked in them."""
    old = [Piece(p.text, p.element) for p in marked(change) if p.element != "ins"]
    new = [Piece(p.text, p.element) for p in marked(change) if p.element != "del"]
    nothing = [Piece("–")]
    return (*(old or nothing), Piece(" → "), *(new or nothing))
