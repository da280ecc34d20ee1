"""One line, or a few, for each event: names and not only ids, old → new."""

from collections.abc import Callable, Iterator
from functools import singledispatch

from sordiff.diff import flat_differences
from sordiff.events import (
    Cause,
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationEventData,
    ClassificationTextChanged,
    Event,
    EventData,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberEventData,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    PathChange,
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
    UnitTypeChanged,
)
from sordiff.fields import flatten, plain
from sordiff.render.values import ARROW, change, coded, effective, named, place, speciality, value
from sordiff.render.visible import visible

# A unit's id -> how people know it, such as its name with the id behind; any id may be asked.
Names = Callable[[str], str]


def about(event: Event) -> str:
    """What an event is about: the unit by name, type, kind and id; a number; a code."""
    unit = event.data.unit
    if unit is None:
        return visible(event.subject)
    unit_type = [coded(unit.unit_type)] if unit.unit_type else []
    parts = [value(unit.name), *unit_type, unit.kind.replace("_", " "), visible(unit.id)]
    return " · ".join(parts)


def details(event: Event, names: Names) -> Iterator[str]:
    """What the event says, line by line."""
    yield from _said(event.data, names)
    if isinstance(event.data, LocationNumberEventData):
        if event.data.shared:
            yield "more than one unit owns it"
        yield f"open units that have it now: {event.data.heirs}"
    if isinstance(event.data, ClassificationEventData) and event.data.units is not None:
        yield f"open units that carry it: {event.data.units}"


@singledispatch
def _said(data: EventData, names: Names) -> Iterator[str]:
    """The events of one text: name, ydernummer, SHAK, CVR, a code's text."""
    yield change(getattr(data, "before", None), getattr(data, "after", None))


@_said.register(UnitCreated)
@_said.register(UnitRestored)
@_said.register(UnitOpened)
def _(data: EventData, names: Names) -> Iterator[str]:
    if data.effective:
        yield f"opening day {data.effective}"
    if data.unit is None:
        return
    if data.unit.parent_id is not None:
        yield f"below {names(data.unit.parent_id)}"
        if data.unit.owner_id not in {None, data.unit.parent_id}:
            yield f"owner {names(data.unit.owner_id)}"
    number = data.unit.effective_location_number
    if number is not None:
        own = number.from_unit == data.unit.id
        origin = "its own" if own else f"from {names(number.from_unit)}"
        yield f"location number {visible(number.number)} ({origin})"


@_said.register
def _(data: UnitClosed, names: Names) -> Iterator[str]:
    elapsed = " (no data changed: the day passed)" if data.cause is Cause.DATE_ELAPSED else ""
    yield f"last valid day {value(data.to)}{elapsed}"
    if data.replaced_by:
        yield f"replaced by {', '.join(map(names, data.replaced_by))}"
    if data.location_number is not None:
        yield f"owned location number {visible(data.location_number)}"


@_said.register(UnitClosureScheduled)
@_said.register(UnitReopened)
def _(data: UnitClosureScheduled | UnitReopened, names: Names) -> Iterator[str]:
    yield f"last valid day {change(data.before, data.after)}"


@_said.register
def _(data: UnitClosureCancelled, names: Names) -> Iterator[str]:
    yield f"last valid day {change(data.before, None)}"


@_said.register
def _(data: UnitRemoved, names: Names) -> Iterator[str]:
    yield "was still open" if data.was_open else "was not open: a purge"


@_said.register
def _(data: UnitMoved, names: Names) -> Iterator[str]:
    yield f"from {place(data.before)}"
    yield f"to   {place(data.after)}"
    if data.descendants:
        yield f"with {data.descendants} below it"


@_said.register
def _(data: UnitTypeChanged, names: Names) -> Iterator[str]:
    yield f"{coded(data.before)} {ARROW} {coded(data.after)}"


@_said.register
def _(data: UnitSpecialitiesChanged, names: Names) -> Iterator[str]:
    before = [speciality(held) for held in data.before or ()]
    after = [speciality(held) for held in data.after or ()]
    yield change(before, after)


@_said.register
def _(data: UnitReplaced, names: Names) -> Iterator[str]:
    yield f"replaced by {change(data.before, data.after)}"


@_said.register(UnitAddressChanged)
@_said.register(UnitContactChanged)
def _(data: UnitAddressChanged | UnitContactChanged, names: Names) -> Iterator[str]:
    before = flatten(plain(data.before)) if data.before else {}
    after = flatten(plain(data.after)) if data.after else {}
    for path, differing in flat_differences(before, after).items():
        yield f"{visible(path)}: {change(differing.before, differing.after)}"


@_said.register
def _(data: UnitDetailsChanged, names: Names) -> Iterator[str]:
    yield from _paths(data.changes)


@_said.register
def _(data: UnitEffectiveLocationNumberChanged, names: Names) -> Iterator[str]:
    yield f"{effective(data.before, names)} {ARROW} {effective(data.after, names)}"


@_said.register
def _(data: LocationNumberReassigned, names: Names) -> Iterator[str]:
    before = named(data.before.unit_name, data.before.unit_id)
    after = named(data.after.unit_name, data.after.unit_id)
    yield f"{before} {ARROW} {after}, {data.relation.replace('_', ' ')}"


@_said.register
def _(data: LocationNumberReleased, names: Names) -> Iterator[str]:
    yield f"released by {names(data.before.unit_id)}"


@_said.register
def _(data: LocationNumberAssigned, names: Names) -> Iterator[str]:
    yield f"assigned to {names(data.after.unit_id)}"
    if data.previously is not None:
        yield f"REUSED: {names(data.previously.unit_id)} had it until {data.previously.released}"


@_said.register(LocationNumberClosed)
@_said.register(LocationNumberReopened)
def _(data: LocationNumberClosed | LocationNumberReopened, names: Names) -> Iterator[str]:
    yield f"owned by {names(data.unit_id)}"
    yield f"last valid day {change(data.before.to, data.after.to)}"
    if data.before.inactive != data.after.inactive:
        yield f"inactive {change(data.before.inactive, data.after.inactive)}"


@_said.register
def _(data: LocationNumberDetailsChanged, names: Names) -> Iterator[str]:
    yield f"owned by {names(data.unit_id)}"
    yield from _paths(data.changes)


@_said.register
def _(data: ClassificationTextChanged, names: Names) -> Iterator[str]:
    yield change(data.before, data.after)


@_said.register
def _(data: ClassificationEntryChanged, names: Names) -> Iterator[str]:
    for path in sorted(data.before.keys() | data.after.keys()):
        if data.before.get(path) != data.after.get(path):
            yield f"{visible(path)}: {change(data.before.get(path), data.after.get(path))}"


@_said.register
def _(data: ClassificationCodeAdded, names: Names) -> Iterator[str]:
    yield value(data.after.text)


@_said.register
def _(data: ClassificationCodeRemoved, names: Names) -> Iterator[str]:
    yield value(data.before.text)


def _paths(changes: tuple[PathChange, ...]) -> Iterator[str]:
    for differing in changes:
        yield f"{visible(differing.path)}: {change(differing.before, differing.after)}"
