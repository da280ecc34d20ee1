"""What every format that is read from the top down has: a method for each kind of block."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import assert_never

from sordiff.render.report.outline_blocks import (
    Block,
    ClosingsBlock,
    FindingsBlock,
    GroupsBlock,
    HeadingBlock,
    NightsBlock,
    NightsLeftOutBlock,
    NoticesBlock,
    SectionBlock,
)


class OutlinePrinter(ABC):
    """Prints the blocks of an outline one after the other, in lines."""

    def print_blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """All lines."""
        for block in blocks:
            yield from self._print_block(block)

    def _print_block(self, block: Block) -> Iterator[str]:
        match block:
            case HeadingBlock():
                yield from self._print_heading(block)
            case NoticesBlock():
                yield from self._print_notices(block)
            case GroupsBlock():
                yield from self._print_groups(block)
            case SectionBlock():
                yield from self._print_section(block)
            case ClosingsBlock():
                yield from self._print_closings(block)
            case FindingsBlock():
                yield from self._print_findings(block)
            case NightsBlock():
                yield from self._print_nights(block)
            case NightsLeftOutBlock():
                yield from self._print_nights_left_out(block)
            case _:  # pragma: no cover - the union is closed
                assert_never(block)

    @abstractmethod
    def _print_heading(self, block: HeadingBlock) -> Iterator[str]:
        """The title, the facts and the line of counts."""

    @abstractmethod
    def _print_notices(self, block: NoticesBlock) -> Iterator[str]:
        """The remarks and the alerts."""

    @abstractmethod
    def _print_groups(self, block: GroupsBlock) -> Iterator[str]:
        """What kind of night it was."""

    @abstractmethod
    def _print_section(self, block: SectionBlock) -> Iterator[str]:
        """The changes of one kind."""

    @abstractmethod
    def _print_closings(self, block: ClosingsBlock) -> Iterator[str]:
        """The closings to come."""

    @abstractmethod
    def _print_findings(self, block: FindingsBlock) -> Iterator[str]:
        """The quality of the data."""

    @abstractmethod
    def _print_nights(self, block: NightsBlock) -> Iterator[str]:
        """The picture of the last nights."""

    @abstractmethod
    def _print_nights_left_out(self, block: NightsLeftOutBlock) -> Iterator[str]:
        """Why there is no picture."""
