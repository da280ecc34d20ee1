"""Folding the changes of one location number."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from sordiff.events import (
    Folding,
    LocationNumberAssigned,
    LocationNumberEventData,
    LocationNumberReassigned,
    LocationNumberReleased,
    find_event_name,
)
from sordiff.model import SorId
from sordiff.report.change import Change
from sordiff.report.folding.values import count_events, fold_differences, fold_parts


def fold_number_changes(life: Sequence[Change]) -> list[Change]:
    """The change of owner over the period, and the other changes by owner."""
    handed = [change for change in life if change.event_type.folding is Folding.OWNERSHIP]
    found = _fold_ownership(handed)
    # Whoever came to the number or lost it is told of by that alone.
    passing = {side for change in handed for side in (change.before, change.after)}
    by_owner: dict[tuple[bool, str | None], list[Change]] = defaultdict(list)
    for change in life:
        folding = change.event_type.folding
        if folding is not Folding.OWNERSHIP and change.unit not in passing:
            by_owner[folding is Folding.NUMBER_STATE, change.unit].append(change)
    for (of_state, _), changes in by_owner.items():
        told = _fold_number_state(changes) if of_state else fold_parts(changes)
        if told is not None:
            found.append(told)
    return found


def _fold_ownership(life: Sequence[Change]) -> list[Change]:
    if len(life) <= 1:
        return list(life)
    start: dict[str, None] = {}
    now: dict[str, None] = {}
    for change in life:
        for gone in _ids(change.before):
            if gone in now:
                del now[gone]
            else:
                start[gone] = None
        for come in _ids(change.after):
            now[come] = None
    before = [sor_id for sor_id in start if sor_id not in now]
    after = [sor_id for sor_id in now if sor_id not in start]
    if len(before) == len(after) == 1:
        return [_ownership_change(life, LocationNumberReassigned, before[0], after[0])]
    return [
        *(_ownership_change(life, LocationNumberReleased, gone, None) for gone in before),
        *(_ownership_change(life, LocationNumberAssigned, None, come) for come in after),
    ]


def _ownership_change(
    life: Sequence[Change],
    data: type[LocationNumberEventData],
    before: str | None,
    after: str | None,
) -> Change:
    last = life[-1]
    relations = {change.relation for change in life}
    return msgspec.structs.replace(
        last,
        type=find_event_name(data),
        unit=SorId(str(after or before)),
        before=before,
        after=after,
        steps=count_events(life),
        relation=last.relation
        if data is LocationNumberReassigned and len(relations) == 1
        else None,
        previously=next((c.previously for c in life if c.previously and c.after == after), None),
        shared=any(change.shared for change in life),
    )


def _fold_number_state(life: Sequence[Change]) -> Change | None:
    """None if the number was closed and reopened, or the reverse."""
    if len(life) == 1:
        return life[0]
    if life[0].type != life[-1].type:
        return None
    return msgspec.structs.replace(
        life[-1], differences=fold_differences(life), steps=count_events(life)
    )


def _ids(side: object) -> tuple[str, ...]:
    return (side,) if isinstance(side, str) else ()
