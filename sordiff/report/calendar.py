"""The closings to come, day by day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from sordiff.events import UnitClosureScheduled, find_event_name
from sordiff.model import Day, SorId
from sordiff.report.change import Change
from sordiff.report.model import Calendar, ClosingDay

_DAYS: Final = 366
_SCHEDULED: Final = find_event_name(UnitClosureScheduled)


def build_calendar(
    closings: Iterable[tuple[Day, SorId]] | None, changes: Sequence[Change], day: Day
) -> Calendar:
    """The last valid days from a day on: from the register, or (None) from the changes only."""
    last = (date.fromisoformat(day) + timedelta(days=_DAYS)).isoformat()
    scheduled = dict.fromkeys(_scheduled(changes, day))
    by_day: dict[Day, dict[SorId, None]] = {}
    later = 0
    for closing, sor_id in sorted({*(closings or ()), *scheduled}):
        if closing > last:
            later += 1
        else:
            by_day.setdefault(closing, {})[sor_id] = None
    return Calendar(
        whole=closings is not None,
        days=tuple(
            ClosingDay(
                day=closing,
                count=len(units),
                units=tuple(units),
                scheduled=tuple(sor_id for sor_id in units if (closing, sor_id) in scheduled),
            )
            for closing, units in by_day.items()
        ),
        later=later,
    )


def _scheduled(changes: Iterable[Change], day: Day) -> Iterable[tuple[Day, SorId]]:
    for change in changes:
        after = change.after
        if (
            change.type == _SCHEDULED
            and change.unit is not None
            and isinstance(after, str)
            and after >= day
        ):
            yield Day(after), change.unit
