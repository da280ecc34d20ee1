"""What a snapshot can't say by itself, and how the state of the night before answers it."""

from sordiff.gaps.fill import Filled, fill_gaps
from sordiff.gaps.fill_touched import FilledTouched, fill_touched_gaps
from sordiff.gaps.gaps import FROM_NOWHERE, Gaps, SaidBelow

__all__ = [
    "FROM_NOWHERE",
    "Filled",
    "FilledTouched",
    "Gaps",
    "SaidBelow",
    "fill_gaps",
    "fill_touched_gaps",
]
