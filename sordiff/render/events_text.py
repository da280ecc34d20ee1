"""One line, or a few, for each event: names and not only ids, old → new."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import to_builtins

from sordiff.events import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationTextChanged,
    CodedText,
    Event,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    Place,
    UnitAddressChanged,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitContactChanged,
    UnitCreated,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    UnitOpened,
    UnitRemoved,
    UnitReopened,
    UnitReplaced,
    UnitRestored,
    UnitSpecialitiesChanged,
    UnitSummary,
    UnitTypeChanged,
)
from sordiff.diff import flat_differences
from sordiff.fields import flatten
from sordiff.model import Entry, Speciality
from sordiff.render.visible import visible

ARROW: Final = "→"
_NOTHING: Final = "–"


def about(event: Event) -> str:
    """What an event is about: the unit by name, kind, type and id; a number; a code."""
    unit = event.data.unit
    if isinstance(unit, UnitSummary):
        parts = [
            visible(unit.name or _NOTHING),
            *([_coded(unit.unit_type)] if unit.unit_type else []),
            unit.kind.replace("_", " "),
            visible(unit.id),
        ]
        return " · ".join(parts)
    return visible(event.subject)


def details(event: Event) -> Iterator[str]:
    """What the event says, line by line; nothing where its name says it all."""
    match event.data:
        case UnitCreated() | UnitRestored() | UnitOpened():
            yield from _opening(event)
        case UnitClosed() as data:
            yield f"last valid day {_value(data.to)}" + (
                " (no data changed: the day passed)" if data.cause == "date_elapsed" else ""
            )
            if data.replaced_by:
                yield f"replaced by {', '.join(map(visible, data.replaced_by))}"
            if data.location_number:
                yield f"owned location number {visible(data.location_number)}"
        case UnitClosureScheduled() | UnitReopened() as data:
            yield f"last valid day {_change(data.before, data.after)}"
        case UnitClosureCancelled() as data:
            yield f"last valid day {_change(data.before, None)}"
        case UnitRemoved() as data:
            yield "was open" if data.was_open else "was not open: a purge"
        case UnitMoved() as data:
            yield from _moving(data)
        case UnitTypeChanged() as data:
            yield f"{_coded(data.before)} {ARROW} {_coded(data.after)}"
        case UnitSpecialitiesChanged() as data:
            yield f"{_specialities(data.before)} {ARROW} {_specialities(data.after)}"
        case UnitReplaced() as data:
            yield f"replaced by {_change(', '.join(data.before), ', '.join(data.after))}"
        case UnitAddressChanged() | UnitContactChanged() as data:
            yield from _block_changes(data)
        case UnitDetailsChanged() | LocationNumberDetailsChanged() as data:
            if isinstance(data, LocationNumberDetailsChanged):
                yield f"owned by {visible(data.unit_id)}"
            for change in data.changes:
                yield f"{visible(change.path)}: {_change(change.before, change.after)}"
        case UnitEffectiveLocationNumberChanged() as data:
            yield f"{_effective(data.before)} {ARROW} {_effective(data.after)}"
        case (
            LocationNumberReleased()
            | LocationNumberReassigned()
            | LocationNumberAssigned()
            | LocationNumberClosed()
            | LocationNumberReopened()
        ):
            yield from _number(event)
        case (
            ClassificationTextChanged()
            | ClassificationEntryChanged()
            | ClassificationCodeAdded()
            | ClassificationCodeRemoved()
        ):
            yield from _entry(event)
        case data:  # the events of one text field
            yield _change(data.before, data.after)


def _opening(event: Event) -> Iterator[str]:
    unit = event.data.unit
    if unit is None:
        return
    if unit.parent_id:
        yield f"below {visible(unit.parent_id)}, owner {visible(unit.owner_id or _NOTHING)}"
    if event.data.effective:
        yield f"opening day {event.data.effective}"
    if unit.effective_location_number:
        number = unit.effective_location_number
        own = number.from_unit == unit.id
        origin = "its own" if own else f"from {visible(number.from_unit)}"
        yield f"location number {visible(number.number)} ({origin})"


def _moving(data: UnitMoved) -> Iterator[str]:
    yield f"from {_place(data.before)}"
    yield f"to   {_place(data.after)}"
    if data.descendants:
        yield f"with {data.descendants} below it"


def _place(place: Place) -> str:
    parts = [named for named in (place.owner, place.institution, place.parent) if named]
    seen = dict.fromkeys(f"{visible(part.name or _NOTHING)} ({visible(part.id)})" for part in parts)
    owner_type = f" [{_coded(place.owner_type)}]" if place.owner_type else ""
    return " › ".join(seen) + owner_type


def _number(event: Event) -> Iterator[str]:
    match event.data:
        case LocationNumberReassigned() as data:
            yield (
                f"{visible(data.before.unit_name or _NOTHING)} ({visible(data.before.unit_id)}) "
                f"{ARROW} {visible(data.after.unit_name or _NOTHING)} "
                f"({visible(data.after.unit_id)}), {data.relation.replace('_', ' ')}"
            )
        case LocationNumberReleased() as data:
            yield f"released by {visible(data.before.unit_id)}"
        case LocationNumberAssigned() as data:
            yield f"assigned to {visible(data.after.unit_id)}"
            if data.previously:
                former = data.previously
                yield f"REUSED: {visible(former.unit_id)} had it until {former.released}"
        case LocationNumberClosed() | LocationNumberReopened() as data:
            yield (
                f"owned by {visible(data.unit_id)}, last valid day "
                f"{_change(data.before.to, data.after.to)}, inactive "
                f"{_change(data.before.inactive, data.after.inactive)}"
            )
        case _:
            return
    if data.shared:
        yield "more than one unit owns it"
    yield f"open units that have it now: {data.heirs}"


def _entry(event: Event) -> Iterator[str]:
    match event.data:
        case ClassificationTextChanged() as data:
            yield _change(data.before, data.after)
        case ClassificationEntryChanged() as data:
            for path in sorted(data.before.keys() | data.after.keys()):
                if data.before.get(path) != data.after.get(path):
                    yield (
                        f"{visible(path)}: {_change(data.before.get(path), data.after.get(path))}"
                    )
        case ClassificationCodeAdded() as data:
            yield _entry_text(data.after)
        case ClassificationCodeRemoved() as data:
            yield _entry_text(data.before)
        case _:
            return
    if data.units is not None:
        yield f"open units that carry it: {data.units}"


def _entry_text(entry: Entry) -> str:
    return _value(entry.text)


def _block_changes(data: UnitAddressChanged | UnitContactChanged) -> Iterator[str]:
    before = flatten(to_builtins(data.before)) if data.before else {}
    after = flatten(to_builtins(data.after)) if data.after else {}
    for path, change in flat_differences(before, after).items():
        yield f"{visible(path)}: {_change(change.before, change.after)}"


def _coded(coded: CodedText | None) -> str:
    if coded is None:
        return _NOTHING
    return visible(f"{coded.text} ({coded.code})" if coded.text else coded.code)


def _specialities(specialities: tuple[Speciality, ...] | None) -> str:
    return ", ".join(visible(speciality.code) for speciality in specialities or ()) or _NOTHING


def _effective(number: Any) -> str:
    if number is None:
        return "no location number"
    return f"{visible(number.number)} (from {visible(number.from_unit)})"


def _change(before: Any, after: Any) -> str:
    return f"{_value(before)} {ARROW} {_value(after)}"


def _value(value: Any) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return visible(value)
    return visible(str(value))
