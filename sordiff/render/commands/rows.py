"""Lines of a label and what stands beside it, as wide as the screen; text from outside harmless."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.render.text.wrap import filled_lines, split_words
from sordiff.visible import visible

# With less room beside the labels, what is said stands below them.
_LEAST_ROOM: Final = 30


class Row(Struct, frozen=True):
    """A label and the lines beside it; each is wrapped on its own."""

    label: str
    lines: tuple[str, ...]


def row_lines(rows: Iterable[Row], paint: Paint) -> Iterator[str]:
    """The rows below each other, what they say in one column; where there is no room, below."""
    shown = [row for row in rows if row.lines]
    width = max((len(row.label) for row in shown), default=0)
    is_beside = paint.width - width - 4 >= _LEAST_ROOM
    for row in shown:
        label = row.label
        if not is_beside:
            if label:
                yield f"  {paint(label, 'dim')}"
            for line in row.lines:
                yield from (f"    {part}" for part in wrapped(line, paint.width - 4))
            continue
        for line in row.lines:
            for part in wrapped(line, paint.width - width - 4):
                yield f"  {paint(label.ljust(width), 'dim')}  {part}".rstrip()
                label = ""


def wrapped(text: str, width: int) -> list[str]:
    """A text on as many lines as the width asks for; what it begins with is kept."""
    indent = text[: len(text) - len(text.lstrip())]
    return list(filled_lines(split_words(text), width, indent, f"{indent}  "))


def named(name: str | None, sor_id: str) -> str:
    """A unit by its name with its id behind, or by its id alone."""
    return f"{visible(name)} ({visible(sor_id)})" if name else visible(sor_id)


def said(value: object, texts: Catalogue) -> str:
    """One value of a record: a text, or yes or no."""
    if isinstance(value, bool):
        return texts.text("yes" if value else "no")
    return visible(str(value))
