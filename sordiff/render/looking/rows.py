"""Lines of a label and what stands beside it, as wide as the screen; text from outside harmless."""

import textwrap
from collections.abc import Iterable, Iterator

from msgspec import Struct

from sordiff.render.language import Catalogue
from sordiff.render.paint import Paint
from sordiff.visible import visible

_NARROWEST = 40


class Row(Struct, frozen=True):
    """A label and the lines beside it; each is wrapped on its own."""

    label: str
    lines: tuple[str, ...]


def row_lines(rows: Iterable[Row], paint: Paint) -> Iterator[str]:
    """The rows below each other, what they say in one column."""
    shown = [row for row in rows if row.lines]
    width = max((len(row.label) for row in shown), default=0)
    for row in shown:
        label = row.label
        for line in row.lines:
            for part in wrapped(line, paint.width - width - 4):
                yield f"  {paint(label.ljust(width), 'dim')}  {part}".rstrip()
                label = ""


def wrapped(text: str, width: int) -> list[str]:
    """A text on as many lines as the width asks for; what it begins with is kept."""
    indent = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text,
        max(_NARROWEST, width),
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [""]


def named(name: str | None, sor_id: str) -> str:
    """A unit by its name with its id behind, or by its id alone."""
    return f"{visible(name)} ({visible(sor_id)})" if name else visible(sor_id)


def said(value: object, texts: Catalogue) -> str:
    """One value of a record: a text, or yes or no."""
    if isinstance(value, bool):
        return texts.text("yes" if value else "no")
    return visible(str(value))
