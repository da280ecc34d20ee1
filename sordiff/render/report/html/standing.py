"""What stands beside the changes: the closings to come, and the quality of the data."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from sordiff.model import Day
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.phrases import counts_told, finding_line, standings
from sordiff.render.text.rich_text import Line
from sordiff.report import ClosingDay, FindingKind, Report

_NAMED_CLOSINGS: Final = 5


class ClosingsOfDay(Struct, frozen=True, kw_only=True):
    """A day of the calendar: some of its units, each with whether it was scheduled just now."""

    day: Day
    count: str
    units: tuple[tuple[Line, bool], ...]
    more: str


class Closings(Struct, frozen=True, kw_only=True):
    """The closings to come."""

    notes: tuple[str, ...]
    days: tuple[ClosingsOfDay, ...]


class Finding(Struct, frozen=True, kw_only=True):
    """One finding."""

    standing: str
    said: Line


class Card(Struct, frozen=True, kw_only=True):
    """The findings of one kind: how many, how many of each standing, and those that are shown."""

    title: str
    count: int
    standing: str
    lines: tuple[Finding, ...]
    more: str


def text_of(line: Line) -> str:
    """A line as bare text."""
    return "".join(piece.text for piece in line)


def closings_of(report: Report, say: ChangeText, language: Catalogue) -> Closings | None:
    """The closings to come, a few named of each day."""
    calendar = report.calendar
    if not calendar.days and not calendar.later:
        return None
    notes = [] if calendar.whole else [language.text("calendar.partly")]
    if calendar.later:
        notes.append(language.counted("calendar.later", calendar.later))
    return Closings(
        notes=tuple(notes),
        days=tuple(_of_day(entry, say, language) for entry in calendar.days),
    )


def _of_day(entry: ClosingDay, say: ChangeText, language: Catalogue) -> ClosingsOfDay:
    scheduled = set(entry.scheduled)
    # What is news comes first.
    units = sorted(entry.units, key=lambda sor_id: sor_id not in scheduled)
    more = entry.count - min(_NAMED_CLOSINGS, len(units))
    return ClosingsOfDay(
        day=entry.day,
        count=language.counted("calendar.day", entry.count),
        units=tuple((say.unit(one), one in scheduled) for one in units[:_NAMED_CLOSINGS]),
        more=language.counted("list.more", more) if more else "",
    )


def findings_of(report: Report, say: ChangeText, language: Catalogue) -> Iterator[Card]:
    """The findings by kind, the new ones first."""
    for kind in report.quality.kinds:
        yield Card(
            title=language.finding(kind.code),
            count=sum(kind.counts.values()),
            standing=counts_told(kind, language),
            lines=tuple(_found(kind, say, language)),
            more=_more(kind, language),
        )


def _more(kind: FindingKind, language: Catalogue) -> str:
    """How many findings are left out."""
    left_out = sum(more for _, _, more in standings(kind))
    return language.counted("list.more", left_out) if left_out else ""


def _found(kind: FindingKind, say: ChangeText, language: Catalogue) -> Iterator[Finding]:
    for standing, lines, _ in standings(kind):
        for found in lines:
            word = language.counted(f"finding.{standing}", 1)
            yield Finding(standing=word, said=finding_line(found, say, language))
