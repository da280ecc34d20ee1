"""The parts of the page that its head leads to."""

from collections.abc import Iterable, Iterator

from sordiff.render.language import Catalogue
from sordiff.render.report.outline_blocks import (
    Block,
    ClosingsBlock,
    FindingsBlock,
    GroupsBlock,
    NightsBlock,
    SectionBlock,
)


def list_ways(blocks: Iterable[Block], language: Catalogue) -> Iterator[tuple[str, str]]:
    """The parts that are there, by their anchors, with their titles; all sections are one."""
    ways: dict[str, str] = {}
    for block in blocks:
        match block:
            case GroupsBlock():
                ways["groups"] = block.title
            case SectionBlock():
                ways["sections"] = language.text("page.changes")
            case ClosingsBlock():
                ways["calendar"] = block.title
            case FindingsBlock():
                ways["quality"] = block.title
            case NightsBlock():
                ways["nights"] = block.title
            case _:
                pass
    yield from ways.items()
