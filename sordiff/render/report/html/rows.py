"""The rows of the page: each change with its unit, the way to it, its owner and its region.

Each row is written once, as a finished line of markup. What many rows share, such as an owner or
the way down to a unit, is written for the first of them and then known.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sordiff.events import EventType, Subject, UnitClosed, UnitClosureScheduled
from sordiff.model import Day, Gln, Kind, SorId
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.html.markup import safe, write_line
from sordiff.render.report.outline_blocks import ChangeRow
from sordiff.render.text.rich_text import Line, code, joined, outside, words
from sordiff.report import Change, Report, UnitEntry

_STEP: Final = " › "
_BETWEEN: Final = " · "
# So many owners are suggested where one types.
_SUGGESTED: Final = 200
_TELLS_LAST_DAY: Final = frozenset({UnitClosed, UnitClosureScheduled})


class Filters(Struct, frozen=True, kw_only=True):
    """What the rows are filtered by: the regions and owners that there are, by their numbers."""

    regions: tuple[tuple[str, int], ...]
    owners: tuple[str, ...]
    suggested: tuple[str, ...]


class _Belonging(Struct, frozen=True, gc=False):
    """Of whom a unit is: the numbers of owner and region, the owner that is counted, both cells."""

    numbers: str
    owner: str
    cells: str


class Rows:
    """Writes rows of changes, and remembers which owners and regions there were."""

    def __init__(self, report: Report, text: ChangeText) -> None:
        self._report = report
        self._text = text
        self._types = {name: place for place, name in enumerate(report.headline.counts)}
        self._felt = {story.number: story.felt_count for story in report.numbers}
        self._several = len(report.headline.runs) > 1
        self._owners: dict[str, int] = {"": 0}
        self._regions: dict[str, int] = {"": 0}
        self._busy_owners: Counter[str] = Counter()
        self._paths: dict[SorId, tuple[Line, ...]] = {}
        self._written_paths: dict[SorId | None, str] = {}
        self._written_kinds: dict[tuple[str | None, Kind | None], str] = {}
        self._belongings: dict[tuple[SorId | None, str | None, bool], _Belonging] = {}
        self._written_days: dict[Day | None, str] = {None: ""}

    def count(self, rows: Sequence[ChangeRow]) -> None:
        """Number the owners and regions of rows in their order, and count their owners."""
        for told in rows:
            unit = told.change.unit
            entry = self._entry(unit)
            self._count_owner(self._find_belonging(entry, is_owner=entry.owner == unit))

    def _count_owner(self, belonging: _Belonging) -> None:
        if belonging.owner:
            self._busy_owners[belonging.owner] += 1

    def write_row(self, told: ChangeRow) -> str:
        """Count the row of a change, and write it.

        It is one line of markup; end tags that HTML lets away are left away.
        It begins with the numbers of its type, owner and region, and of the change. The script of
        the page reads lines, so that none may hold a line break, and none does: in `safe` it is a
        control character like others.
        """
        change = told.change
        entry = self._entry(change.unit)
        belonging = self._find_belonging(entry, is_owner=entry.owner == change.unit)
        self._count_owner(belonging)
        row = change.event_type
        day = change.day if self._several else _in_force(change, row)
        return (
            f'<tr data-k="{self._types[change.type]} {belonging.numbers} {told.place}">'
            f'<th scope="row"><b>{write_line(self._text.name(change))}</b>'
            f"{self._write_about(change, entry)}{self._write_path(entry.parent)}"
            f"<td>{self._write_said(told, row)}{belonging.cells}<td>{self._write_day(day)}"
        )

    def is_dated(self, told: ChangeRow) -> bool:
        """Whether the row of a change has a day."""
        return self._several or _in_force(told.change, told.change.event_type) is not None

    def filters(self) -> Filters:
        """What there is to filter by in the rows that were written or counted."""
        return Filters(
            regions=tuple(sorted(item for item in self._regions.items() if item[0])),
            owners=tuple(self._owners),
            suggested=tuple(name for name, _ in self._busy_owners.most_common(_SUGGESTED)),
        )

    def _write_said(self, told: ChangeRow, row: EventType) -> str:
        change = told.change
        said = [write_line(line) for line in told.lines]
        if told.title:
            said.insert(0, safe(told.title))
        felt = self._felt.get(Gln(change.subject), 0) if row.subject is _NUMBER else 0
        if felt:
            said.append(safe(self._text.language.counted("number.felt", felt)))
        return "<br>".join(said)

    def _find_belonging(self, entry: UnitEntry, *, is_owner: bool) -> _Belonging:
        """The places of owner and region in the lists that the page filters by, and the cells.

        An owner is counted as its own, and not told as such.
        """
        key = (entry.owner, entry.region, is_owner)
        found = self._belongings.get(key)
        if found is None:
            name = self._name_owner(entry.owner)
            region = self._report.regions.get(entry.region or "", entry.region or "")
            owner = "" if is_owner or entry.owner is None else name
            numbers = (
                self._owners.setdefault(name, len(self._owners)),
                self._regions.setdefault(region, len(self._regions)),
            )
            # Where the columns stand below each other, a region that is the owner is told once.
            same = " class=same" if region and region == owner else ""
            shown = write_line(outside(owner)) if owner else ""
            found = self._belongings[key] = _Belonging(
                " ".join(map(str, numbers)), name, f"<td>{shown}<td{same}>{safe(region)}"
            )
        return found

    def _entry(self, sor_id: SorId | None) -> UnitEntry:
        return _UNKNOWN if sor_id is None else self._report.units.get(sor_id, _UNKNOWN)

    def _name_owner(self, sor_id: SorId | None) -> str:
        return self._entry(sor_id).name or sor_id or ""

    def _write_about(self, change: Change, entry: UnitEntry) -> str:
        """The unit where it is not the name, its type, its kind and its id."""
        unit = change.unit
        if unit is None:
            return ""
        key = (entry.unit_type, entry.kind)
        kind = self._written_kinds.get(key)
        if kind is None:
            kind = self._written_kinds[key] = self._write_kind(entry)
        name = ""
        if change.subject != unit:
            name = f"{write_line(self._text.unit(unit))}{_BETWEEN}"
        return f"<small>{name}{kind}{write_line(code(unit))}</small>"

    def _write_kind(self, entry: UnitEntry) -> str:
        parts = [self._text.unit_type(entry.unit_type)] if entry.unit_type else []
        if entry.kind is not None:
            parts.append(words(self._text.language.text(f"kind.{entry.kind}")))
        return "".join(f"{write_line(part)}{_BETWEEN}" for part in parts)

    def _write_path(self, sor_id: SorId | None) -> str:
        found = self._written_paths.get(sor_id)
        if found is None:
            path = joined(list(self._below_owner(sor_id)), _STEP)
            found = f"<small>{write_line(path)}</small>" if path else ""
            self._written_paths[sor_id] = found
        return found

    def _below_owner(self, sor_id: SorId | None) -> tuple[Line, ...]:
        """The way from below the owner, which has its own column, down to this unit."""
        if sor_id is None:
            return ()
        found = self._paths.get(sor_id)
        if found is None:
            entry = self._entry(sor_id)
            ends = entry.missing or entry.kind is _OWNER
            above = () if ends else self._above(sor_id, entry.parent)
            found = self._paths[sor_id] = () if ends else (*above, self._text.unit(sor_id))
        return found

    def _above(self, sor_id: SorId, parent: SorId | None) -> tuple[Line, ...]:
        self._paths[sor_id] = ()  # ends a circle, should there ever be one
        return self._below_owner(parent)

    def _write_day(self, day: Day | None) -> str:
        found = self._written_days.get(day)
        if found is None:
            told = safe(self._text.language.day(str(day)))
            found = f'<time datetime="{safe(str(day))}">{told}</time>'
            self._written_days[day] = found
        return found


def _in_force(change: Change, row: EventType) -> Day | None:
    """From when it holds; a closing tells its last valid day, and the day after would puzzle."""
    return None if row.data in _TELLS_LAST_DAY else change.effective


_NUMBER: Final = Subject.LOCATION_NUMBER
_OWNER: Final = Kind.OWNER
_UNKNOWN: Final = UnitEntry(missing=True)
