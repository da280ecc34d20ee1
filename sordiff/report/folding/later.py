"""Notes on what happened later, for a report of one event type."""

from collections.abc import Sequence
from typing import Final

import msgspec

from sordiff.report.change import Change, Note
from sordiff.report.folding.units import (
    CANCELLED,
    CLOSED,
    COME,
    DAYS,
    GONE,
    OPENED,
    REOPENED,
    SCHEDULED,
    notes_after_coming,
)

_TURNS: Final = {
    (CLOSED, REOPENED): Note.REOPENED_LATER,
    (SCHEDULED, CANCELLED): Note.CANCELLED_LATER,
    (SCHEDULED, CLOSED): Note.CLOSED_LATER,
    (OPENED, CLOSED): Note.CLOSED_LATER,
    (REOPENED, CLOSED): Note.CLOSED_LATER,
}


def add_later_notes(change: Change, life: Sequence[Change]) -> Change:
    """A change with notes on what happened to the unit after it.

    `life` is all that happened to the unit in the period, of every type.
    """
    if change.type in COME:
        notes = notes_after_coming([other for other in life if other.run >= change.run])
        return msgspec.structs.replace(change, notes=notes)
    if change.type not in DAYS and change.type != GONE:
        return change
    return msgspec.structs.replace(change, notes=(*change.notes, *_later(change, life)))


def _later(change: Change, life: Sequence[Change]) -> list[Note]:
    after = [other.type for other in life if other.run > change.run]
    # A new last day of what was closed, or scheduled to close, undoes no closing.
    days = [name for name in after if name in DAYS and name not in {SCHEDULED, OPENED}]
    presence = [name for name in after if name in COME or name == GONE]
    notes = []
    if days and (change.type, days[-1]) in _TURNS:
        notes.append(_TURNS[change.type, days[-1]])
    if presence and change.type == GONE:
        notes += [Note.GONE_BETWEEN] if presence[-1] != GONE else []
    elif presence and presence[-1] == GONE:
        notes.append(Note.REMOVED_LATER)
    return notes
