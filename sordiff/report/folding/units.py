"""What became of one unit over several nights."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec

from sordiff.report.change import Change, Note
from sordiff.report.folding.values import folded_parts, folded_sides, steps_of

_COME: Final = frozenset({"unit.created", "unit.restored"})
_GONE: Final = "unit.removed"
_CLOSED: Final = "unit.closed"
_REOPENED: Final = "unit.reopened"
_OPENED: Final = "unit.opened"
_DAYS: Final = frozenset(
    {_CLOSED, _REOPENED, _OPENED, "unit.closure_scheduled", "unit.closure_cancelled"}
)
_IN_PARTS: Final = frozenset(
    {
        "unit.specialities_changed",
        "unit.address_changed",
        "unit.contact_changed",
        "unit.details_changed",
    }
)


def folded_unit(life: Sequence[Change]) -> list[Change]:
    """Its changes as seen from the end; a unit that came or went is told of by that alone."""
    presence = [change for change in life if change.type in _COME or change.type == _GONE]
    if not presence:
        return _of_one_that_stayed(life)
    was_there = life[0].type not in _COME
    is_there = presence[-1].type != _GONE
    if was_there and not is_there:
        return [msgspec.structs.replace(presence[-1], steps=steps_of(life))]
    come = presence[-1] if was_there else presence[0]
    return [msgspec.structs.replace(come, steps=steps_of(life), notes=_fate(life, presence))]


def _fate(life: Sequence[Change], presence: Sequence[Change]) -> tuple[Note, ...]:
    """What became of a unit after it came."""
    notes = []
    gone = [change for change in presence if change.type == _GONE]
    if presence[-1].type == _GONE:
        notes.append(Note.REMOVED_AGAIN)
    elif gone:
        notes.append(Note.GONE_BETWEEN)
    days = [change for change in life if change.type in {_CLOSED, _REOPENED}]
    if days and days[-1].type == _CLOSED and presence[-1].type != _GONE:
        notes.append(Note.CLOSED_AGAIN)
    return tuple(notes)


def _of_one_that_stayed(life: Sequence[Change]) -> list[Change]:
    by_type: dict[str, list[Change]] = defaultdict(list)
    for change in life:
        by_type["days" if change.type in _DAYS else change.type].append(change)
    found: list[Change | None] = []
    for name, changes in by_type.items():
        if name == "days":
            found.append(_folded_days(changes))
        elif name in _IN_PARTS:
            found.append(folded_parts(changes))
        else:
            found.append(folded_sides(changes))
    return [change for change in found if change is not None]


def _folded_days(life: Sequence[Change]) -> Change | None:
    """Openness and last valid day: where it stood before the first event, and after the last."""
    if len(life) == 1:
        return life[0]
    first, last = life[0], life[-1]
    opened = first.type == _OPENED
    told = [change for change in life if change.type != _OPENED]
    if opened and last.type != _CLOSED:
        return msgspec.structs.replace(first, steps=steps_of(life))
    before, after = told[0].before, told[-1].after
    was_closed, is_closed = first.type == _REOPENED, last.type == _CLOSED
    reopened = (Note.REOPENED_BETWEEN,) if _was_reopened(life) else ()
    if was_closed and is_closed:
        return None
    if is_closed:
        kind, notes = _CLOSED, (Note.OPENED_BEFORE,) if opened else reopened
    elif was_closed:
        kind, notes = _REOPENED, ()
    elif before == after:
        return None
    else:
        kind = "unit.closure_scheduled" if after is not None else "unit.closure_cancelled"
        notes = reopened
    return msgspec.structs.replace(
        last, type=kind, before=before, after=after, steps=steps_of(life), notes=notes
    )


def _was_reopened(life: Sequence[Change]) -> bool:
    """Whether it was closed for a while within the period."""
    closed = [place for place, change in enumerate(life) if change.type == _CLOSED]
    return any(change.type == _REOPENED for change in life[closed[0] :]) if closed else False
