"""What the runs of a period told: each event read once, as a change, and the changes folded."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sordiff.changelog import QuerySession
from sordiff.events import EVENT_TYPES, UnitRemoved, UnitRestored, find_event_name
from sordiff.report import Asked, Change
from sordiff.report.change_from_event import RecordedEvent
from sordiff.report.folding import (
    SCHEDULED,
    Folded,
    find_gaps,
    fold_changes,
    fold_changes_of_type,
    scheduled_closings,
    sort_changes,
)
from sordiff.service.query.report_period import Period

_WITH_WHOLE_UNITS: Final = frozenset({find_event_name(UnitRemoved), find_event_name(UnitRestored)})


class Told(Struct, frozen=True, kw_only=True):
    """What the runs told: a change for each event; and the events that tell more than changes do.

    These are the removals and restorations, with the whole units; of a run that moved no state
    all events are.
    """

    changes: Sequence[Change]
    steps: Sequence[RecordedEvent]


def read_told(session: QuerySession, period: Period) -> Told:
    """Read the events once, and keep few of them: a year has a hundred thousand."""
    whole = _WITH_WHOLE_UNITS if period.is_accepted else EVENT_TYPES
    changes, steps = session.report.read_changes(period.runs, whole)
    return Told(changes=changes, steps=steps)


class PeriodChanges(Struct, frozen=True, kw_only=True):
    """The changes of the period, and the closings that were scheduled in it.

    `events` is how many there were.
    """

    folded: Folded
    scheduled: tuple[Change, ...]
    events: int


def fold_period(told: Told, asked: Asked, period: Period) -> PeriodChanges:
    """Fold what was told, as it was asked for."""
    folded, scheduled = _fold_told(told, asked, period)
    return PeriodChanges(folded=folded, scheduled=scheduled, events=len(told.changes))


def _fold_told(told: Told, asked: Asked, period: Period) -> tuple[Folded, tuple[Change, ...]]:
    changes = told.changes
    if len(period.runs) == 1:
        scheduled = tuple(change for change in changes if change.type == SCHEDULED)
        return Folded(changes=tuple(changes)), scheduled
    gaps = find_gaps(told.steps)
    # Folded or not, what was cancelled again is no closing to come.
    scheduled = scheduled_closings(changes, gaps)
    if not asked.folded:
        return Folded(changes=tuple(sort_changes(changes))), scheduled
    since = period.before.header.snapshot_date if period.before else None
    if asked.type is not None:
        return fold_changes_of_type(changes, asked.type, gaps, since), scheduled
    return fold_changes(changes, gaps, since), scheduled
