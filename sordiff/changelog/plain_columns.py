"""The part of a changelog that keeps a second time, as columns, what is in its records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sordiff.report import Contradiction


class PlainColumns(Protocol):
    """Columns for whoever queries the changelog beside sordiff; a backend may keep none."""

    def find_contradictions(self) -> Iterator[Contradiction]:
        """What a column says otherwise than the record that it was taken from."""
