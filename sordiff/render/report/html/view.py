"""The page before it is written: all its parts in their order, as values for the template."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sordiff.render.event_style import part_of, style_of
from sordiff.render.language import Catalogue
from sordiff.render.report.headline import (
    count_title,
    counted_parts,
    facts,
    heading,
    nights_told,
    no_changes,
    remarks,
)
from sordiff.render.report.html.night_chart import Picture, picture
from sordiff.render.report.html.rows import Row, Rows
from sordiff.render.report.html.standing import Card, Closings, closings_of, findings_of, text_of
from sordiff.render.report.phrases import alert_lead, alert_line, group_line, is_settled
from sordiff.render.text.rich_text import Line, Piece, words
from sordiff.report import Report

# So many owners are suggested where one types.
_SUGGESTED: Final = 200
# So many alerts and remarks are read before anything else; the others open.
_SAID_FIRST: Final = 8
_GRAVE: Final = {"held", "rejected"}


class Count(Struct, frozen=True, kw_only=True):
    """How many changes, with their sign and the colour of their family."""

    family: str
    sign: str
    count: int
    title: str


class Group(Struct, frozen=True, kw_only=True):
    """A group: its count, its rule, its examples by the places of their changes, and all of it."""

    family: str
    count: int
    rule: Line
    name: str
    examples: tuple[tuple[int, Line], ...]
    rows: tuple[Row, ...]
    dated: bool
    more: str


class Section(Struct, frozen=True, kw_only=True):
    """The changes of one kind: how many, and how many and which are in no group."""

    name: str
    title: str
    count: int
    single: int
    note: str
    rows: tuple[Row, ...]
    dated: bool
    more: str


class Said(Struct, frozen=True, kw_only=True):
    """An alert or a remark at the top of the page."""

    level: str
    heading: str
    text: Line


class Page(Struct, frozen=True, kw_only=True):
    """All of the page, in its order."""

    title: str
    heading: str
    facts: tuple[str, ...]
    counts: tuple[Count, ...]
    nothing: str
    said: tuple[Said, ...]
    said_beside: tuple[Said, ...]
    said_more: str
    ways: tuple[tuple[str, str], ...]
    chips: tuple[Count, ...]
    regions: tuple[tuple[str, int], ...]
    owners: tuple[str, ...]
    suggested: tuple[str, ...]
    total: int
    groups_title: str
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    closings: Closings | None
    findings: tuple[Card, ...]
    findings_note: str
    picture: Picture | None
    picture_title: str


def page_of(report: Report, language: Catalogue) -> Page:
    """The page of a report in one language."""
    rows = Rows(report, language)
    groups = tuple(_groups(report, rows, language))
    sections = tuple(_sections(report, rows, language))
    closings = closings_of(report, rows.say, language)
    findings = tuple(findings_of(report, rows.say, language))
    said = tuple(_said(report, rows, language))
    title = heading(report.headline, language)
    several = len(report.headline.runs) > 1
    page = Page(
        title=title,
        heading=title.removeprefix("SOR · "),
        facts=tuple(facts(report, language)),
        counts=tuple(_counts(report, language)),
        nothing=no_changes(report.headline, language),
        said=said[:_SAID_FIRST],
        said_beside=said[_SAID_FIRST:],
        said_more=_more(len(said[_SAID_FIRST:]), language),
        ways=(),
        chips=tuple(_chips(report, language)),
        regions=tuple(sorted(item for item in rows.regions.items() if item[0])),
        owners=tuple(rows.owners),
        suggested=tuple(name for name, _ in rows.busy_owners.most_common(_SUGGESTED)),
        total=sum(report.headline.counts.values()),
        groups_title=language.text("part.groups.period" if several else "part.groups"),
        groups=groups,
        sections=sections,
        closings=closings,
        findings=findings,
        findings_note="" if report.quality.known else language.text("quality.unknown"),
        picture=_picture(report),
        picture_title=_picture_title(report, language),
    )
    return replace(page, ways=tuple(_ways(page, language)))


def _counts(report: Report, language: Catalogue) -> Iterator[Count]:
    """The line of counts, as every form of the report has it."""
    for part, count in counted_parts(report.headline):
        name = next(name for name in report.headline.counts if part_of(name) is part)
        yield Count(
            family=style_of(name).page_class,
            sign=part.sign.strip(),
            count=count,
            title=count_title(part, count, report.headline, language),
        )


def _chips(report: Report, language: Catalogue) -> Iterator[Count]:
    """One for each type of change, to filter by."""
    for name, count in report.headline.counts.items():
        yield Count(
            family=style_of(name).page_class,
            sign=part_of(name).sign.strip(),
            count=count,
            title=language.title(name),
        )


def _said(report: Report, rows: Rows, language: Catalogue) -> Iterator[Said]:
    """That a run moved nothing comes first, then the alerts, then what else must be known."""
    told = [Said(level="settled", heading="", text=r) for r in remarks(report, rows.say, language)]
    waiting = any(held.state == "held" for held in report.headline.held_runs)
    if waiting or report.headline.state in _GRAVE:
        yield replace(told.pop(0), level="held")
    for raised in report.alerts:
        settled = is_settled(raised, report)
        yield Said(
            level="settled" if settled else raised.alert.severity,
            heading=f"{alert_lead(raised, report, language)}:",
            text=alert_line(raised.alert, language),
        )
    yield from told
    if report.asked.is_of_a_part:
        yield Said(level="settled", heading="", text=words(language.text("part.nights.left.out")))


def _groups(report: Report, rows: Rows, language: Catalogue) -> Iterator[Group]:
    for group in report.groups:
        rule = group_line(group, rows.say, language)
        members = tuple(rows.of(group.members, typed=False))
        yield Group(
            family=style_of(group.type).page_class,
            count=group.count,
            rule=_without_count(rule, language.number(group.count)),
            name=text_of(rule),
            examples=tuple(
                (place, rows.example(report.changes[place])) for place in group.examples
            ),
            rows=members,
            dated=_are_dated(members),
            more=_more(group.count - len(group.members), language),
        )


def _without_count(rule: Line, count: str) -> Line:
    """The sentence without the count at its beginning, which stands large beside it."""
    if not rule or rule[0].text != count:
        return rule
    first, *rest = rule[1:]
    return (Piece(first.text.lstrip(), first.element), *rest) if first else rule


def _sections(report: Report, rows: Rows, language: Catalogue) -> Iterator[Section]:
    for section in report.sections:
        if section.single:
            grouped = section.grouped
            single = tuple(rows.of(section.single, typed=len(section.counts) > 1))
            yield Section(
                name=section.name.value,
                title=language.section(section.name),
                count=section.count,
                single=section.count - grouped,
                note=f"{language.counted('list.grouped', grouped)}." if grouped else "",
                rows=single,
                dated=_are_dated(single),
                more=_more(section.count - grouped - len(section.single), language),
            )


def _are_dated(rows: tuple[Row, ...]) -> bool:
    """Whether the column of days says anything."""
    return any(row.day for row in rows)


def _more(left_out: int, language: Catalogue) -> str:
    """How many a --limit left out."""
    return language.counted("list.more", left_out) if left_out else ""


def _ways(page: Page, language: Catalogue) -> Iterator[tuple[str, str]]:
    """The parts that are there, with their titles."""
    if page.groups:
        yield "groups", page.groups_title
    if page.sections:
        yield "sections", language.text("page.changes")
    if page.closings:
        yield "calendar", language.text("part.calendar")
    if page.findings or page.findings_note:
        yield "quality", language.text("part.quality")
    if page.picture:
        yield "nights", page.picture_title


def _picture(report: Report) -> Picture | None:
    """The picture, where anything ever happened."""
    happened = any(night.counts for night in report.nights)
    return picture(report) if happened else None


def _picture_title(report: Report, language: Catalogue) -> str:
    return language.counted("part.nights", nights_told(report)) if report.nights else ""
