"""What the cells of a column say: each of its different values is judged once.

UnsureError where one is wrong; row by row it is then told exactly.
"""

from sordiff.model import Day, Kind
from sordiff.snapshot.format.text import fold_space
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.tables.days import DayColumn
from sordiff.snapshot.tables.dialect import strip_guard
from sordiff.snapshot.tables.row_units import find_kind


class CellTexts(dict[bytes, str | None]):
    """A cell as written -> its text, without guard and spare space; None for a blank one."""

    def __missing__(self, cell: bytes) -> str | None:
        inner = cell[4:-3]
        if cell.isalnum():
            text: str | None = cell.decode()
        elif inner.isalnum() and cell == b'"=""%b"""' % inner:
            text = inner.decode()
        else:
            text = fold_space(strip_guard(cell.decode()))
        self[cell] = text
        return text


class CellDays(dict[bytes, Day | None]):
    """A cell as written -> its day, None for a blank one."""

    def __init__(self, column: DayColumn) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, cell: bytes) -> Day | None:
        text = fold_space(strip_guard(cell.decode()))
        day = self[cell] = None if text is None else self._column[text]
        if day is None and text is not None:
            raise UnsureError("a row with a problem")
        return day


class CellKinds(dict[bytes, Kind]):
    """A cell as written -> the level that it names."""

    def __missing__(self, cell: bytes) -> Kind:
        kind = find_kind(fold_space(strip_guard(cell.decode())))
        if kind is None:
            raise UnsureError("a row with a problem")
        self[cell] = kind
        return kind
