"""The one place where texts become markup: escaped, and with what is harmful in them visible.

The rows of a page are written here and not by the template, which takes ten times as long.
"""

import functools
from collections.abc import Callable
from typing import Final

from markupsafe import Markup, escape

from sordiff.render.report.html.rows import PageRow
from sordiff.render.text.rich_text import Line
from sordiff.visible import visible

# The words of a type, an owner or a town come again and again. Eight times as many, in 12 MB,
# find hardly more of them.
_REMEMBERED: Final = 1 << 13


@functools.lru_cache(_REMEMBERED)
def safe(text: str) -> str:
    """A text from anywhere as markup."""
    return str(escape(visible(text)))


def line_markup(line: Line) -> Markup:
    """A line as markup, each piece in its element."""
    return Markup(_line(line))  # noqa: S704  # every text in it is escaped by `safe`


def rows_markup(rows: tuple[PageRow, ...], day: Callable[[str], str]) -> Markup:
    """All rows, one a line; `day` writes a date in the reader's language.

    The script of the page reads the lines, so that none may hold a line break, and none does: in
    `safe` it is a control character like others. End tags that HTML lets away are left away.
    """
    return Markup("\n".join(_row(row, day) for row in rows))  # noqa: S704  # as above


def _line(line: Line) -> str:
    return "".join(
        f"<{piece.element}>{safe(piece.text)}</{piece.element}>"
        if piece.element
        else safe(piece.text)
        for piece in line
    )


def _row(row: PageRow, day: Callable[[str], str]) -> str:
    below = "".join(f"<small>{_line(line)}</small>" for line in (row.about, row.path) if line)
    said = "<br>".join(map(_line, row.said))
    # A region that owns the unit would be told twice where the columns stand below each other.
    is_same = row.region and row.region == "".join(piece.text for piece in row.owner)
    region = f"<td{' class=same' if is_same else ''}>{safe(row.region)}"
    on = f'<time datetime="{safe(row.day)}">{safe(day(row.day))}</time>' if row.day else ""
    return (
        f'<tr data-k="{row.key}"><th scope="row"><b>{_line(row.name)}</b>{below}'
        f"<td>{said}<td>{_line(row.owner)}{region}<td>{on}"
    )
