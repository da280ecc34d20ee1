"""The report as a table, a row a change, that opens in a Danish spreadsheet and does nothing there.

UTF-8 with a byte order mark, semicolons, CRLF. A text that a spreadsheet could take for a formula
has an apostrophe before it. Ids and numbers have a tab before them: a spreadsheet keeps fifteen
digits of a number, and a SOR id has more.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from sordiff.events import CodedText
from sordiff.model import SorId
from sordiff.report import Change, Difference, Report
from sordiff.visible import visible

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
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_OF_IDS: Final = frozenset({"subject", "unit_id", "owner_id", "before_id", "after_id"})
_LEAST_DIGITS: Final = 6
# Its owner stays the same; what it was and is now is what happened.
_STATES: Final = {
    "location_number.closed": ("open", "closed"),
    "location_number.reopened": ("closed", "open"),
}
_STEP: Final = " › "


def report_csv(report: Report) -> Iterator[bytes]:
    """The byte order mark and the names of the columns, then a line a change."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    table = _Table(report)
    for change in report.changes:
        row = table.row(change)
        yield _line([_safe(name, row[name]) for name in COLUMNS])


def _line(cells: Any) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode("utf-8", errors="replace")


def _safe(name: str, value: str) -> str:
    text = visible(value)
    if text.isascii() and text.isdigit() and (len(text) >= _LEAST_DIGITS or name in _OF_IDS):
        return f"\t{text}"
    if text.lstrip().startswith(_FORMULAS):
        return f"'{text}"
    return text


class _Table:
    def __init__(self, report: Report) -> None:
        self._report = report

    def row(self, change: Change) -> dict[str, str]:
        report = self._report
        entry = report.units.get(SorId(change.unit or ""))
        owner = entry.owner if entry else None
        region = entry.region if entry else None
        code = entry.unit_type if entry else None
        return {
            "day": change.day,
            "run": str(change.run),
            "type": change.type,
            "subject": change.subject,
            "unit_id": change.unit or "",
            "unit_name": (entry.name if entry else None) or "",
            "unit_kind": (entry.kind if entry else None) or "",
            "unit_type": report.unit_types.get(code or "", code or ""),
            "path": _STEP.join(self._way(change.unit)),
            "owner_id": owner or "",
            "owner_name": self._name(owner) if owner else "",
            "region": report.regions.get(region or "", region or ""),
            "before": self._side(change, change.before, 0),
            "after": self._side(change, change.after, 1),
            "before_id": _id(change, change.before),
            "after_id": _id(change, change.after),
            "details": " | ".join(_details(change)),
            "effective": change.effective or "",
            "cause": change.cause.value,
            "notes": " ".join([*(note.value for note in change.notes), *_said(change)]),
            "steps": str(change.steps),
            "group": "" if change.group is None else report.groups[change.group].rule,
        }

    def _way(self, sor_id: SorId | None) -> list[str]:
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
        if change.type in _STATES:
            return _STATES[change.type][place]
        if isinstance(side, CodedText):
            return side.text or side.code
        if isinstance(side, tuple):
            between = _STEP if change.type == "unit.moved" else ", "
            return between.join(map(self._name, side))
        if side is not None and change.type.startswith("location_number."):
            return self._name(side)
        return side or ""


def _id(change: Change, side: Any) -> str:
    """The parent of a moved unit, the code of a type, the owner of a number."""
    if isinstance(side, CodedText):
        return side.code
    if isinstance(side, tuple):
        return (side[-1] if side else "") if change.type == "unit.moved" else " ".join(side)
    return side or "" if change.type.startswith("location_number.") else ""


def _details(change: Change) -> Iterator[str]:
    """What differs path by path; of a number that a day closed, that day."""
    if change.type in _STATES and not change.differences and change.to:
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


def _said(change: Change) -> Iterator[str]:
    if change.relation:
        yield change.relation
    if change.previously:
        yield f"reuse:{change.previously[0]}"
    if change.shared:
        yield "shared"
    if change.was_open:
        yield "was_open"
