"""The page before it is written: the blocks of the outline, and the tables of their changes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.html.night_chart import Picture, picture
from sordiff.render.report.html.packed import Packing
from sordiff.render.report.html.rows import Filters, Rows
from sordiff.render.report.html.ways import list_ways
from sordiff.render.report.html.written_rows import write_rows
from sordiff.render.report.medium import Medium
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_blocks import (
    Block,
    ChangeRow,
    ClosingsBlock,
    FindingsBlock,
    GroupsBlock,
    HeadingBlock,
    NightsBlock,
    NoticesBlock,
    SectionBlock,
)
from sordiff.report import Report

_Wanted = TypeVar("_Wanted", bound=Block)


class Table(Struct, frozen=True, kw_only=True):
    """The rows of a group or a section, each a line of markup; `dated`: the days say anything.

    Of a large page only the first are `plain`; the others are `packed`.
    """

    plain: tuple[str, ...]
    packed: tuple[str, ...]
    dated: bool


class Page(Struct, frozen=True, kw_only=True):
    """All of the page; `ways` are its parts with their titles, by their anchors.

    The tables are those of the groups and of the sections, in the order of these.
    """

    heading: HeadingBlock
    notices: NoticesBlock
    ways: tuple[tuple[str, str], ...]
    groups: GroupsBlock | None
    group_tables: tuple[Table, ...]
    sections: tuple[SectionBlock, ...]
    section_tables: tuple[Table, ...]
    filters: Filters
    closings: ClosingsBlock | None
    findings: FindingsBlock | None
    nights: NightsBlock | None
    picture: Picture | None

    @property
    def packed(self) -> tuple[tuple[str, ...], ...]:
        """The packed rows of each list that has any, in the order of the page."""
        tables = (*self.group_tables, *self.section_tables)
        return tuple(table.packed for table in tables if table.packed)


def build_page(
    report: Report,
    text: ChangeText,
    medium: Medium,
    packing: Packing | None = None,
    *,
    may_fork: bool = False,
) -> Page:
    """The page of a report; without `packing` all rows are plain, however many there are.

    `may_fork`: of rows to be packed a worker process writes a half.
    """
    blocks = tuple(build_outline(report, text, medium))
    rows = Rows(report, text)
    groups = _first(GroupsBlock, blocks)
    sections = tuple(_all(SectionBlock, blocks))
    nights = _first(NightsBlock, blocks)
    lists = [one.members for one in groups.groups] if groups else []
    count = sum(map(len, lists)) + sum(len(section.rows) for section in sections)
    plain = packing.plain if packing is not None and count > packing.above else None
    every = [*lists, *(section.rows for section in sections)]
    written, filters = write_rows(every, rows, may_fork=may_fork and plain is not None)
    tables = [_table(*both, rows, plain) for both in zip(every, written, strict=True)]
    return Page(
        heading=next(_all(HeadingBlock, blocks)),
        notices=next(_all(NoticesBlock, blocks)),
        ways=tuple(list_ways(blocks, text.language)),
        groups=groups,
        group_tables=tuple(tables[: len(lists)]),
        sections=sections,
        section_tables=tuple(tables[len(lists) :]),
        filters=filters,
        closings=_first(ClosingsBlock, blocks),
        findings=_first(FindingsBlock, blocks),
        nights=nights,
        picture=picture(nights.last) if nights else None,
    )


def _all(wanted: type[_Wanted], blocks: Iterable[Block]) -> Iterator[_Wanted]:
    return (block for block in blocks if isinstance(block, wanted))


def _first(wanted: type[_Wanted], blocks: Iterable[Block]) -> _Wanted | None:
    return next(_all(wanted, blocks), None)


def _table(
    changes: Sequence[ChangeRow], written: tuple[str, ...], rows: Rows, plain: int | None
) -> Table:
    """The table of changes with their rows, of which so many are plain, or all of them."""
    return Table(
        plain=written[:plain],
        packed=() if plain is None else written[plain:],
        dated=any(map(rows.is_dated, changes)),
    )
