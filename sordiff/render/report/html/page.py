"""The page before it is written: the blocks of the outline, and what the page needs to filter."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from msgspec import Struct

from sordiff.render.event_style import EventStyle, find_style
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.html.night_chart import Picture, picture
from sordiff.render.report.html.rows import PageRow, Rows
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_blocks import (
    PAGE,
    AlertLine,
    Block,
    ChangeRow,
    ClosingsBlock,
    FindingsBlock,
    GroupBlock,
    GroupsBlock,
    HeadingBlock,
    NightsBlock,
    Notice,
    NoticesBlock,
    SectionBlock,
)
from sordiff.render.text.rich_text import Line, Piece, plain_text
from sordiff.report import Report

# So many owners are suggested where one types.
_SUGGESTED: Final = 200
_Wanted = TypeVar("_Wanted", bound=Block)


class Table(Struct, frozen=True, kw_only=True):
    """The rows of a group or a section; `dated`: the column of days says anything."""

    rows: tuple[PageRow, ...]
    dated: bool


class PageGroup(Struct, frozen=True, kw_only=True):
    """A group with its table; the count stands large beside the rest of the sentence."""

    block: GroupBlock
    name: str
    sentence: Line
    table: Table


class PageSection(Struct, frozen=True, kw_only=True):
    """A section with its table."""

    block: SectionBlock
    table: Table


class Chip(Struct, frozen=True, kw_only=True):
    """A type of change to filter by."""

    style: EventStyle
    count: str
    title: str


class Page(Struct, frozen=True, kw_only=True):
    """All of the page, in its order; `ways` are its parts with their titles."""

    heading: HeadingBlock
    notices: NoticesBlock
    ways: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    regions: tuple[tuple[str, int], ...]
    owners: tuple[str, ...]
    suggested: tuple[str, ...]
    total: int
    groups_title: str
    groups: tuple[PageGroup, ...]
    sections: tuple[PageSection, ...]
    closings: ClosingsBlock | None
    findings: FindingsBlock | None
    nights: NightsBlock | None
    picture: Picture | None


def build_page(report: Report, text: ChangeText) -> Page:
    """The page of a report."""
    blocks = tuple(build_outline(report, text, PAGE))
    rows = Rows(report, text)
    groups = _first(GroupsBlock, blocks)
    nights = _first(NightsBlock, blocks)
    # The lists of owners and regions to filter by are known when all rows are made.
    tables = [_group(one, rows) for one in groups.groups] if groups else []
    sections = [_section(block, rows) for block in _all(SectionBlock, blocks)]
    return Page(
        heading=next(_all(HeadingBlock, blocks)),
        notices=next(_all(NoticesBlock, blocks)),
        ways=tuple(_ways(blocks, text)),
        chips=tuple(_chips(report, text)),
        regions=tuple(sorted(item for item in rows.regions.items() if item[0])),
        owners=tuple(rows.owners),
        suggested=tuple(name for name, _ in rows.busy_owners.most_common(_SUGGESTED)),
        total=sum(report.headline.counts.values()),
        groups_title=groups.title if groups else "",
        groups=tuple(tables),
        sections=tuple(sections),
        closings=_first(ClosingsBlock, blocks),
        findings=_first(FindingsBlock, blocks),
        nights=nights,
        picture=picture(nights.last) if nights else None,
    )


def choose_level(notice: Notice) -> str:
    """How a notice is shown: as what stopped the run, as grave as it is, or quietly."""
    if isinstance(notice, AlertLine):
        return "settled" if notice.is_settled else notice.severity
    return "held" if notice.moved_nothing else "settled"


def _all(wanted: type[_Wanted], blocks: Iterable[Block]) -> Iterator[_Wanted]:
    return (block for block in blocks if isinstance(block, wanted))


def _first(wanted: type[_Wanted], blocks: Iterable[Block]) -> _Wanted | None:
    return next(_all(wanted, blocks), None)


def _chips(report: Report, text: ChangeText) -> Iterator[Chip]:
    for name, count in report.headline.counts.items():
        yield Chip(
            style=find_style(name),
            count=text.language.number(count),
            title=text.language.title(name),
        )


def _group(block: GroupBlock, rows: Rows) -> PageGroup:
    return PageGroup(
        block=block,
        name=plain_text(block.sentence),
        sentence=_without_count(block.sentence, block.count),
        table=_table(block.members, rows),
    )


def _without_count(sentence: Line, count: str) -> Line:
    if not sentence or sentence[0].text != count:
        return sentence
    first, *rest = sentence[1:]
    return (Piece(first.text.lstrip(), first.element), *rest) if first else sentence


def _section(block: SectionBlock, rows: Rows) -> PageSection:
    return PageSection(block=block, table=_table(block.rows, rows))


def _table(changes: Iterable[ChangeRow], rows: Rows) -> Table:
    made = tuple(map(rows.row, changes))
    return Table(rows=made, dated=any(row.day for row in made))


def _ways(blocks: Iterable[Block], text: ChangeText) -> Iterator[tuple[str, str]]:
    """The parts that are there, by their anchors; all sections are one."""
    ways: dict[str, str] = {}
    for block in blocks:
        match block:
            case GroupsBlock():
                ways["groups"] = block.title
            case SectionBlock():
                ways["sections"] = text.language.text("page.changes")
            case ClosingsBlock():
                ways["calendar"] = block.title
            case FindingsBlock():
                ways["quality"] = block.title
            case NightsBlock():
                ways["nights"] = block.title
            case _:
                pass
    yield from ways.items()
