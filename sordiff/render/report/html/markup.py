"""The one place where texts become markup: escaped, and with what is harmful in them visible.

The rows of a page are written by this and not by the template, which takes ten times as long.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from sordiff.render.text.rich_text import Line
from sordiff.visible import visible

_ESCAPED: Final = frozenset("&<>\"'")


def safe(text: str) -> str:
    """A text from anywhere as markup."""
    shown = visible(text)
    return shown if _ESCAPED.isdisjoint(shown) else str(escape(shown))


def line_markup(line: Line) -> Markup:
    """A line as markup, each piece in its element, for a template."""
    return Markup(write_line(line))  # noqa: S704  # every text in it is escaped by `safe`


def rows_markup(rows: Sequence[str]) -> Markup:
    """Rows that are markup already, one a line."""
    return Markup("\n".join(rows))  # noqa: S704  # as above


def write_line(line: Line) -> str:
    """A line as markup, each piece in its element."""
    written = ""
    for piece in line:
        text, element = piece.text, piece.element
        # Ids, numbers and codes are nearly all different, and nothing in them needs a thought.
        told = text if text.isascii() and text.isalnum() else safe(text)
        written += f"<{element}>{told}</{element}>" if element else told
    return written
