"""One recorded event as a change, before anything is folded."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from sordiff.diff import plain_differences
from sordiff.events import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationEventData,
    Event,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberEventData,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    NamedOwnedNumber,
    PathChange,
    Place,
    UnitAddressChanged,
    UnitClosed,
    UnitContactChanged,
    UnitCreated,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitEventData,
    UnitMoved,
    UnitOpened,
    UnitRemoved,
    UnitRestored,
    UnitSpecialitiesChanged,
)
from sordiff.fields import BOOKKEEPING, flatten, plain
from sordiff.model import Day, SorId
from sordiff.report.address_lines import address_differences
from sordiff.report.change import Change, Difference

Told = Mapping[str, Any]


class RecordedEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event with the run and the SnapshotDate of the night that told it."""

    run: int
    day: Day
    event: Event


def change_from_event(step: RecordedEvent) -> Change:
    """What the event says, in the form of a report."""
    event, data = step.event, step.event.data
    if isinstance(data, LocationNumberEventData):
        told: Told = {"carriers": data.heirs, "shared": data.shared, **_of_number(data)}
    elif isinstance(data, ClassificationEventData):
        told = {"carriers": data.units, **_of_code(data)}
    else:
        told = {"unit": data.unit.id, **_TELLING.get(type(data), _sides)(data)}
    return Change(
        type=event.name,
        subject=event.subject,
        run=step.run,
        day=step.day,
        cause=data.cause,
        effective=data.effective,
        **told,
    )


def _sides(data: Any) -> Told:
    return {"before": getattr(data, "before", None), "after": getattr(data, "after", None)}


def _of_appeared(data: UnitCreated | UnitRestored) -> Told:
    unit = data.after
    return {
        "to": unit.to,
        "replaces": unit.replaces,
        "replaced_by": unit.replaced_by,
        **_of_opened(data),
    }


def _of_opened(data: UnitEventData) -> Told:
    number = data.unit.effective_location_number
    return {"number": number.number, "origins": (None, number.from_unit)} if number else {}


def _of_closed(data: UnitClosed) -> Told:
    before = data.status.before
    return {
        "before": before.to if before else None,
        "after": data.to,
        "replaced_by": data.replaced_by,
        "number": data.location_number,
    }


def _of_removed(data: UnitRemoved) -> Told:
    return {"was_open": data.was_open, "to": data.before.to, "number": data.before.number}


def _of_moved(data: UnitMoved) -> Told:
    return {
        "before": _way(data.before, data.unit.id),
        "after": _way(data.after, data.unit.id),
        "descendants": data.descendants,
    }


def _way(place: Place, unit_id: SorId) -> tuple[SorId, ...]:
    steps = (place.owner, place.institution, place.parent)
    return tuple(dict.fromkeys(step.id for step in steps if step and step.id != unit_id))


def _of_specialities(data: UnitSpecialitiesChanged) -> Told:
    before, after = (
        [plain(held) for held in side] if side else None for side in (data.before, data.after)
    )
    return {"differences": (Difference(path="specialities", before=before, after=after),)}


def _of_address(data: UnitAddressChanged) -> Told:
    return {"differences": address_differences(data.before, data.after)}


def _of_contact(data: UnitContactChanged) -> Told:
    before, after = (flatten(plain(side)) if side else {} for side in (data.before, data.after))
    return {"differences": differences(before, after)}


def _of_details(data: UnitDetailsChanged) -> Told:
    return {"differences": _paths(data.changes)}


def _of_effective(data: UnitEffectiveLocationNumberChanged) -> Told:
    before, after = data.before, data.after
    return {
        "before": before.number if before else None,
        "after": after.number if after else None,
        "origins": (before.from_unit if before else None, after.from_unit if after else None),
    }


_TELLING: Final[Mapping[type, Callable[[Any], Told]]] = {
    UnitCreated: _of_appeared,
    UnitRestored: _of_appeared,
    UnitOpened: _of_opened,
    UnitClosed: _of_closed,
    UnitRemoved: _of_removed,
    UnitMoved: _of_moved,
    UnitSpecialitiesChanged: _of_specialities,
    UnitAddressChanged: _of_address,
    UnitContactChanged: _of_contact,
    UnitDetailsChanged: _of_details,
    UnitEffectiveLocationNumberChanged: _of_effective,
}


def _of_number(data: LocationNumberEventData) -> Told:
    match data:
        case LocationNumberReassigned(before=old, after=new):
            return {
                "unit": new.unit_id,
                "before": old.unit_id,
                "after": new.unit_id,
                "relation": data.relation.value,
                "differences": _of_blocks(old, new),
            }
        case LocationNumberReleased(before=old):
            return {"unit": old.unit_id, "before": old.unit_id}
        case LocationNumberAssigned(after=new, previously=former):
            return {
                "unit": new.unit_id,
                "after": new.unit_id,
                "previously": former and (former.unit_id, former.released),
            }
        case LocationNumberClosed() | LocationNumberReopened():
            found = differences(flatten(plain(data.before)), flatten(plain(data.after)))
            return {**_owned(data.unit_id), "to": data.after.to, "differences": found}
        case LocationNumberDetailsChanged():
            return {**_owned(data.unit_id), "differences": _paths(data.changes)}
        case _:  # pragma: no cover - the union is closed
            raise AssertionError(data)


def _of_blocks(old: NamedOwnedNumber, new: NamedOwnedNumber) -> tuple[Difference, ...]:
    """What of a number's block changed with its owner, but for the owner and the bookkeeping."""
    before, after = flatten(plain(old)), flatten(plain(new))
    return tuple(
        found
        for found in differences(before, after)
        if found.path not in {"unit_id", "unit_name", *BOOKKEEPING}
    )


def _owned(unit_id: SorId) -> dict[str, Any]:
    return {"unit": unit_id, "before": unit_id, "after": unit_id}


def _of_code(data: ClassificationEventData) -> Told:
    match data:
        case ClassificationCodeAdded():
            return {"after": data.after.text}
        case ClassificationCodeRemoved():
            return {"before": data.before.text}
        case ClassificationEntryChanged():
            return {"differences": differences(data.before, data.after)}
        case _:
            return _sides(data)


def _paths(changes: Iterable[PathChange]) -> tuple[Difference, ...]:
    return tuple(Difference(path=c.path, before=c.before, after=c.after) for c in changes)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The paths at which two flat maps differ, in order."""
    return tuple(
        Difference(path=path, before=found.before, after=found.after)
        for path, found in plain_differences(dict(before), dict(after)).items()
    )
