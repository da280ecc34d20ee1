"""A text as it stands in a CSV file that a spreadsheet opens and in which it does nothing.

A text that a spreadsheet could take for a formula has an apostrophe before it. Ids and numbers have
a tab before them: a spreadsheet keeps fifteen digits of a number, and a SOR id has more.
"""

from typing import Final

from sordiff.visible import FORMULAS, visible

_LEAST_DIGITS: Final = 6


def protect_cell(value: str, *, is_id: bool = False) -> str:
    """The text of a cell; `is_id`: digits in it are an id, however few."""
    text = visible(value)
    if text.isascii() and text.isdigit() and (is_id or len(text) >= _LEAST_DIGITS):
        return f"\t{text}"
    if text.lstrip().startswith(FORMULAS):
        return f"'{text}"
    return text
