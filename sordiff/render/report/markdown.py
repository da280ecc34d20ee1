"""The report in Markdown, for a mail or an issue: nothing from outside is markup there."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline import outline_of
from sordiff.render.report.outline_blocks import (
    MAIL,
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
from sordiff.render.text.markdown import escaped, told
from sordiff.render.text.paragraphs import encoded_lines
from sordiff.render.text.rich_text import DOT, Line, code, joined, words
from sordiff.report import Change, Report

# As wide as a mail may be before its lines are broken.
_IN_A_MAIL: Final = 76


def print_report(edition: Edition) -> Iterable[bytes]:
    """The lines as they are written."""
    return encoded_lines(report_markdown(edition.report, edition.language))


def report_markdown(report: Report, language: Catalogue) -> Iterator[str]:
    """All lines of the report."""
    printer = _MarkdownPrinter(language)
    for block in outline_of(report, ChangeText(report, language), MAIL):
        yield from printer.block(block)


class _MarkdownPrinter:
    def __init__(self, language: Catalogue) -> None:
        self._language = language

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield from _heading(block)
            case Notices():
                yield from _notices(block)
            case Groups():
                yield from _groups(block)
            case SectionBlock():
                yield from _section(block)
            case Closings():
                yield from self._closings(block)
            case Findings():
                yield from _findings(block)
            case Nights():
                yield from self._nights(block)
            case NightsLeftOut():
                yield from _paragraph(block.text)

    def _closings(self, block: Closings) -> Iterator[str]:
        yield from _title(block.title)
        for entry in block.days:
            day = escaped(self._language.day(entry.day), begins=False)
            shown = told(joined([unit for unit, _ in entry.units], ", "), begins=False)
            more = f" {escaped(entry.more)}" if entry.more else ""
            yield f"- **{day}** · {entry.counted}: {shown}{more}"
        yield from _item(block.later, "")
        if block.partly:
            yield from _paragraph(block.partly)

    def _nights(self, block: Nights) -> Iterator[str]:
        """The picture as it stands on a terminal; no text in it is from outside."""
        yield from _title(block.title)
        yield "```text"
        yield from night_lines(block.last, self._language, Paint(wanted=False, width=_IN_A_MAIL))
        yield "```"


def _heading(block: Heading) -> Iterator[str]:
    yield f"# {escaped(block.title, begins=False)}"
    yield from _paragraph(DOT.text.join(block.facts))
    counts = [f"{count.part.sign}{count.count} {count.title}" for count in block.counts]
    yield ""
    yield f"**{escaped(DOT.text.join(counts) or block.nothing, begins=False)}**"


def _notices(block: Notices) -> Iterator[str]:
    for notice in block.shown:
        yield ""
        if isinstance(notice, AlertLine):
            yield f"> **{escaped(notice.lead)}:** {told(notice.line, begins=False)}"
        else:
            yield f"> {told(notice.line)}"


def _groups(block: Groups) -> Iterator[str]:
    yield from _title(block.title)
    for group in block.groups:
        yield f"- {told(group.sentence)}"
        for example in group.examples:
            yield f"  - {told(_example(example))}"
        yield from _item(group.more, "  ")


def _section(block: SectionBlock) -> Iterator[str]:
    yield from _title(f"{block.title} ({block.count})")
    if block.grouped:
        yield escaped(block.grouped)
        yield ""
    for row in block.rows:
        yield from _row(row)
    yield from _item(block.more, "")


def _row(row: ChangeRow) -> Iterator[str]:
    title = f"{escaped(row.title)}: " if row.title else ""
    about = told(row.about, begins=False)
    yield f"- {title}**{about}**{told(_identity(row.change), begins=False)}"
    for line in filter(None, (row.path, *row.lines)):
        yield f"  - {told(line)}"


def _findings(block: Findings) -> Iterator[str]:
    yield from _title(block.title)
    for kind in block.kinds:
        yield f"- {escaped(kind.title)}: {kind.counted}"
        for found in kind.standings:
            for line in found.lines:
                yield f"  - {found.word}: {told(line, begins=False)}"
            if found.more:
                yield f"  - {found.word}: {escaped(found.more)}"


def _title(text: str) -> Iterator[str]:
    yield ""
    yield f"## {escaped(text, begins=False)}"
    yield ""


def _paragraph(text: str) -> Iterator[str]:
    yield ""
    yield escaped(text)


def _item(text: str, indent: str) -> Iterator[str]:
    if text:
        yield f"{indent}- {escaped(text)}"


def _example(example: Example) -> Line:
    parts = [part for part in (example.about, example.said) if part]
    return (*joined(parts, DOT.text), *_identity(example.change))


def _identity(change: Change) -> Line:
    """The id of the unit, behind what is told under it."""
    return (*words(" "), *code(change.unit)) if names_its_unit(change) else ()
