"""The report in Markdown, for a mail or an issue: nothing from outside is markup there."""

from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.event_style import EventStyle
from sordiff.render.language import Catalogue
from sordiff.render.report import outline_blocks as blocks
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.last_nights import LastNights
from sordiff.render.report.medium import MAIL, Medium
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_printer import OutlinePrinter
from sordiff.render.text.colour import Paint
from sordiff.render.text.markdown import escaped, line_markdown
from sordiff.render.text.paragraphs import encoded_lines
from sordiff.render.text.rich_text import DOT, Line, behind
from sordiff.report import Report

# As wide as a mail may be before its lines are broken.
_IN_A_MAIL: Final = 76


def print_report(edition: Edition) -> Iterable[bytes]:
    """The lines as they are written."""
    return encoded_lines(report_markdown(edition.report, edition.language, edition.fit(MAIL)))


def report_markdown(report: Report, language: Catalogue, medium: Medium = MAIL) -> Iterator[str]:
    """All lines of the report."""
    outline = build_outline(report, ChangeText(report, language), medium)
    return _MarkdownPrinter(language).print_blocks(outline)


class _MarkdownPrinter(OutlinePrinter):
    """Prints headings, lists and quotations."""

    def __init__(self, language: Catalogue) -> None:
        self._language = language

    def _print_heading(self, block: blocks.HeadingBlock) -> Iterator[str]:
        counts = DOT.text.join(f"{c.part.sign}{c.count} {c.title}" for c in block.counts)
        yield f"# {escaped(block.title, begins=False)}"
        yield from ("", escaped(DOT.text.join(block.facts)))
        yield from ("", f"**{escaped(counts or block.nothing, begins=False)}**")

    def _print_title(self, title: str, beside: str = "") -> Iterator[str]:
        yield from ("", f"## {escaped(title, begins=False)}", "")
        if beside:
            yield from (escaped(beside), "")

    def _print_remark(self, remark: blocks.Remark) -> Iterator[str]:
        yield from ("", f"> {line_markdown(remark.line)}")

    def _print_alert(self, alert: blocks.AlertLine) -> Iterator[str]:
        said = line_markdown(alert.line, begins=False)
        yield from ("", f"> **{escaped(alert.lead)}:** {said}")

    def _print_item(self, line: Line, style: EventStyle | None = None) -> Iterator[str]:  # noqa: ARG002  # a list of Markdown has its own signs
        yield f"- {line_markdown(line)}"

    def _print_change(self, row: blocks.ChangeRow) -> Iterator[str]:
        title = f"{escaped(row.title)}: " if row.title else ""
        about = line_markdown(row.about, begins=False)
        yield f"- {title}**{about}**{line_markdown(behind(row.identity, ' '), begins=False)}"
        if row.path:
            yield from self._print_below(row.path)

    def _print_below(self, line: Line, identity: Line = ()) -> Iterator[str]:
        yield f"  - {line_markdown((*line, *behind(identity, ' ')))}"

    def _print_more(self, text: str, *, is_below: bool = False) -> Iterator[str]:
        if text:
            yield f"{'  ' if is_below else ''}- {escaped(text)}"

    def _print_closing(self, entry: blocks.ClosingsOfDay) -> Iterator[str]:
        day = escaped(self._language.day(entry.day), begins=False)
        more = f" {escaped(entry.more)}" if entry.more else ""
        yield f"- **{day}** · {entry.counted}: {line_markdown(entry.named, begins=False)}{more}"

    def _print_found(self, found: blocks.FindingsOfStanding) -> Iterator[str]:
        for line in found.lines:
            yield f"  - {found.word}: {line_markdown(line, begins=False)}"
        if found.more:
            yield f"  - {found.word}: {escaped(found.more)}"

    def _print_note(self, text: str) -> Iterator[str]:
        yield from ("", escaped(text))

    _print_note_apart = _print_note

    def _print_picture(self, last: LastNights) -> Iterator[str]:
        """As it stands on a terminal; no text in it is from outside."""
        drawn = night_lines(last, self._language, Paint(wanted=False, width=_IN_A_MAIL))
        yield from ("```text", *drawn, "```")
