"""The outline of a report: what is shown, in which order, under which title, decided once.

Text, Markdown and the page print its blocks, each in its own way, and decide nothing more.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.render.event_style import find_part, find_rank, find_style
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.group_text import group_line, without_count
from sordiff.render.report.headline import (
    count_title,
    counted_parts,
    facts,
    heading,
    no_changes,
)
from sordiff.render.report.medium import Medium
from sordiff.render.report.outline_beside import blocks_beside
from sordiff.render.report.outline_blocks import (
    AlertLine,
    Block,
    ChangeRow,
    Count,
    Example,
    GroupBlock,
    GroupsBlock,
    HeadingBlock,
    Notice,
    NoticesBlock,
    Remark,
    SectionBlock,
    TypeCount,
)
from sordiff.render.report.phrases import (
    alert_lead,
    alert_line,
    is_said_by_the_group,
    is_settled,
    more_text,
    section_title,
)
from sordiff.render.report.remarks import remarks
from sordiff.render.text.rich_text import DOT, Line, joined, words
from sordiff.report import Change, Group, Report, Section
from sordiff.report.model import shown_members

_MOVED_NOTHING: Final = frozenset({"held", "rejected"})


def build_outline(report: Report, text: ChangeText, medium: Medium) -> Iterator[Block]:
    """The blocks in their order; what is empty is left out."""
    return _Outline(report, text, medium).blocks()


class _Outline:
    def __init__(self, report: Report, text: ChangeText, medium: Medium) -> None:
        self._report = report
        self._text = text
        self._language = text.language
        self._medium = medium

    def blocks(self) -> Iterator[Block]:
        yield self._heading()
        yield self._notices()
        if self._report.groups:
            yield self._groups()
        yield from (self._section(found) for found in self._report.sections if found.single)
        yield from blocks_beside(self._report, self._text, self._medium)

    def _heading(self) -> HeadingBlock:
        head, language = self._report.headline, self._language
        return HeadingBlock(
            title=heading(head, language),
            facts=tuple(facts(self._report, self._text)),
            counts=tuple(
                Count(
                    part=part,
                    style=find_style(next(n for n in head.counts if find_part(n) is part)),
                    count=language.number(count),
                    title=count_title(part, count, head, language),
                )
                for part, count in counted_parts(head)
            ),
            nothing=no_changes(head, language),
            types=tuple(self._types()),
        )

    def _types(self) -> Iterator[TypeCount]:
        """The types of changes, what matters most first: what closed, and location numbers."""
        counts = list(self._report.headline.counts.items())
        for place in sorted(range(len(counts)), key=lambda at: find_rank(counts[at][0])):
            name, count = counts[place]
            yield TypeCount(
                place=place,
                style=find_style(name),
                count=self._language.number(count),
                title=self._language.title(name),
            )

    def _notices(self) -> NoticesBlock:
        most = self._medium.notices
        notices = tuple(self._ordered_notices())
        folded = () if most is None else notices[most:]
        return NoticesBlock(
            alerts_title=self._language.text("part.alerts")
            if self._medium.has_alerts_title
            else "",
            shown=notices[:most],
            folded=folded,
            more=more_text(self._language, len(folded)),
        )

    def _ordered_notices(self) -> Iterator[Notice]:
        """On a page the alerts stand between that a run moved nothing and the other remarks."""
        head = self._report.headline
        moved_nothing = head.state in _MOVED_NOTHING or any(
            held.state == "held" for held in head.held_runs
        )
        found = [
            Remark(line=line, moved_nothing=moved_nothing and not place)
            for place, line in enumerate(remarks(self._report, self._text, self._medium.database))
        ]
        first = int(moved_nothing) if self._medium.is_page else len(found)
        yield from found[:first]
        for raised in self._report.alerts:
            yield AlertLine(
                severity=raised.alert.severity,
                is_settled=is_settled(raised, self._report),
                lead=alert_lead(raised, self._report, self._language),
                line=alert_line(raised.alert, self._language),
            )
        yield from found[first:]
        if self._medium.is_page and self._report.asked.is_of_a_part:
            yield Remark(line=words(self._language.text("part.nights.left.out")))

    def _groups(self) -> GroupsBlock:
        period = ".period" if len(self._report.headline.runs) > 1 else ""
        return GroupsBlock(
            title=self._language.text(f"part.groups{period}"),
            groups=tuple(map(self._group, self._report.groups)),
        )

    def _group(self, group: Group) -> GroupBlock:
        report, is_page = self._report, self._medium.is_page
        examples = group.examples if is_page else shown_members(group, report.asked)
        shown = group.members if is_page else examples
        count = self._language.number(group.count)
        sentence = group_line(group, self._text)
        return GroupBlock(
            style=find_style(group.type),
            count=count,
            sentence=sentence,
            rule=without_count(sentence, count),
            examples=tuple(self._example(report.changes[place], place) for place in examples),
            members=tuple(self._rows(group.members)) if is_page else (),
            more=more_text(self._language, group.count - len(shown)),
        )

    def _example(self, change: Change, place: int) -> Example:
        text = self._text
        is_said = not self._medium.is_page and is_said_by_the_group(change)
        said: Line = () if is_said else text.example(change)
        if change.stretches and self._medium.is_page and (of_type := text.type_of(change.unit)):
            said = joined([said, of_type], DOT.text)
        # A name that changed stands in what is said, with its words marked.
        return Example(
            place=place,
            about=() if change.stretches and said else text.about(change),
            said=said,
            identity=text.identity(change),
        )

    def _section(self, section: Section) -> SectionBlock:
        language, is_page = self._language, self._medium.is_page
        title = language.section(section.name) if is_page else section_title(section, language)
        left = section.count - section.grouped
        return SectionBlock(
            name=section.name,
            title=title,
            count=language.number(section.count),
            single=language.number(left),
            grouped=language.counted("list.grouped", section.grouped) if section.grouped else "",
            rows=tuple(self._rows(section.single, heading=title)),
            more=more_text(self._language, left - len(section.single)),
        )

    def _rows(self, places: Sequence[int], heading: str | None = None) -> Iterator[ChangeRow]:
        """The changes at these places; each says of what type it is, unless its heading does.

        A group has no heading: its sentence says it.
        """
        for place in places:
            change = self._report.changes[place]
            title = self._text.title(change)
            is_said = heading is None or heading == title or bool(self._text.label(change))
            yield ChangeRow(
                change=change, place=place, title="" if is_said else title, text=self._text
            )
