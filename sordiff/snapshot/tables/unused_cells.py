"""What a row says and nothing is made of: `sordiff check` tells it, so that nobody misses it."""

from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.findings import Finding
from sordiff.model import Kind
from sordiff.snapshot.format.text import quote_value
from sordiff.snapshot.tables.columns import Columns
from sordiff.snapshot.tables.row_blocks import Texts
from sordiff.snapshot.tables.stated_unit import StatedUnit

_TEXT: Final = "/text"


class UnusedCells:
    """Looks for them in the rows of a table."""

    def __init__(self, columns: Columns, texts: Texts) -> None:
        """Find the columns once for all rows."""
        self._columns, self._texts = columns, texts
        places = columns.places
        self._parent = places["parent_id"]
        self._mark = places.get("location_number_inherited")
        # Where a text stands, and the code to it, if there is a column for that.
        self._texts_of_codes = [
            (index, places.get(place.removesuffix(_TEXT)))
            for place, index in places.items()
            if place.endswith(_TEXT)
        ]

    def list_sentences(self, unit: StatedUnit, cells: Sequence[str]) -> tuple[str, ...]:
        """A sentence for each such cell of a row; `unit`: what was made of the others."""
        return tuple(self._find(unit, cells))

    def _find(self, unit: StatedUnit, cells: Sequence[str]) -> Iterator[str]:
        texts = self._texts
        if unit.kind is Kind.OWNER:
            parent = texts[cells[self._parent]]
            if parent not in (None, unit.sor_id):  # above an owner there is but itself
                column, said = self._quote(self._parent, cells)
                yield f"{column} says {said}, but an owner stands below no unit"
        for index, code in self._texts_of_codes:
            if (
                cells[index]
                and (code is None or texts[cells[code]] is None)
                and texts[cells[index]]
            ):
                column, said = self._quote(index, cells)
                yield f"{column} says {said}, but no code stands beside it"
        if self._mark is not None and texts[cells[self._mark]] is not None:
            yield from self._judge_mark(unit, *self._quote(self._mark, cells))

    def _judge_mark(self, unit: StatedUnit, column: str, said: str) -> Iterator[str]:
        """What is wrong with what the row says of its number."""
        if unit.inherited is None:
            yield f"{column} says {said}, which is neither egen nor nedarvet"
        elif unit.number is None:
            yield f"{column} says {said}, but there is no number"
        elif unit.inherited and unit.kind is Kind.OWNER:
            yield f"{column} says {said}, but an owner inherits no number"

    def _quote(self, index: int, cells: Sequence[str]) -> tuple[str, str]:
        return self._columns.names[index], quote_value(self._texts[cells[index]] or "")


def find_unused(unit: StatedUnit) -> Iterator[Finding]:
    """A finding for each cell of a unit's row that nothing is made of."""
    for sentence in unit.unused:
        yield Finding(code="row.not_used", subject=unit.sor_id, message=sentence)
