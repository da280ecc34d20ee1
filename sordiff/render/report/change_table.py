"""The changes of a report as a flat table: a row a change, for a program or a spreadsheet.

Ids, codes and event names stand as they are, and no cell is in the language of the reader.
"""

from collections.abc import Iterator
from typing import Any, Final

from sordiff.events import (
    CodedText,
    EventData,
    LocationNumberClosed,
    LocationNumberReopened,
    Subject,
    UnitMoved,
)
from sordiff.model import SorId
from sordiff.report import Change, Difference, Report

COLUMNS: Final = (
    "day",
    "run",
    "type",
    "subject",
    "unit_id",
    "unit_name",
    "unit_kind",
    "unit_type",
    "path",
    "owner_id",
    "owner_name",
    "region",
    "before",
    "after",
    "before_id",
    "after_id",
    "details",
    "effective",
    "cause",
    "notes",
    "steps",
    "group",
)
# The columns in which ids and numbers stand alone.
ID_COLUMNS: Final = frozenset({"subject", "unit_id", "owner_id", "before_id", "after_id"})
# Its owner stays the same; what it was and is now is what happened.
_STATES: Final[dict[type[EventData], tuple[str, str]]] = {
    LocationNumberClosed: ("open", "closed"),
    LocationNumberReopened: ("closed", "open"),
}
_STEP: Final = " › "
_LOCATION_NUMBER: Final = Subject.LOCATION_NUMBER


def change_rows(report: Report) -> Iterator[dict[str, str]]:
    """The rows in the order of the report, each with its cells by column."""
    table = _ChangeTable(report)
    return map(table.row, report.changes)


class _ChangeTable:
    def __init__(self, report: Report) -> None:
        self._report = report

    def row(self, change: Change) -> dict[str, str]:
        group = None if change.group is None else self._report.groups[change.group]
        return {
            "day": change.day,
            "run": str(change.run),
            "type": change.type,
            "subject": change.subject,
            **self._unit_cells(change.unit),
            "before": self._side(change, change.before, 0),
            "after": self._side(change, change.after, 1),
            "before_id": _id(change, change.before),
            "after_id": _id(change, change.after),
            "details": " | ".join(_details(change)),
            "effective": change.effective or "",
            "cause": change.cause.value,
            "notes": " ".join([*(note.value for note in change.notes), *_marks(change)]),
            "steps": str(change.steps),
            "group": group.rule if group else "",
        }

    def _unit_cells(self, unit: SorId | None) -> dict[str, str]:
        report = self._report
        entry = report.units.get(SorId(unit or ""))
        owner = entry.owner if entry else None
        region = entry.region if entry else None
        code = entry.unit_type if entry else None
        return {
            "unit_id": unit or "",
            "unit_name": (entry.name if entry else None) or "",
            "unit_kind": (entry.kind if entry else None) or "",
            "unit_type": report.unit_types.get(code or "", code or ""),
            "path": _STEP.join(self._names_above(unit)),
            "owner_id": owner or "",
            "owner_name": self._name(owner) if owner else "",
            "region": report.regions.get(region or "", region or ""),
        }

    def _names_above(self, sor_id: SorId | None) -> list[str]:
        names: list[str] = []
        entry = self._report.units.get(SorId(sor_id or ""))
        seen = {sor_id}
        while entry is not None and entry.parent is not None and entry.parent not in seen:
            seen.add(entry.parent)
            names.append(self._name(entry.parent))
            entry = self._report.units.get(entry.parent)
        return names[::-1]

    def _name(self, sor_id: str) -> str:
        entry = self._report.units.get(SorId(sor_id))
        return (entry.name if entry else None) or sor_id

    def _side(self, change: Change, side: Any, place: int) -> str:
        states = _STATES.get(change.event_type.data)
        if states is not None:
            return states[place]
        if isinstance(side, CodedText):
            return side.text or side.code
        if isinstance(side, tuple):
            between = _STEP if change.event_type.data is UnitMoved else ", "
            return between.join(map(self._name, side))
        if side is not None and _is_number(change):
            return self._name(side)
        return side or ""


def _is_number(change: Change) -> bool:
    return change.event_type.subject is _LOCATION_NUMBER


def _id(change: Change, side: Any) -> str:
    """The parent of a moved unit, the code of a type, the owner of a number."""
    if isinstance(side, CodedText):
        return side.code
    if isinstance(side, tuple):
        is_moved = change.event_type.data is UnitMoved
        return (side[-1] if side else "") if is_moved else " ".join(side)
    return side or "" if _is_number(change) else ""


def _details(change: Change) -> Iterator[str]:
    """What differs path by path; of a number that a day closed, that day."""
    if change.event_type.data in _STATES and not change.differences and change.to:
        yield f"to: {change.to}"
    yield from map(_difference, change.differences)


def _difference(found: Difference) -> str:
    return f"{found.path}: {_value(found.before)} → {_value(found.after)}"


def _value(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values() if item)
    return ", ".join(map(_value, value)) if isinstance(value, list | tuple) else str(value)


def _marks(change: Change) -> Iterator[str]:
    if change.relation:
        yield change.relation
    if change.previously:
        yield f"reuse:{change.previously[0]}"
    if change.shared:
        yield "shared"
    if change.was_open:
        yield "was_open"
