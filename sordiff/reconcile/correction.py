"""The corrected list: only what the register itself says is mended, a line as a whole or not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sordiff.model import SorId
from sordiff.reconcile.columns import Column
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, clean_text, parse_identifier
from sordiff.reconcile.names import is_same_name
from sordiff.reconcile.table import Table, TableRow
from sordiff.reconcile.verdict import JudgedRow, Verdict
from sordiff.visible import FORMULAS

# Of these the register says what to write.
_CERTAIN = frozenset(
    {Verdict.REPLACED, Verdict.NUMBER_MOVED, Verdict.NUMBER_RELEASED, Verdict.RENAMED}
)


class CorrectedList(Struct, frozen=True):
    """The list as it should be; `changed`: the cells of its mended lines by number of the line."""

    table: Table
    changed: Mapping[int, tuple[str, ...]]


def correct(
    table: Table, columns: Sequence[Column], judged: Sequence[JudgedRow], facts: Facts
) -> CorrectedList:
    """The list with what is certain mended; all other lines stay as they are."""
    rows = [
        _corrected(row, columns, one, facts, table.encoding)
        for row, one in zip(table.rows, judged, strict=True)
    ]
    pairs = zip(rows, table.rows, strict=True)
    changed = {new.line: new.cells for new, old in pairs if new.cells != old.cells}
    return CorrectedList(replace(table, rows=tuple(rows)), changed)


def _corrected(
    row: TableRow, columns: Sequence[Column], judged: JudgedRow, facts: Facts, encoding: str
) -> TableRow:
    restored = _with_digits(row, columns)
    if any(issue.verdict not in _CERTAIN for issue in judged.issues):
        return restored
    if _has_two_of_a_kind(row, columns):
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
    if cells is None or not _is_writable(restored.cells, cells, encoding):
        return restored
    return replace(restored, cells=cells)


def _has_two_of_a_kind(row: TableRow, columns: Sequence[Column]) -> bool:
    """Whether two columns name different units, as one with its owner: which is meant is open."""
    found: dict[ColumnKind, set[str]] = defaultdict(set)
    for column in columns:
        if column.kind is ColumnKind.NAME or column.place >= len(row.cells):
            continue
        text = row.cells[column.place]
        if clean_text(text):
            one = parse_identifier(column.kind, text, numeric=column.place in row.numeric)
            found[column.kind].add(one.value)
    return any(len(values) > 1 for values in found.values())


def _is_writable(old: Sequence[str], new: Sequence[str], encoding: str) -> bool:
    """Whether the new cells can stand in the file, and none is a formula that was not one."""
    for before, after in zip(old, new, strict=True):
        if before == after:
            continue
        if after.lstrip().startswith(FORMULAS) and not before.lstrip().startswith("="):
            return False
        try:
            after.encode(encoding)
        except UnicodeEncodeError:
            return False
    return True


def _written_like(old: str, value: str) -> str:
    """The value with what stood around the old one: `="…"`, an apostrophe, spaces."""
    plain = clean_text(old)
    is_guarded = '"' in old or "=" in old
    if not plain or plain not in old or (is_guarded and '"' in value):
        return value
    return old.replace(plain, value, 1)


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
        cells[place] = _written_like(cells[place], value)
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
            cells[column.place] = _written_like(cells[column.place], one.value)
    return replace(row, cells=tuple(cells))
