"""What is said of a night in the same words by several commands: its counts, and what is new."""

from collections.abc import Iterator, Mapping

from sordiff.events import EVENT_TYPES
from sordiff.render.event_style import find_mark
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.visible import visible


def counts_lines(
    counts: Mapping[str, int], texts: Catalogue, paint: Paint, indent: str = ""
) -> Iterator[str]:
    """`+2 created · →1 moved · …` in the order of the contract, or that nothing changed."""
    parts = []
    for name in EVENT_TYPES:
        if counts.get(name):
            style = find_mark(name)
            said = f"{texts.number(counts[name])} {_counted(name, counts[name], texts)}"
            parts.append((f"{style.sign}{said}", style.colour))
    nothing = f"{indent}{texts.text('diff.no_changes')}"
    yield from paint.joined(parts, indent) if parts else (nothing,)


def _counted(name: str, count: int, texts: Catalogue) -> str:
    """What stands behind a count; a title that is no noun has no plural."""
    many = None if count == 1 else texts.known(f"many.{name}")
    return many or _inside(texts.title(name))


def _inside(title: str) -> str:
    """A title as it stands within a line; what is an abbreviation keeps its letters."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def version_line(before: str, after: str, texts: Catalogue) -> str:
    """A change of version, and what it means for the comparison."""
    return texts.say("diff.version", before=visible(before), after=visible(after))


def first_lists_line(codes: Mapping[str, int], texts: Catalogue) -> str:
    """The classifications of tonight that were not there before: no flood, a baseline."""
    listed = ", ".join(
        f"{visible(name)} ({texts.number(count)})" for name, count in sorted(codes.items())
    )
    return texts.say("diff.first.lists", lists=listed)
