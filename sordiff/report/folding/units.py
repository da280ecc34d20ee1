"""Folding the changes of one unit."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec

from sordiff.events import (
    CATALOGUE,
    Folding,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitCreated,
    UnitMoved,
    UnitOpened,
    UnitRemoved,
    UnitReopened,
    UnitRestored,
    find_event_name,
)
from sordiff.model import Day
from sordiff.report.change import Change, Note
from sordiff.report.folding.values import count_events, fold_parts, fold_sides

COME: Final = frozenset({find_event_name(UnitCreated), find_event_name(UnitRestored)})
GONE: Final = find_event_name(UnitRemoved)
CLOSED: Final = find_event_name(UnitClosed)
REOPENED: Final = find_event_name(UnitReopened)
OPENED: Final = find_event_name(UnitOpened)
SCHEDULED: Final = find_event_name(UnitClosureScheduled)
CANCELLED: Final = find_event_name(UnitClosureCancelled)
DAYS: Final = frozenset(row.name for row in CATALOGUE if row.folding is Folding.DAYS)
_MOVED: Final = find_event_name(UnitMoved)
_IN_PARTS: Final = frozenset(row.name for row in CATALOGUE if row.folding is Folding.PARTS)


def fold_unit_changes(life: Sequence[Change], since: Day | None) -> list[Change]:
    """The changes of one unit as one; a unit that was created or removed has that change only.

    `since` is the day before the period, by which is judged whether a unit that went was closed.
    """
    presence = [change for change in life if change.type in COME or change.type == GONE]
    if not presence:
        return _fold_present_unit(life) if len(life) > 1 else list(life)
    was_there = life[0].type not in COME
    if was_there and presence[-1].type == GONE:
        return [_fold_departed_unit(life, presence[-1], since)]
    come = presence[-1] if was_there else presence[0]
    return [msgspec.structs.replace(come, steps=count_events(life), notes=notes_after_coming(life))]


def notes_after_coming(life: Sequence[Change]) -> tuple[Note, ...]:
    """The notes on what happened to a unit after it was created or restored."""
    notes = []
    if any(change.type == OPENED for change in life):
        notes.append(Note.OPENED_LATER)
    last = next((c.type for c in reversed(life) if c.type in COME or c.type == GONE), None)
    days = [change.type for change in life if change.type in {CLOSED, REOPENED}]
    if last == GONE:
        notes.append(Note.REMOVED_AGAIN)
    elif days and days[-1] == CLOSED:
        notes.append(Note.CLOSED_AGAIN)
    return tuple(notes)


def _fold_departed_unit(life: Sequence[Change], gone: Change, since: Day | None) -> Change:
    """One that closed in the period is closed; else whether its removal was a purge is judged anew.

    An event judges by the night before the removal, which may have been long after the closing.
    """
    days = [change for change in life if change.type in DAYS]
    closing = _fold_days(days) if days else None
    if closing is not None and closing.type == CLOSED:
        notes = (*closing.notes, Note.REMOVED_LATER)
        return msgspec.structs.replace(closing, steps=count_events(life), notes=notes)
    if days and days[0].type == REOPENED:
        reopened = (Note.REOPENED_BETWEEN,) if gone.was_open else ()
        return msgspec.structs.replace(
            gone, was_open=False, steps=count_events(life), notes=(*gone.notes, *reopened)
        )
    passed = gone.to is not None and not gone.was_open and gone.to < gone.day
    was_closed = not days and (since is None or (gone.to is not None and gone.to < since))
    within = (Note.CLOSED_WITHIN,) if passed and not was_closed else ()
    return msgspec.structs.replace(gone, steps=count_events(life), notes=within)


def _fold_present_unit(life: Sequence[Change]) -> list[Change]:
    by_type: dict[str, list[Change]] = defaultdict(list)
    for change in life:
        by_type["days" if change.type in DAYS else change.type].append(change)
    found: list[Change | None] = []
    for name, changes in by_type.items():
        if name == "days":
            found.append(_fold_days(changes))
        elif name in _IN_PARTS:
            found.append(fold_parts(changes))
        elif name == _MOVED and _parent(changes[0].before) == _parent(changes[-1].after):
            continue  # back where it was, though what is above may have moved meanwhile
        else:
            found.append(fold_sides(changes))
    return [change for change in found if change is not None]


def _parent(way: object) -> str | None:
    return way[-1] if isinstance(way, tuple) and way else None


def _fold_days(life: Sequence[Change]) -> Change | None:
    """Open or closed, and the last valid day: from before the first event to after the last."""
    if len(life) == 1:
        return life[0]
    first, last = life[0], life[-1]
    opened = first.type == OPENED
    told = [change for change in life if change.type != OPENED]
    if opened and last.type != CLOSED:
        return msgspec.structs.replace(first, steps=count_events(life))
    before, after = told[0].before, told[-1].after
    was_closed, is_closed = first.type == REOPENED, last.type == CLOSED
    reopened = (Note.REOPENED_BETWEEN,) if _was_reopened(life) else ()
    if was_closed and is_closed:
        return None
    if is_closed:
        kind, notes = CLOSED, (Note.OPENED_BEFORE,) if opened else reopened
    elif was_closed:
        kind, notes = REOPENED, ()
    elif before == after:
        return None
    else:
        kind = SCHEDULED if after is not None else CANCELLED
        notes = reopened
    return msgspec.structs.replace(
        last, type=kind, before=before, after=after, steps=count_events(life), notes=notes
    )


def _was_reopened(life: Sequence[Change]) -> bool:
    """Whether it was closed for a while within the period."""
    closed = [place for place, change in enumerate(life) if change.type == CLOSED]
    return any(change.type == REOPENED for change in life[closed[0] :]) if closed else False
