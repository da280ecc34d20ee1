"""The events of location numbers: changes of owner, and changes while the owner stays the same."""

from collections.abc import Iterator
from typing import Any

import msgspec

from sordiff.diff import UnitDifference
from sordiff.events import (
    AnyEventData,
    Cause,
    Event,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    NamedOwnedNumber,
    NumberState,
    OwnedNumber,
    PathChange,
    Previously,
    Relation,
    StatusChange,
)
from sordiff.fields import BOOKKEEPING
from sordiff.interpret.nights import Nights, find_changed_from
from sordiff.model import Gln, Kind, LocationNumber, SorId
from sordiff.register import Register


def interpret_location_numbers(nights: Nights) -> Iterator[Event]:
    """The events of all numbers whose owners or blocks changed, or whose last day has passed."""
    for number in sorted(_numbers_with_new_owners(nights)):
        yield from _ownership_events(nights, number)
    for difference in nights.changes.units:
        old, new = difference.old.location_number, difference.new.location_number
        if old is not None and new is not None and old.number == new.number:
            for data in _same_owner_data(nights, difference, old, new):
                yield Event(subject=new.number, data=data)


def _numbers_with_new_owners(nights: Nights) -> set[Gln]:
    """The numbers whose set of owners may differ: those of every unit whose number differs."""
    changes = nights.changes
    found = {
        register.units[sor_id].number
        for register, ids in ((nights.old, changes.removed), (nights.new, changes.created))
        for sor_id in ids
    }
    for difference in changes.units:
        if difference.old.number != difference.new.number:
            found |= {difference.old.number, difference.new.number}
    return {number for number in found if number is not None}


def _ownership_events(nights: Nights, number: Gln) -> Iterator[Event]:
    before, after = nights.old.owners_of(number), nights.new.owners_of(number)
    gone, come = sorted(before - after), sorted(after - before)
    if len(gone) == 1 and len(come) == 1:
        yield Event(subject=number, data=_reassigned(nights, number, gone[0], come[0]))
        return
    for unit_id in gone:
        block = _block(nights.old, unit_id)
        yield Event(
            subject=number,
            data=LocationNumberReleased(
                **_part(nights, number, block, None), before=_owned(block, unit_id)
            ),
        )
    for unit_id in come:
        block = _block(nights.new, unit_id)
        previously = _former_owner(nights, number, gone, after)
        yield Event(
            subject=number,
            data=LocationNumberAssigned(
                **_part(nights, number, None, block),
                after=_owned(block, unit_id),
                previously=previously,
                reuse=previously is not None,
            ),
        )


def _former_owner(
    nights: Nights, number: Gln, gone: list[SorId], owners: frozenset[SorId]
) -> Previously | None:
    """The last owner that owns it no more: one that lost it tonight, else by the changelog."""
    if gone:
        return Previously(unit_id=gone[0], released=nights.new.day)
    return nights.history.earlier_owner(number, owners)


def _reassigned(nights: Nights, number: Gln, gone: SorId, come: SorId) -> LocationNumberReassigned:
    before, after = _block(nights.old, gone), _block(nights.new, come)
    return LocationNumberReassigned(
        **_part(nights, number, before, after),
        before=_named_owned(before, gone, nights.old),
        after=_named_owned(after, come, nights.new),
        relation=_relation(nights, gone, come),
    )


def _relation(nights: Nights, gone: SorId, come: SorId) -> Relation:
    """How the new owner stands to the old one: in new, or in old where the old one is gone."""
    old, new = nights.old, nights.new
    register = new if gone in new.units else old
    if come in register.units:
        if register.is_below(come, gone):
            return Relation.TO_DESCENDANT
        if register.is_below(gone, come):
            return Relation.TO_ANCESTOR
        of_come = _owner_id(register, come)
    else:
        of_come = _owner_id(new, come)
    if of_come is not None and of_come == _owner_id(register, gone):
        return Relation.SAME_OWNER
    return Relation.OTHER_OWNER


def _owner_id(register: Register, sor_id: SorId) -> SorId | None:
    owner = register.nearest(register.units[sor_id], Kind.OWNER)
    return owner.sor_id if owner else None


def _same_owner_data(
    nights: Nights, difference: UnitDifference, old: LocationNumber, new: LocationNumber
) -> Iterator[AnyEventData]:
    unit_id = difference.new.sor_id
    was_closed, is_closed = old.is_closed(nights.old.day), new.is_closed(nights.new.day)
    passed = was_closed != is_closed
    if passed:
        elapsed = old.to == new.to and (
            new.to is not None and new.to < nights.new.day
            if is_closed
            else old.inactive == new.inactive
        )
        event_type = LocationNumberClosed if is_closed else LocationNumberReopened
        cause = Cause.DATE_ELAPSED if elapsed else Cause.DATA_CHANGED
        yield event_type(
            **_part(nights, new.number, old, new, cause=cause),
            unit_id=unit_id,
            before=NumberState(to=old.to, inactive=old.inactive),
            after=NumberState(to=new.to, inactive=new.inactive),
        )
    details = _details(difference, passed=passed)
    if details:
        yield LocationNumberDetailsChanged(
            **_part(nights, new.number, old, new), unit_id=unit_id, changes=details
        )


def _details(difference: UnitDifference, *, passed: bool) -> tuple[PathChange, ...]:
    """The other fields of the block; its bookkeeping only if nothing else of it is reported."""
    changes = {
        path.removeprefix("location_number/"): change
        for path, change in difference.changes.items()
        if path.startswith("location_number/")
    }
    told = {*BOOKKEEPING, "to", "inactive"} if passed else BOOKKEEPING
    shown = changes.keys() - told
    if not shown and not passed:
        shown = changes.keys() & BOOKKEEPING
    return tuple(
        PathChange(path=path, before=changes[path].before, after=changes[path].after)
        for path in sorted(shown)
    )


def _part(
    nights: Nights,
    number: Gln,
    before: LocationNumber | None,
    after: LocationNumber | None,
    *,
    cause: Cause = Cause.DATA_CHANGED,
) -> dict[str, Any]:
    status_before = before.status if before else None
    status_after = after.status if after else None
    owners = max(len(nights.old.owners_of(number)), len(nights.new.owners_of(number)))
    return {
        "snapshot": nights.span,
        "cause": cause,
        "effective": find_changed_from(status_before, status_after),
        "unit": None,
        "status": StatusChange(before=status_before, after=status_after),
        "shared": owners > 1,
        "heirs": nights.new.heirs(number),
    }


def _block(register: Register, unit_id: SorId) -> LocationNumber:
    block = register.units[unit_id].location_number
    assert block is not None, "only owners of a number are asked for its block"  # noqa: S101
    return block


def _owned(block: LocationNumber, unit_id: SorId) -> OwnedNumber:
    return OwnedNumber(**msgspec.structs.asdict(block), unit_id=unit_id)


def _named_owned(block: LocationNumber, unit_id: SorId, register: Register) -> NamedOwnedNumber:
    return NamedOwnedNumber(
        **msgspec.structs.asdict(block), unit_id=unit_id, unit_name=register.units[unit_id].name
    )
