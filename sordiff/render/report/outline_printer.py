"""The walk through an outline, the same for every format that is read from the top down."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import assert_never

from sordiff.render.event_style import EventStyle
from sordiff.render.report import outline_blocks as blocks
from sordiff.render.report.last_nights import LastNights
from sordiff.render.text.rich_text import Line, words


class OutlinePrinter(ABC):
    """Prints the blocks of an outline one after the other, in lines.

    A format says how a title, an item of a list and what stands below an item are printed.
    """

    def print_blocks(self, outline: Iterable[blocks.Block]) -> Iterator[str]:
        """All lines."""
        for block in outline:
            yield from self._print_block(block)

    def _print_block(self, block: blocks.Block) -> Iterator[str]:
        match block:
            case blocks.HeadingBlock():
                yield from self._print_heading(block)
            case blocks.NoticesBlock():
                yield from self._print_notices(block)
            case blocks.GroupsBlock():
                yield from self._print_groups(block)
            case blocks.SectionBlock():
                yield from self._print_section(block)
            case blocks.ClosingsBlock():
                yield from self._print_closings(block)
            case blocks.FindingsBlock():
                yield from self._print_findings(block)
            case blocks.NightsBlock():
                yield from self._print_title(block.title)
                yield from self._print_picture(block.last)
            case blocks.NightsLeftOutBlock():
                yield from self._print_note_apart(block.text)
            case _:  # pragma: no cover - the union is closed
                assert_never(block)

    def _print_notices(self, block: blocks.NoticesBlock) -> Iterator[str]:
        title = block.alerts_title
        for notice in block.shown:
            if isinstance(notice, blocks.Remark):
                yield from self._print_remark(notice)
                continue
            if title:
                yield from self._print_title(title)
                title = ""  # it stands before the first alert
            yield from self._print_alert(notice)

    def _print_groups(self, block: blocks.GroupsBlock) -> Iterator[str]:
        yield from self._print_title(block.title)
        for group in block.groups:
            yield from self._print_item(group.sentence, group.style)
            for example in group.examples:
                yield from self._print_below(example.told, example.identity)
            yield from self._print_more(group.more, is_below=True)

    def _print_section(self, block: blocks.SectionBlock) -> Iterator[str]:
        yield from self._print_title(f"{block.title} ({block.count})", block.grouped)
        for row in block.rows:
            yield from self._print_change(row)
            for line in row.lines:
                yield from self._print_below(line)
        yield from self._print_more(block.more)

    def _print_closings(self, block: blocks.ClosingsBlock) -> Iterator[str]:
        yield from self._print_title(block.title)
        for entry in block.days:
            yield from self._print_closing(entry)
        yield from self._print_more(block.later)
        if block.partly:
            yield from self._print_note(block.partly)

    def _print_findings(self, block: blocks.FindingsBlock) -> Iterator[str]:
        yield from self._print_title(block.title)
        for kind in block.kinds:
            yield from self._print_item(words(f"{kind.title}: {kind.counted}"))
            for found in kind.standings:
                yield from self._print_found(found)
        if block.hint:
            yield from self._print_note(block.hint)

    def _print_note(self, text: str) -> Iterator[str]:
        """A note below a list: like an item, unless a format does otherwise."""
        return self._print_more(text)

    @abstractmethod
    def _print_heading(self, block: blocks.HeadingBlock) -> Iterator[str]:
        """The title of the report, the facts and the line of counts."""

    @abstractmethod
    def _print_title(self, title: str, beside: str = "") -> Iterator[str]:
        """The title of a part, with a note."""

    @abstractmethod
    def _print_remark(self, remark: blocks.Remark) -> Iterator[str]:
        """What must be known beside the changes."""

    @abstractmethod
    def _print_alert(self, alert: blocks.AlertLine) -> Iterator[str]:
        """An alert behind how grave it is."""

    @abstractmethod
    def _print_item(self, line: Line, style: EventStyle | None = None) -> Iterator[str]:
        """An item of a list."""

    @abstractmethod
    def _print_change(self, row: blocks.ChangeRow) -> Iterator[str]:
        """What a change is about, and the way to it."""

    @abstractmethod
    def _print_below(self, line: Line, identity: Line = ()) -> Iterator[str]:
        """A line below an item."""

    @abstractmethod
    def _print_more(self, text: str, *, is_below: bool = False) -> Iterator[str]:
        """How many more there are; nothing where the text is empty."""

    @abstractmethod
    def _print_closing(self, entry: blocks.ClosingsOfDay) -> Iterator[str]:
        """A day with its closings."""

    @abstractmethod
    def _print_found(self, found: blocks.FindingsOfStanding) -> Iterator[str]:
        """The findings of one kind that are new, resolved, or as they were."""

    @abstractmethod
    def _print_note_apart(self, text: str) -> Iterator[str]:
        """A note that stands for a part that is left out."""

    @abstractmethod
    def _print_picture(self, last: LastNights) -> Iterator[str]:
        """The picture of the last nights."""
