"""One line, or a few, for each event: names and not only ids, old → new."""

from collections.abc import Iterator
from functools import singledispatch

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
    Relation,
    UnitAddressChanged,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitContactChanged,
    UnitCreated,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitEventData,
    UnitMoved,
    UnitOpened,
    UnitRemoved,
    UnitReopened,
    UnitReplaced,
    UnitRestored,
    UnitSpecialitiesChanged,
    UnitTypeChanged,
)
from sordiff.fields import BOOKKEEPING
from sordiff.render.text.values import (
    ARROW,
    Words,
    address_changes,
    block_changes,
    change,
    coded,
    effective,
    named,
    place,
    value,
)
from sordiff.visible import visible

_RELATIONS = {
    Relation.TO_DESCENDANT: "down the same branch (to descendant)",
    Relation.TO_ANCESTOR: "up the same branch (to ancestor)",
    Relation.SAME_OWNER: "elsewhere under the same owner (same owner)",
    Relation.OTHER_OWNER: "to another owner (other owner)",
}
_BY_DATE = " (its dates are unchanged: the day passed)"


def about(event: Event) -> str:
    """What an event is about: the unit by name, type, kind and id; a number; a code."""
    unit = event.data.unit
    if unit is None:
        return visible(event.subject)
    known = unit.unit_type
    unit_type = [] if known is None else [visible(known.text or known.code)]
    kind = unit.kind.replace("_", " ")
    return " · ".join([value(unit.name), *unit_type, kind, visible(unit.id)])


def details(event: Event, words: Words) -> Iterator[str]:
    """What the event says, line by line."""
    yield from _said(event.data, words)
    if isinstance(event.data, LocationNumberEventData):
        if event.data.shared:
            yield "more than one owner is or was involved"
        yield f"open units that have it now: {event.data.heirs}"
    if isinstance(event.data, ClassificationEventData) and event.data.units is not None:
        yield f"open units that carry it: {event.data.units}"


@singledispatch
def _said(data: EventData, words: Words) -> Iterator[str]:
    """The events of one text: name, ydernummer, SHAK, CVR."""
    yield change(getattr(data, "before", None), getattr(data, "after", None))


@_said.register(UnitCreated)
@_said.register(UnitRestored)
def _(data: UnitCreated | UnitRestored, words: Words) -> Iterator[str]:
    yield from _standing(data, words)
    if data.after.to is not None:
        yield f"last valid day {value(data.after.to)}"
    if data.after.replaces:
        yield f"replaces {', '.join(map(words.unit, data.after.replaces))}"
    if data.after.replaced_by:
        yield f"replaced by {', '.join(map(words.unit, data.after.replaced_by))}"


@_said.register
def _(data: UnitOpened, words: Words) -> Iterator[str]:
    yield from _standing(data, words)


def _standing(data: UnitEventData, words: Words) -> Iterator[str]:
    unit = data.unit
    if unit.parent_id is not None:
        yield f"below {words.unit(unit.parent_id)}"
    if unit.owner_id not in {None, unit.id, unit.parent_id}:
        yield f"owner {words.unit(str(unit.owner_id))}"
    if data.effective is not None:
        yield f"opening day {data.effective}"
    if unit.effective_location_number is not None:
        number = unit.effective_location_number
        yield f"location number {effective(number, unit.id, words)}"


@_said.register
def _(data: UnitClosed, words: Words) -> Iterator[str]:
    elapsed = _BY_DATE if data.cause is Cause.DATE_ELAPSED else ""
    yield f"last valid day {value(data.to)}{elapsed}"
    if data.replaced_by:
        yield f"replaced by {', '.join(map(words.unit, data.replaced_by))}"
    if data.location_number is not None:
        yield f"owned location number {visible(data.location_number)}"


@_said.register(UnitClosureScheduled)
@_said.register(UnitReopened)
def _(data: UnitClosureScheduled | UnitReopened, words: Words) -> Iterator[str]:
    yield f"last valid day {change(data.before, data.after)}"


@_said.register
def _(data: UnitClosureCancelled, words: Words) -> Iterator[str]:
    yield f"last valid day {change(data.before, None)}"


@_said.register
def _(data: UnitRemoved, words: Words) -> Iterator[str]:
    yield "was still open" if data.was_open else "was not open: a purge"


