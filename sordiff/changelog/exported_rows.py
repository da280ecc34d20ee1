"""The part of a changelog that gives whole tables, for whoever analyses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sordiff.exported_tables import ExportedTable


class ExportedRows(Protocol):
    """The tables as they stood after an accepted run."""

    def iterate_rows(self, table: ExportedTable) -> Iterator[Sequence[tuple[Any, ...]]]:
        """The rows in the order of their keys, some thousand at a time."""
