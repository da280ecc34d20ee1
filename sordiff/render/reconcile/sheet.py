"""The list as its owner knows it, with the verdicts beside: the columns of CSV and XLSX."""

from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.reconcile.verdict import ReconciledRow
from sordiff.render.reconcile.edition import ListEdition

APPENDED: Final = (
    "sordiff_verdict",
    "sordiff_since",
    "sordiff_unit_id",
    "sordiff_name",
    "sordiff_event",
    "sordiff_suggested_unit_id",
    "sordiff_suggested_number",
    "sordiff_suggested_name",
    "sordiff_score",
    "sordiff_reasons",
    "sordiff_notes",
    "sordiff_candidates",
)
# Those in which ids and numbers stand.
APPENDED_IDS: Final = frozenset({2, 4, 5, 6})


def sheet_headings(edition: ListEdition) -> tuple[str, ...]:
    """The list's own headings in their order, then ours; those of an earlier call make room."""
    columns = edition.table.columns
    return (*(columns[place] for place in _own_places(columns)), *APPENDED)


def _own_places(columns: Sequence[str]) -> list[int]:
    return [place for place, name in enumerate(columns) if name not in APPENDED]


def sheet_rows(edition: ListEdition) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each line that is told: its own cells, then ours."""
    told = {row.line: row for row in edition.told.rows}
    places = _own_places(edition.table.columns)
    for row in edition.table.rows:
        found = told.get(row.line)
        if found is not None:
            cells = row.cells
            own = tuple(_unguarded(cells[place]) if place < len(cells) else "" for place in places)
            yield own, _appended(found)


def _unguarded(cell: str) -> str:
    """A number without the tab that an earlier call put before it."""
    plain = cell.removeprefix("\t")
    return plain if plain.isascii() and plain.isdigit() else cell


def _appended(row: ReconciledRow) -> tuple[str, ...]:
    suggestion = row.suggestion
    event = row.event
    return (
        str(row.verdict),
        row.since or "",
        row.unit_id or "",
        row.name or "",
        str(event.sequence) if event is not None and event.sequence is not None else "",
        suggestion.unit_id if suggestion else "",
        (suggestion.number or "") if suggestion else "",
        (suggestion.name or "") if suggestion else "",
        f"{suggestion.score:.4g}" if suggestion else "",
        " ".join(suggestion.reasons) if suggestion else "",
        " ".join(row.notes),
        " ".join(row.candidates),
    )


__all__ = ["APPENDED", "APPENDED_IDS", "sheet_headings", "sheet_rows"]
