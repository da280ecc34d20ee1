"""What a snapshot can't say by itself, and how the state of the night before answers it."""

from sordiff.gaps.fill import Filled, fill_gaps
from sordiff.gaps.fill_touched import FilledTouched, fill_touched_gaps
from sordiff.gaps.gaps import Gaps

__all__ = [
    "Filled",
    "FilledTouched",
    "Gaps",
    "fill_gaps",
    "fill_touched_gaps",
]
