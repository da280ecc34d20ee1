"""What is said of groups, sections, findings and alerts, in one language."""

import re
from typing import Final

from sordiff.alerts import Alert
from sordiff.events import Grouping, UnitRemoved
from sordiff.render.language import Catalogue
from sordiff.render.text.rich_text import Line, filled, outside, words
from sordiff.report import (
    Change,
    ClosingDay,
    RaisedAlert,
    Report,
    Section,
    SectionName,
)


def section_title(section: Section, language: Catalogue) -> str:
    """The heading of a section: by its events, where they are all of one type."""
    if section.name in _NAMED_BY_THEIR_EVENTS and len(section.counts) == 1:
        return language.title(next(iter(section.counts)))
    return language.section(section.name)


_NAMED_BY_THEIR_EVENTS: Final = frozenset(
    {SectionName.CREATED, SectionName.CLOSURES, SectionName.CLOSED, SectionName.OTHER}
)

# What the sentence of the group says already is not said again of each example.
_SAID_BY_THE_GROUP: Final = frozenset(
    {Grouping.PLACE, Grouping.UNIT_TYPE, Grouping.CLOSURE, Grouping.INHERITED_NUMBER}
)


def is_said_by_the_group(change: Change) -> bool:
    """Whether an example of a group needs no more than its name."""
    row = change.event_type
    # Whether a removed unit was still open differs from unit to unit.
    return row.grouping in _SAID_BY_THE_GROUP and row.data is not UnitRemoved


def more_text(language: Catalogue, left_out: int) -> str:
    """How many more there are than are shown; nothing where all are."""
    return language.counted("list.more", left_out) if left_out else ""


def count_closings(entry: ClosingDay, language: Catalogue) -> str:
    """How many close on a day, and whether that is news."""
    new = len(entry.scheduled)
    key = "all" if new == entry.count else "count"
    fresh = f" ({language.counted(f'calendar.new.{key}', new)})" if new else ""
    return f"{language.counted('calendar.day', entry.count)}{fresh}"


def is_settled(raised: RaisedAlert, report: Report) -> bool:
    """Whether nobody has to decide any more: it was done, or the run will never move anything."""
    over = {held.run for held in report.headline.held_runs if held.state in _OVER}
    return raised.resolved_by is not None or raised.run in over


_OVER: Final = frozenset({"rejected", "superseded"})


def alert_lead(raised: RaisedAlert, report: Report, language: Catalogue) -> str:
    """How grave an alert is and whether it is settled; where several runs are told of, its day."""
    lead = language.text(f"severity.{raised.alert.severity}")
    if is_settled(raised, report):
        lead += f" ({language.text('settled')})"
    if report.headline.runs == (raised.run,) and not report.headline.held_runs:
        return lead
    return f"{lead}, {language.day(raised.day)}"


# A sentence that was recorded has its days as programs write them.
_DAY: Final = re.compile(r"(?<![\w-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])")


def alert_line(alert: Alert, language: Catalogue) -> Line:
    """An alert in a sentence; one that the language does not know is told by code and figures."""
    told = language.sentence(alert.message)
    if told != alert.message:
        return _with_days(told, language)
    family, _, measure = alert.code.partition(".")
    pattern = language.known(f"alert.{alert.code}") or language.known(f"alert.{family}")
    below = (alert.saw or 0) < (alert.limit or 0)
    return filled(
        pattern or language.text("alert.other"),
        message=_with_days(alert.message, language),
        subject=outside(alert.subject),
        what=words(_measured(measure, language)),
        bound=words(language.text("alert.at_least" if below else "alert.at_most")),
        saw=words(_figure(alert.saw, language)),
        limit=words(_figure(alert.limit, language)),
    )


def _with_days(sentence: str, language: Catalogue) -> Line:
    return outside(_DAY.sub(lambda found: language.day(found[0]), sentence))


def _measured(measure: str, language: Catalogue) -> str:
    """What was counted, as it stands behind its count."""
    known = language.known(f"measure.{measure}")
    if known is not None:
        return known
    noun = language.known(f"noun.{measure.partition('.')[0]}")
    did = language.known(f"did.{measure}")
    return f"{noun} {did}" if noun and did else measure


def _figure(value: float | None, language: Catalogue) -> str:
    return "–" if value is None else language.number(round(value))
