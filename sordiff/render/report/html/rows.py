"""The rows of the page: each change with its unit, the way to it, its owner and its region."""

from collections import Counter
from typing import Final

from msgspec import Struct

from sordiff.events import Subject, UnitClosed, UnitClosureScheduled
from sordiff.model import Day, Gln, Kind, SorId
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.outline_blocks import ChangeRow
from sordiff.render.text.rich_text import Line, code, joined, outside, words
from sordiff.report import Change, Report, UnitEntry

_STEP: Final = " › "
# So many owners are suggested where one types.
_SUGGESTED: Final = 200
_TELLS_LAST_DAY: Final = frozenset({UnitClosed, UnitClosureScheduled})


class PageRow(Struct, frozen=True, kw_only=True):
    """One row; `key` are the numbers of its type, owner and region, and of the change."""

    key: str
    name: Line
    about: Line
    path: Line
    said: tuple[Line, ...]
    owner: Line
    region: str
    day: Day | None


class Filters(Struct, frozen=True, kw_only=True):
    """What the rows are filtered by: the regions and owners that there are, by their numbers."""

    regions: tuple[tuple[str, int], ...]
    owners: tuple[str, ...]
    suggested: tuple[str, ...]


class Rows:
    """Makes rows of changes, and remembers which owners and regions there were."""

    def __init__(self, report: Report, text: ChangeText) -> None:
        self._report = report
        self._text = text
        self._paths: dict[SorId, tuple[Line, ...]] = {}
        self._types = {name: place for place, name in enumerate(report.headline.counts)}
        self._felt = {story.number: story.felt_count for story in report.numbers}
        self._several = len(report.headline.runs) > 1
        self._owners: dict[str, int] = {"": 0}
        self._regions: dict[str, int] = {"": 0}
        self._busy_owners: Counter[str] = Counter()

    def row(self, told: ChangeRow) -> PageRow:
        """The row of a change."""
        change = told.change
        entry = self._entry(change.unit)
        owner = "" if entry.owner in {None, change.unit} else self._owner(entry.owner)
        region = self._report.regions.get(entry.region or "", entry.region or "")
        counted = owner or self._owner(entry.owner)
        return PageRow(
            key=" ".join(map(str, (*self._numbers(change, counted, region), told.place))),
            name=self._text.name(change),
            about=self._about(change, entry),
            path=joined(list(self._below_owner(entry.parent)), _STEP),
            said=self._said(told),
            owner=outside(owner) if owner else (),
            region=region,
            day=change.day if self._several else _in_force(change),
        )

    def filters(self) -> Filters:
        """What there is to filter by in the rows that were made."""
        return Filters(
            regions=tuple(sorted(item for item in self._regions.items() if item[0])),
            owners=tuple(self._owners),
            suggested=tuple(name for name, _ in self._busy_owners.most_common(_SUGGESTED)),
        )

    def _said(self, told: ChangeRow) -> tuple[Line, ...]:
        change = told.change
        said = (*((words(told.title),) if told.title else ()), *told.lines)
        felt = self._felt.get(Gln(change.subject), 0) if _is_number(change) else 0
        if felt:
            said = (*said, words(self._text.language.counted("number.felt", felt)))
        return said

    def _numbers(self, change: Change, owner: str, region: str) -> tuple[int, int, int]:
        """The places of its type, owner and region in the lists that the page filters by."""
        if owner:
            self._busy_owners[owner] += 1
        return (
            self._types[change.type],
            self._owners.setdefault(owner, len(self._owners)),
            self._regions.setdefault(region, len(self._regions)),
        )

    def _entry(self, sor_id: SorId | None) -> UnitEntry:
        return self._report.units.get(sor_id or SorId(""), _UNKNOWN)

    def _owner(self, sor_id: SorId | None) -> str:
        return self._entry(sor_id).name or sor_id or ""

    def _about(self, change: Change, entry: UnitEntry) -> Line:
        if change.unit is None:
            return ()
        parts = [self._text.unit(change.unit)] if change.subject != change.unit else []
        if entry.unit_type:
            parts.append(self._text.unit_type(entry.unit_type))
        if entry.kind is not None:
            parts.append(words(self._text.language.text(f"kind.{entry.kind}")))
        return joined([*parts, code(change.unit)], " · ")

    def _below_owner(self, sor_id: SorId | None) -> tuple[Line, ...]:
        """The way from below the owner, which has its own column, down to this unit."""
        if sor_id is None:
            return ()
        found = self._paths.get(sor_id)
        if found is None:
            entry = self._entry(sor_id)
            ends = entry.missing or entry.kind is Kind.OWNER
            above = () if ends else self._above(sor_id, entry.parent)
            found = self._paths[sor_id] = () if ends else (*above, self._text.unit(sor_id))
        return found

    def _above(self, sor_id: SorId, parent: SorId | None) -> tuple[Line, ...]:
        self._paths[sor_id] = ()  # ends a circle, should there ever be one
        return self._below_owner(parent)


def _in_force(change: Change) -> Day | None:
    """From when it holds; a closing tells its last valid day, and the day after would puzzle."""
    return None if change.event_type.data in _TELLS_LAST_DAY else change.effective


def _is_number(change: Change) -> bool:
    return change.event_type.subject is Subject.LOCATION_NUMBER


_UNKNOWN: Final = UnitEntry(missing=True)
