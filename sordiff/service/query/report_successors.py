"""Who probably goes on in place of the units that closed or went in a report."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from sordiff.changelog import QuerySession
from sordiff.events import UnitClosed, UnitRemoved
from sordiff.model import Day
from sordiff.report import Change
from sordiff.service.query.report_period import Period

_GONE: Final = (UnitClosed, UnitRemoved)
# A night that closes more is no night of which each closing is looked into.
_MOST: Final = 500


def add_successors(
    session: QuerySession, period: Period, changes: Sequence[Change]
) -> tuple[Change, ...]:
    """The changes, each closing and each removal with who probably goes on.

    Only today's register can tell, and only where it names nobody itself.
    """
    newest = session.runs.find_last_accepted()
    if newest is None or period.last.id != newest.id:
        return tuple(changes)
    gone = {change.unit: _last_day(change) for change in changes if _is_gone(change)}
    if not gone or len(gone) > _MOST:
        return tuple(changes)
    from sordiff.service.reconcile.continued import find_continued  # most reports need none of it

    found = find_continued(session, newest, {unit: day for unit, day in gone.items() if unit})
    return tuple(
        replace(change, successor=found[change.unit])
        if change.unit in found and _is_gone(change)
        else change
        for change in changes
    )


def _is_gone(change: Change) -> bool:
    return change.event_type.data in _GONE and change.unit is not None and not change.replaced_by


def _last_day(change: Change) -> Day:
    """The last valid day, else the day of the night without it, which is near enough."""
    told = change.after if change.event_type.data is UnitClosed else change.to
    return Day(told) if isinstance(told, str) else change.day
