"""The corrected list: only what the register itself says is mended, a line as a whole or not."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from sordiff.model import SorId
from sordiff.reconcile.columns import Column
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, clean_text, parse_identifier
from sordiff.reconcile.names import is_same_name
from sordiff.reconcile.table import Table, TableRow
from sordiff.reconcile.verdict import JudgedRow, Verdict

# Of these the register says what to write.
_CERTAIN = frozenset(
    {Verdict.REPLACED, Verdict.NUMBER_MOVED, Verdict.NUMBER_RELEASED, Verdict.RENAMED}
)


class CorrectedList(Struct, frozen=True):
    """The list as it should be, and how many of its lines were mended."""

    table: Table
    lines: int


def correct(
    table: Table, columns: Sequence[Column], judged: Sequence[JudgedRow], facts: Facts
) -> CorrectedList:
    """The list with what is certain mended; all other lines stay as they are."""
    rows = [
        _corrected(row, columns, one, facts) for row, one in zip(table.rows, judged, strict=True)
    ]
    changed = sum(new.cells != old.cells for new, old in zip(rows, table.rows, strict=True))
    return CorrectedList(replace(table, rows=tuple(rows)), changed)


def _corrected(
    row: TableRow, columns: Sequence[Column], judged: JudgedRow, facts: Facts
) -> TableRow:
    restored = _with_digits(row, columns)
    if any(issue.verdict not in _CERTAIN for issue in judged.issues):
        return restored
    targets = {
        issue.suggestion.unit_id
        for issue in judged.issues
        if issue.suggestion is not None and issue.suggestion.is_certain
    }
    suggested = all(
        issue.suggestion is not None and issue.suggestion.is_certain and not issue.candidates[1:]
        for issue in judged.issues
    )
    if len(targets) != 1 or not suggested or not _is_anchored(judged, columns, row):
        return restored
    cells = _rewritten(restored, columns, judged, targets.pop(), facts)
    return restored if cells is None else replace(restored, cells=cells)


def _is_anchored(judged: JudgedRow, columns: Sequence[Column], row: TableRow) -> bool:
    """Whether a SOR id says which unit is meant; a number that moved away says nothing of it."""
    if not any(
        issue.verdict in {Verdict.NUMBER_MOVED, Verdict.NUMBER_RELEASED} for issue in judged.issues
    ):
        return True
    return any(
        column.kind is ColumnKind.SOR_ID
        and column.place < len(row.cells)
        and clean_text(row.cells[column.place])
        for column in columns
    )


def _rewritten(
    row: TableRow, columns: Sequence[Column], judged: JudgedRow, target: SorId, facts: Facts
) -> tuple[str, ...] | None:
    """All cells of the line for the unit meant; None where one of them can't be told."""
    unit = facts.units.get(target)
    if unit is None or not facts.is_open(target):
        return None
    faulty = {issue.place for issue in judged.issues}
    is_another = any(issue.verdict is Verdict.REPLACED for issue in judged.issues)
    cells = list(row.cells)
    for column in columns:
        place = column.place
        if place >= len(cells) or not clean_text(cells[place]):
            continue
        if not is_another and place not in faulty:
            continue
        if column.kind is ColumnKind.SOR_ID:
            value: str | None = target
        elif column.kind is ColumnKind.LOCATION_NUMBER:
            value = facts.open_number(target)
        elif column.kind is ColumnKind.NAME:
            value = unit.name
            if value is not None and is_same_name(value, clean_text(cells[place])):
                continue
        else:
            value = unit.value(column.kind)
        if value is None:
            return None
        cells[place] = value
    return tuple(cells)


def _with_digits(row: TableRow, columns: Sequence[Column]) -> TableRow:
    """With the digits put back that a spreadsheet dropped."""
    cells = list(row.cells)
    for column in columns:
        if column.kind is ColumnKind.NAME or column.place >= len(cells):
            continue
        numeric = column.place in row.numeric
        one = parse_identifier(column.kind, cells[column.place], numeric=numeric)
        if one.is_restored:
            cells[column.place] = one.value
    return replace(row, cells=tuple(cells))
