"""The data of a recorded event becomes a change without becoming an event.

A year has a hundred thousand events, of which a change tells a part: what it does not tell (the
span and the place in the run, most of the unit and of its status) is not decoded.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from sordiff.events import (
    EVENT_TYPES,
    EffectiveNumber,
    Event,
    UnitClosed,
    UnitCreated,
    UnitEventData,
    UnitMoved,
    UnitOpened,
    UnitRestored,
)
from sordiff.model import Day, SorId
from sordiff.report.change import Change
from sordiff.report.change_from_event import (
    FIELDS_BY_DATA,
    RecordedEvent,
    change_from_event,
    tell_sides,
)

# Makes the change of a subject, the JSON of its data, a run and the day of that run.
BuildChange: TypeAlias = Callable[[str, bytes, int, Day], Change]


class _Appeared(Struct, frozen=True, gc=False):
    """What a change tells of the record of a unit that came."""

    to: Day | None = None
    replaces: tuple[SorId, ...] = ()
    replaced_by: tuple[SorId, ...] = ()


class _Summary(Struct, frozen=True, gc=False):
    """What a change tells of the summary of a unit."""

    id: SorId
    effective_location_number: EffectiveNumber | None


class _Step(Struct, frozen=True, gc=False):
    """A unit of a place, by its id."""

    id: SorId


class _Place(Struct, frozen=True, gc=False):
    """What a change tells of a place."""

    parent: _Step | None
    institution: _Step | None
    owner: _Step | None


# What no change tells, and is left out unless a type needs it.
_UNTOLD: Final = frozenset({"snapshot", "run", "unit", "status"})
# The types that tell more of a field, or less of it than an event does.
_FIELDS_OF: Final[dict[type, dict[str, Any]]] = {
    UnitCreated: {"unit": _Summary, "after": _Appeared},
    UnitRestored: {"unit": _Summary, "after": _Appeared},
    UnitOpened: {"unit": _Summary},
    UnitClosed: {"status": None},
    UnitMoved: {"unit": _Summary, "before": _Place, "after": _Place},
}


@cache
def find_change_builder(name: str) -> BuildChange:
    """The builder of the changes of an event type, by its name; the same as by way of the event."""
    data = EVENT_TYPES[name]
    if not issubclass(data, UnitEventData):
        return _build_by_event(name)
    told = _define_told_part(data)
    decode = msgspec.json.Decoder(told).decode
    tell = FIELDS_BY_DATA.get(data, tell_sides)
    if tell is tell_sides and {"before", "after"} <= {*told.__struct_fields__}:
        return _build_of_sides(name, decode)
    return _build_told(name, decode, tell)


def _build_of_sides(name: str, decode: Callable[[bytes], Any]) -> BuildChange:
    """Of a unit, with a value before and after: as most are, and so without a step between."""

    def build(subject: str, data: bytes, run: int, day: Day) -> Change:
        found = decode(data)
        return Change(
            type=name,
            subject=subject,
            unit=subject,  # type: ignore[arg-type]  # the id of the unit
            run=run,
            day=day,
            cause=found.cause,
            effective=found.effective,
            before=found.before,
            after=found.after,
        )

    return build


def _build_told(
    name: str, decode: Callable[[bytes], Any], tell: Callable[[Any], dict[str, Any]]
) -> BuildChange:
    """Of a unit; `tell`: the fields of the change that the data of its type say."""

    def build(subject: str, data: bytes, run: int, day: Day) -> Change:
        found = decode(data)
        return Change(
            type=name,
            subject=subject,
            unit=SorId(subject),
            run=run,
            day=day,
            cause=found.cause,
            effective=found.effective,
            **tell(found),
        )

    return build


def _build_by_event(name: str) -> BuildChange:
    """Of numbers and codes, of which there are few."""
    decode = msgspec.json.Decoder(EVENT_TYPES[name]).decode

    def build(subject: str, data: bytes, run: int, day: Day) -> Change:
        event = Event(subject=subject, data=decode(data))
        return change_from_event(RecordedEvent(run=run, day=day, event=event))

    return build


def _define_told_part(data: type[UnitEventData]) -> type[Struct]:
    """The data of an event with the fields alone that a change tells, under the same names."""
    own = _FIELDS_OF.get(data, {})
    fields: list[Any] = []
    for field in msgspec.structs.fields(data):
        if field.name in own:
            fields.append((field.name, own[field.name] or field.type))
        elif field.name not in _UNTOLD:
            fields.append((field.name, field.type))
    return msgspec.defstruct(f"Told{data.__name__}", fields, frozen=True, kw_only=True, gc=False)
