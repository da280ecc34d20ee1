"""The events of units that are in both registers."""

from collections.abc import Iterator
from typing import Any, Final

from sordiff.diff import UnitDifference
from sordiff.events import (
    CATALOGUE,
    FIELD_EVENTS,
    AnyEventData,
    Cause,
    EffectiveNumber,
    Event,
    PathChange,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    UnitOpened,
    UnitReopened,
    UnitReplaced,
    UnitTypeChanged,
)
from sordiff.fields import BOOKKEEPING
from sordiff.interpret.nights import Nights, describe_code, find_changed_from
from sordiff.model import SorId, State, Unit, find_next_day
from sordiff.register import Register

# Fields that are told by some event of their own, and so never by details_changed; a number's block
# is told by the events of the number. `to` and replaced_by are told by one of several, and are
# looked at where that is decided.
_TOLD: Final = frozenset(
    {"location_number", *(row.field for row in CATALOGUE if row.field is not None)}
)


def interpret_units(nights: Nights) -> Iterator[Event]:
    """All events of units in both registers, except those of effective numbers."""
    for difference in nights.changes.units:
        told = [*_state_data(nights, difference), *_field_data(nights, difference)]
        details = _details(difference, nights, alone=not told)
        if details:
            told.append(UnitDetailsChanged(**_part(nights, difference), changes=details))
        for data in told:
            yield Event(subject=difference.new.sor_id, data=data)


def _part(nights: Nights, difference: UnitDifference) -> dict[str, Any]:
    old, new = difference.old, difference.new
    return nights.unit_part(old, new, effective=find_changed_from(old.status, new.status))


def _state_data(nights: Nights, difference: UnitDifference) -> Iterator[AnyEventData]:
    old, new = difference.old, difference.new
    before, after = old.state(nights.old.day), new.state(nights.new.day)
    if before is State.FUTURE and after is State.OPEN:
        cause = _cause(elapsed=old.first_from == new.first_from)
        yield UnitOpened(**nights.unit_part(old, new, cause=cause, effective=new.first_from))
    if before is not State.CLOSED and after is State.CLOSED:
        part = nights.unit_part(
            old, new, cause=_cause(elapsed=old.to == new.to), effective=find_next_day(new.to)
        )
        yield UnitClosed(**part, to=new.to, replaced_by=new.replaced_by, location_number=old.number)
    elif before is State.CLOSED and after is not State.CLOSED:
        # The same `to`, and no longer passed: a correction has taken the day back.
        effective = find_changed_from(old.status, new.status)
        part = nights.unit_part(
            old, new, cause=_cause(elapsed=old.to == new.to), effective=effective
        )
        yield UnitReopened(**part, before=old.to, after=new.to)
    elif before is not State.CLOSED and old.to != new.to:
        if new.to is None:
            yield UnitClosureCancelled(**_part(nights, difference), before=old.to)
        else:
            part = nights.unit_part(old, new, effective=find_next_day(new.to))
            yield UnitClosureScheduled(**part, before=old.to, after=new.to)


def _cause(*, elapsed: bool) -> Cause:
    return Cause.DATE_ELAPSED if elapsed else Cause.DATA_CHANGED


def _field_data(nights: Nights, difference: UnitDifference) -> Iterator[AnyEventData]:
    old, new, fields = difference.old, difference.new, difference.fields
    if not fields:
        return
    part = _part(nights, difference)
    if "parent_id" in fields:
        yield UnitMoved(
            **part,
            before=nights.place(old, nights.old),
            after=nights.place(new, nights.new),
            descendants=sum(1 for _ in nights.new.descendants(new.sor_id)),
        )
    if "unit_type" in fields:
        yield UnitTypeChanged(
            **part,
            before=describe_code(old.unit_type, nights.old),
            after=describe_code(new.unit_type, nights.new),
        )
    for field, event_type in FIELD_EVENTS.items():
        if field in fields:
            yield event_type(**part, before=_value(old, field), after=_value(new, field))
    if _gained_replacements(old, new, fields):
        yield UnitReplaced(**part, before=old.replaced_by, after=new.replaced_by)


def _value(unit: Unit, field: str) -> Any:
    """The value of a field as an event has it: no specialities are null, not an empty list."""
    value = getattr(unit, field)
    return None if value == () else value


def _gained_replacements(old: Unit, new: Unit, fields: frozenset[str]) -> bool:
    return "replaced_by" in fields and not set(new.replaced_by) <= set(old.replaced_by)


def _details(difference: UnitDifference, nights: Nights, *, alone: bool) -> tuple[PathChange, ...]:
    """The changes without an event of their own; bookkeeping only if the unit has no event."""
    old, new, fields = difference.old, difference.new, difference.fields
    told = set(_TOLD | BOOKKEEPING)
    closed_throughout = (
        old.state(nights.old.day) is State.CLOSED and new.state(nights.new.day) is State.CLOSED
    )
    if not closed_throughout:
        told.add("to")
    if _gained_replacements(old, new, fields):
        told.add("replaced_by")
    changes = _path_changes(difference, fields - told)
    if not changes and alone:
        return _path_changes(difference, fields & BOOKKEEPING)
    return changes


def _path_changes(difference: UnitDifference, fields: frozenset[str]) -> tuple[PathChange, ...]:
    return tuple(
        PathChange(path=path, before=change.before, after=change.after)
        for path, change in difference.changes.items()
        if path.split("/", 1)[0] in fields
    )


def interpret_effective_numbers(nights: Nights) -> Iterator[Event]:
    """The events of open units, in both registers, whose effective number changed.

    Only units below one whose parent, own number or mark changed can be concerned, and itself:
    for all others every step of the way up is the same on both nights.
    """
    old, new = nights.old, nights.new
    for sor_id in _reached_by_changes(nights):
        before, after = old.units.get(sor_id), new.units[sor_id]
        if before is None or after.state(new.day) is not State.OPEN:
            continue
        if old.effective_number(before) != new.effective_number(after):
            part = nights.unit_part(
                before,
                after,
                cause=Cause.DERIVED,
                effective=find_changed_from(before.status, after.status),
            )
            yield Event(
                subject=sor_id,
                data=UnitEffectiveLocationNumberChanged(
                    **part, before=_effective(before, old), after=_effective(after, new)
                ),
            )


def _reached_by_changes(nights: Nights) -> set[SorId]:
    turned = {"parent_id", "location_number", "location_number_inherited"}
    reached: set[SorId] = set()
    for difference in nights.changes.units:
        if difference.fields & turned and difference.new.sor_id not in reached:
            reached.add(difference.new.sor_id)
            reached.update(unit.sor_id for unit in nights.new.descendants(difference.new.sor_id))
    return reached


def _effective(unit: Unit, register: Register) -> EffectiveNumber | None:
    found = register.effective(unit)
    return EffectiveNumber(number=found[0].number, from_unit=found[1].sor_id) if found else None
