"""What a snapshot can't say by itself, and how the state of the night before answers it."""

from sordiff.gaps.fill import Filled, fill_gaps, keep_entries, keep_own_blocks
from sordiff.gaps.gaps import Gaps

__all__ = ["Filled", "Gaps", "fill_gaps", "keep_entries", "keep_own_blocks"]
