"""Where a list begins: its line of headings, and the titles that people write above it."""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from sordiff.reconcile.columns import has_identifier, kind_by_heading
from sordiff.reconcile.identifiers import ColumnKind, clean_text

# Titles stand in the first lines of a sheet.
_LOOKED_AT: Final = 20
_LONGEST_LOOK: Final = 500
# A ydernummer, a SHAK code or a P number; a year may be a heading.
_UNCHECKED: Final = re.compile(r"(?!(?:19|20)[0-9]{2}\Z)[0-9]{4,10}\Z")
_NUMBER: Final = re.compile(r"[0-9][0-9 .,/-]{3,}\Z")


def find_heading(lines: Sequence[Sequence[str]]) -> int | None:
    """The place of the headings among the lines of a list; None where its first line is data.

    What stands above them are titles. Without a sign of that the first line has the headings.
    """
    before = list(takewhile(lambda cells: not has_identifier(cells), lines[:_LOOKED_AT]))
    if not before:
        return None
    for place, cells in enumerate(before):
        kinds = _number_kinds(cells)
        if kinds and not _has_number(cells):
            is_sure = len(kinds) > 1
            return place if is_sure or all(_is_title(one, cells) for one in before[:place]) else 0
    if _is_data(before[0]):
        return None
    return _behind_single_cells(before) if len(before) < len(lines[:_LOOKED_AT]) else 0


def seems_a_list(lines: Sequence[Sequence[str]]) -> bool:
    """Whether these lines have a number by which the register knows units, or a heading for one."""
    return any(map(has_identifier, lines[:_LONGEST_LOOK])) or any(
        _number_kinds(cells) for cells in lines[:_LOOKED_AT]
    )


def _behind_single_cells(before: Sequence[Sequence[str]]) -> int:
    """The first line of several words behind titles of one cell each; data follow."""
    for place, cells in enumerate(before):
        if _count_filled(cells) > 1:
            return 0 if _has_number(cells) else place
    return 0


def _is_title(cells: Sequence[str], heading: Sequence[str]) -> bool:
    filled = _count_filled(cells)
    return filled == 1 or filled < _count_filled(heading)


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a number without a check digit stands in a line that has no known heading."""
    return not any(map(kind_by_heading, cells)) and any(
        _UNCHECKED.match(clean_text(cell)) for cell in cells
    )


def _number_kinds(cells: Sequence[str]) -> set[ColumnKind]:
    return {kind for cell in cells if (kind := kind_by_heading(cell))} - {ColumnKind.NAME}


def _has_number(cells: Sequence[str]) -> bool:
    return any(_NUMBER.match(clean_text(cell)) for cell in cells)


def _count_filled(cells: Sequence[str]) -> int:
    return sum(bool(clean_text(cell)) for cell in cells)
