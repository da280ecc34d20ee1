"""The page on which a run is decided, before it is written: what is unusual, and samples."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sordiff.render.commands.decisions import rejected_line, released_line
from sordiff.render.event_style import EventStyle
from sordiff.render.language import Catalogue
from sordiff.render.pages.site import Visit, render_page
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.medium import PAGE
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_blocks import (
    AlertLine,
    Block,
    ChangeRow,
    GroupsBlock,
    HeadingBlock,
    Notice,
    NoticesBlock,
    SectionBlock,
)
from sordiff.render.text.rich_text import Line
from sordiff.report import RecordedRun
from sordiff.report.page_results import DecisionPage


class Sample(Struct, frozen=True, kw_only=True):
    """A change that stands for others of its kind."""

    style: EventStyle
    title: str
    about: Line
    lines: tuple[Line, ...]


class SampleList(Struct, frozen=True, kw_only=True):
    """Some of the changes that belong together, under what they have in common."""

    title: str
    count: str
    samples: tuple[Sample, ...]


class Decider(Struct, frozen=True, kw_only=True):
    """Who looks at the page, and what he may do; without a name nobody is signed in.

    `form_token`: for his forms. `has_archive`: earlier snapshots are at hand for a correction.
    `publishes`: a decision is published into a sink at once.
    """

    name: str
    may_decide: bool
    form_token: str
    has_archive: bool
    publishes: bool


def write_decision_page(
    page: DecisionPage,
    decider: Decider,
    visit: Visit,
    *,
    problem: str = "",
    given: Mapping[str, str] | None = None,
) -> bytes:
    """The page; `problem`: why what was `given` was not done."""
    words = visit.words
    blocks = list(build_outline(page.report, ChangeText(page.report, words), PAGE))
    notices = next((block for block in blocks if isinstance(block, NoticesBlock)), None)
    return render_page(
        "decide.html.jinja",
        visit,
        page=page,
        run=page.run,
        decider=decider,
        problem=problem,
        given=given or {},
        heading=next(block for block in blocks if isinstance(block, HeadingBlock)),
        notices=() if notices is None else tuple(_list_unusual(notices)),
        lists=tuple(_list_samples(blocks)),
        outcome=_describe_outcome(page.run, words),
        decided_at=_describe_moment(page.run.decided_at, words),
    )


def _list_unusual(block: NoticesBlock) -> Iterator[Notice]:
    """Without the commands that decide: here are forms."""
    for notice in (*block.shown, *block.folded):
        if isinstance(notice, AlertLine) or not notice.moved_nothing:
            yield notice


def _describe_moment(at: str | None, words: Catalogue) -> str:
    return "" if at is None else f"{words.day(at[:10])} {at[11:16]} UTC"


def _list_samples(blocks: Iterable[Block]) -> Iterator[SampleList]:
    for block in blocks:
        if isinstance(block, GroupsBlock):
            for group in block.groups:
                yield SampleList(
                    title=group.name,
                    count=group.count,
                    samples=tuple(
                        Sample(style=group.style, title="", about=one.told, lines=(one.identity,))
                        for one in group.examples
                    ),
                )
        elif isinstance(block, SectionBlock) and block.rows:
            samples = tuple(_build_sample(row) for row in block.rows)
            yield SampleList(title=block.title, count=block.count, samples=samples)


def _build_sample(row: ChangeRow) -> Sample:
    lines = tuple(line for line in (*row.lines, row.path, row.identity) if line)
    return Sample(style=row.style, title=row.title, about=row.about, lines=lines)


def _describe_outcome(run: RecordedRun, words: Catalogue) -> str:
    """What became of it, in a sentence; empty where nobody decided."""
    if run.state == "released":
        return released_line(run, words)
    return rejected_line(run, words) if run.state == "rejected" else ""
