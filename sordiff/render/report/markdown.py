"""The report in Markdown, for a mail or an issue: nothing from outside is markup there."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.language import Catalogue
from sordiff.render.report import outline_blocks as blocks
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_printer import OutlinePrinter
from sordiff.render.text.colour import Paint
from sordiff.render.text.markdown import escaped, line_markdown
from sordiff.render.text.paragraphs import encoded_lines
from sordiff.render.text.rich_text import DOT, Line, joined, words
from sordiff.report import Report

# As wide as a mail may be before its lines are broken.
_IN_A_MAIL: Final = 76


def print_report(edition: Edition) -> Iterable[bytes]:
    """The lines as they are written."""
    return encoded_lines(report_markdown(edition.report, edition.language))


def report_markdown(report: Report, language: Catalogue) -> Iterator[str]:
    """All lines of the report."""
    outline = build_outline(report, ChangeText(report, language), blocks.MAIL)
    return _MarkdownPrinter(language).print_blocks(outline)


class _MarkdownPrinter(OutlinePrinter):
    """Prints headings, lists and quotations."""

    def __init__(self, language: Catalogue) -> None:
        self._language = language

    def _print_heading(self, block: blocks.HeadingBlock) -> Iterator[str]:
        counts = DOT.text.join(f"{c.part.sign}{c.count} {c.title}" for c in block.counts)
        yield f"# {escaped(block.title, begins=False)}"
        yield from _paragraph(DOT.text.join(block.facts))
        yield ""
        yield f"**{escaped(counts or block.nothing, begins=False)}**"

    def _print_notices(self, block: blocks.NoticesBlock) -> Iterator[str]:
        for notice in block.shown:
            yield ""
            if isinstance(notice, blocks.Remark):
                yield f"> {line_markdown(notice.line)}"
            else:
                said = line_markdown(notice.line, begins=False)
                yield f"> **{escaped(notice.lead)}:** {said}"

    def _print_groups(self, block: blocks.GroupsBlock) -> Iterator[str]:
        yield from _title(block.title)
        for group in block.groups:
            yield f"- {line_markdown(group.sentence)}"
            for example in group.examples:
                told = joined([part for part in (example.about, example.said) if part], DOT.text)
                yield f"  - {line_markdown((*told, *_behind(example.identity)))}"
            yield from _item(group.more, "  ")

    def _print_section(self, block: blocks.SectionBlock) -> Iterator[str]:
        yield from _title(f"{block.title} ({block.count})")
        if block.grouped:
            yield escaped(block.grouped)
            yield ""
        for row in block.rows:
            title = f"{escaped(row.title)}: " if row.title else ""
            about = line_markdown(row.about, begins=False)
            identity = line_markdown(_behind(row.identity), begins=False)
            yield f"- {title}**{about}**{identity}"
            for line in filter(None, (row.path, *row.lines)):
                yield f"  - {line_markdown(line)}"
        yield from _item(block.more, "")

    def _print_closings(self, block: blocks.ClosingsBlock) -> Iterator[str]:
        yield from _title(block.title)
        for entry in block.days:
            day = escaped(self._language.day(entry.day), begins=False)
            units = line_markdown(joined([unit for unit, _ in entry.units], ", "), begins=False)
            more = f" {escaped(entry.more)}" if entry.more else ""
            yield f"- **{day}** · {entry.counted}: {units}{more}"
        yield from _item(block.later, "")
        if block.partly:
            yield from _paragraph(block.partly)

    def _print_findings(self, block: blocks.FindingsBlock) -> Iterator[str]:
        yield from _title(block.title)
        for kind in block.kinds:
            yield f"- {escaped(kind.title)}: {kind.counted}"
            for found in kind.standings:
                for line in found.lines:
                    yield f"  - {found.word}: {line_markdown(line, begins=False)}"
                if found.more:
                    yield f"  - {found.word}: {escaped(found.more)}"

    def _print_nights(self, block: blocks.NightsBlock) -> Iterator[str]:
        """The picture as it stands on a terminal; no text in it is from outside."""
        yield from _title(block.title)
        yield "```text"
        yield from night_lines(block.last, self._language, Paint(wanted=False, width=_IN_A_MAIL))
        yield "```"

    def _print_nights_left_out(self, block: blocks.NightsLeftOutBlock) -> Iterator[str]:
        yield from _paragraph(block.text)


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


def _behind(identity: Line) -> Line:
    return (*words(" "), *identity) if identity else ()