@_said.register
def _(data: UnitMoved, words: Words) -> Iterator[str]:
    yield f"from {place(data.before, data.unit.id)}"
    yield f"to   {place(data.after, data.unit.id)}"
    if data.descendants:
        noun = "unit" if data.descendants == 1 else "units"
        yield f"with {data.descendants:,} {noun} below it"


@_said.register
def _(data: UnitTypeChanged, words: Words) -> Iterator[str]:
    yield f"{coded(data.before)} {ARROW} {coded(data.after)}"


@_said.register
def _(data: UnitSpecialitiesChanged, words: Words) -> Iterator[str]:
    gone = tuple(held for held in data.before or () if held not in (data.after or ()))
    come = tuple(held for held in data.after or () if held not in (data.before or ()))
    if gone:
        yield f"− {words.specialities(gone)}"
    if come:
        yield f"+ {words.specialities(come)}"


@_said.register
def _(data: UnitReplaced, words: Words) -> Iterator[str]:
    before = ", ".join(map(words.unit, data.before))
    yield f"replaced by {before or value(None)} {ARROW} {', '.join(map(words.unit, data.after))}"


@_said.register
def _(data: UnitAddressChanged, words: Words) -> Iterator[str]:
    yield from address_changes(data.before, data.after)


@_said.register
def _(data: UnitContactChanged, words: Words) -> Iterator[str]:
    yield from block_changes(data.before, data.after)


@_said.register
def _(data: UnitDetailsChanged, words: Words) -> Iterator[str]:
    if {changed.path for changed in data.changes} <= BOOKKEEPING:
        yield "only the days of its registration:"
    yield from _paths(data.changes)


@_said.register
def _(data: UnitEffectiveLocationNumberChanged, words: Words) -> Iterator[str]:
    yield f"was {effective(data.before, data.unit.id, words)}"
    yield f"is  {effective(data.after, data.unit.id, words)}"


@_said.register
def _(data: LocationNumberReassigned, words: Words) -> Iterator[str]:
    yield f"from {named(data.before.unit_name, data.before.unit_id)}"
    yield f"to   {named(data.after.unit_name, data.after.unit_id)}"
    yield _RELATIONS[data.relation]


@_said.register
def _(data: LocationNumberReleased, words: Words) -> Iterator[str]:
    yield f"released by {words.unit(data.before.unit_id)}"


@_said.register
def _(data: LocationNumberAssigned, words: Words) -> Iterator[str]:
    yield f"assigned to {words.unit(data.after.unit_id)}"
    if data.previously is not None:
        former = words.unit(data.previously.unit_id)
        yield f"REUSED: {former} had it, and no longer on {data.previously.released}"


@_said.register(LocationNumberClosed)
@_said.register(LocationNumberReopened)
def _(data: LocationNumberClosed | LocationNumberReopened, words: Words) -> Iterator[str]:
    yield f"owned by {words.unit(data.unit_id)}"
    if data.cause is Cause.DATE_ELAPSED:
        yield f"last valid day {value(data.after.to)}{_BY_DATE}"
    elif data.before.to != data.after.to:
        yield f"last valid day {change(data.before.to, data.after.to)}"
    if data.before.inactive != data.after.inactive:
        yield f"inactive: {change(data.before.inactive, data.after.inactive)}"


@_said.register
def _(data: LocationNumberDetailsChanged, words: Words) -> Iterator[str]:
    yield f"owned by {words.unit(data.unit_id)}"
    yield from _paths(data.changes)


@_said.register
def _(data: ClassificationTextChanged, words: Words) -> Iterator[str]:
    yield change(data.before, data.after)


@_said.register
def _(data: ClassificationEntryChanged, words: Words) -> Iterator[str]:
    for path in sorted(data.before.keys() | data.after.keys()):
        if data.before.get(path) != data.after.get(path):
            yield f"{visible(path)}: {change(data.before.get(path), data.after.get(path))}"


@_said.register
def _(data: ClassificationCodeAdded, words: Words) -> Iterator[str]:
    yield value(data.after.text)


@_said.register
def _(data: ClassificationCodeRemoved, words: Words) -> Iterator[str]:
    yield value(data.before.text)


def _paths(changes: tuple[PathChange, ...]) -> Iterator[str]:
    for differing in changes:
        yield f"{visible(differing.path)}: {change(differing.before, differing.after)}"
