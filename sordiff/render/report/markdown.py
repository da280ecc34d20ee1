"""The report in Markdown, for a mail or an issue: nothing from outside is markup there."""

from collections.abc import Iterator
from typing import Final

from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
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
from sordiff.render.text.markdown import escaped, told
from sordiff.render.text.rich_text import Line, Piece, code
from sordiff.report import Change, Report, Section
from sordiff.report.model import shown_members

_CLOSINGS_SHOWN: Final = 12
_UNITS_SHOWN: Final = 3
# As wide as a mail may be before its lines are broken.
_IN_A_MAIL: Final = 76


def report_markdown(report: Report, language: Catalogue) -> Iterator[str]:
    """All lines of the report."""
    return _Markdown(report, language).lines()


class _Markdown:
    def __init__(self, report: Report, language: Catalogue) -> None:
        self._report = report
        self._language = language
        self._say = ChangeText(report, language)

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._groups()
        for section in self._report.sections:
            if section.single:
                yield from self._section(section)
        yield from self._calendar()
        yield from self._quality()
        yield from self._nights()

    def _head(self) -> Iterator[str]:
        report, language = self._report, self._language
        yield f"# {escaped(heading(report.headline, language), begins=False)}"
        yield ""
        yield escaped(" · ".join(facts(report, language)))
        yield ""
        parts = [text for text, _ in count_parts(report.headline, language)]
        counts = " · ".join(parts) or no_changes(report.headline, language)
        yield f"**{escaped(counts, begins=False)}**"
        for remark in remarks(report, self._say, language):
            yield ""
            yield f"> {told(remark)}"
        for raised in report.alerts:
            lead = escaped(alert_lead(raised, report, language))
            yield ""
            yield f"> **{lead}:** {told(alert_line(raised.alert, language), begins=False)}"

    def _groups(self) -> Iterator[str]:
        report, language = self._report, self._language
        if not report.groups:
            return
        period = ".period" if len(report.headline.runs) > 1 else ""
        yield from self._title(language.text(f"part.groups{period}"))
        for group in report.groups:
            yield f"- {told(group_line(group, self._say, language))}"
            shown = shown_members(group, report.asked)
            for place in shown:
                yield f"  - {self._example(report.changes[place])}"
            more = group.count - len(shown)
            if more:
                yield f"  - {escaped(language.counted('list.more', more))}"

    def _example(self, change: Change) -> str:
        first = () if is_said_by_the_group(change) else self._say.example(change)
        about: Line = () if change.stretches else self._about(change)
        between = (Piece(" · "),) if about and first else ()
        return told((*about, *between, *first, *_identity(change)))

    def _section(self, section: Section) -> Iterator[str]:
        language = self._language
        title = f"{section_title(section, language)} ({language.number(section.count)})"
        yield from self._title(title)
        if section.grouped:
            yield escaped(language.counted("list.grouped", section.grouped))
            yield ""
        for place in section.single:
            yield from self._change(self._report.changes[place], section)
        more = section.count - section.grouped - len(section.single)
        if more:
            yield f"- {escaped(language.counted('list.more', more))}"

    def _change(self, change: Change, section: Section) -> Iterator[str]:
        named = len(section.counts) > 1
        title = f"{escaped(self._language.title(change.type))}: " if named else ""
        about = told(self._about(change), begins=False)
        yield f"- {title}**{about}**{told(_identity(change), begins=False)}"
        path = self._say.path(change.unit)
        if path and change.type != "unit.moved" and not change.type.startswith("location_number."):
            yield f"  - {told(path)}"
        for line in self._say.lines(change):
            yield f"  - {told(line)}"

    def _about(self, change: Change) -> Line:
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
        yield from self._title(language.text("part.calendar"))
        for entry in calendar.days[:_CLOSINGS_SHOWN]:
            shown = told(self._say.units(entry.units[:_UNITS_SHOWN]), begins=False)
            more = entry.count - _UNITS_SHOWN
            rest = f" {escaped(language.counted('list.more', more))}" if more > 0 else ""
            day = escaped(language.day(entry.day), begins=False)
            yield f"- **{day}** · {closings_counted(entry, language)}: {shown}{rest}"
        later = calendar.later + sum(day.count for day in calendar.days[_CLOSINGS_SHOWN:])
        if later:
            yield f"- {escaped(language.counted('calendar.later', later))}"
        if not calendar.whole:
            yield ""
            yield escaped(language.text("calendar.partly"))

    def _quality(self) -> Iterator[str]:
        quality, language = self._report.quality, self._language
        if not quality.known or not quality.kinds:
            return
        yield from self._title(language.text("part.quality"))
        for kind in quality.kinds:
            yield f"- {escaped(language.finding(kind.code))}: {counts_told(kind, language)}"
            for standing, lines, more in standings(kind):
                word = language.counted(f"finding.{standing}", 1)
                for found in lines:
                    line = finding_line(found, self._say, language)
                    yield f"  - {word}: {told(line, begins=False)}"
                if more:
                    yield f"  - {word}: {escaped(language.counted('list.more', more))}"

    def _nights(self) -> Iterator[str]:
        """The picture as it stands on a terminal; no text in it is from outside."""
        lines = list(
            night_lines(self._report, self._language, Paint(wanted=False, width=_IN_A_MAIL))
        )
        if lines:
            count = nights_told(self._report)
            yield from self._title(self._language.counted("part.nights", count))
            yield "```text"
            yield from lines
            yield "```"

    def _title(self, text: str) -> Iterator[str]:
        yield ""
        yield f"## {escaped(text, begins=False)}"
        yield ""


def _identity(change: Change) -> Line:
    return (Piece(" "), *code(change.unit)) if names_its_unit(change) else ()
