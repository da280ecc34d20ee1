"""A table whose lines are cut into titles, headings and the list itself."""

from collections.abc import Sequence

from sordiff.list_files.refused import ListRefused
from sordiff.reconcile.headings import find_heading
from sordiff.reconcile.table import Table, TableRow


def build_table(name: str, lines: Sequence[TableRow]) -> Table:
    """The table of these lines, none of which is empty; ListRefused where there are none."""
    if not lines:
        raise ListRefused(f"{name} has no lines.", advice="Give a list with a heading and lines.")
    place = find_heading([line.cells for line in lines])
    headings = () if place is None else lines[place].cells
    width = max(len(line.cells) for line in lines)
    return Table(
        name=name,
        columns=name_columns(headings, width),
        rows=tuple(lines[0 if place is None else place + 1 :]),
        heading=headings,
        titles=tuple(line.cells for line in lines[: place or 0]),
    )


def name_columns(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The headings; a column without one is called by its number, a second one of a name too."""
    found: list[str] = []
    for place in range(width):
        name = names[place].strip() if place < len(names) else ""
        found.append(name if name and name not in found else f"{name or ''}{place + 1}")
    return tuple(found)
