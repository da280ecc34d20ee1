"""A recorded event becomes a change, before changes are folded."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, assert_never

from msgspec import Struct

from sordiff.diff import find_plain_differences
from sordiff.events import (
    TYPE_BY_DATA,
    AnyClassificationEventData,
    AnyLocationNumberEventData,
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationEventData,
    ClassificationTextChanged,
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
from sordiff.fields import BOOKKEEPING, flatten, flatten_unequal, to_plain
from sordiff.model import Contact, Day, SorId
from sordiff.report.address_lines import find_address_differences
from sordiff.report.change import Change, Difference

# Fields of a change by their names.
ChangeFields = dict[str, Any]

_NO_CONTACT: Final = Contact()
# The texts of a contact block in the order of their paths.
_OF_CONTACT: Final = tuple(sorted(name for name in Contact.__struct_fields__ if name != "other"))


class RecordedEvent(Struct, frozen=True, kw_only=True, gc=False):
    """An event with the run and the SnapshotDate of the night that told it."""

    run: int
    day: Day
    event: Event


def change_from_event(recorded: RecordedEvent) -> Change:
    """The event as a change of a report."""
    event, data = recorded.event, recorded.event.data
    match data:
        case UnitEventData():
            fields = FIELDS_BY_DATA.get(type(data), tell_sides)(data)
            fields["unit"] = data.unit.id
        case LocationNumberEventData():
            fields = {"carriers": data.heirs, "shared": data.shared, **_number_fields(data)}
        case ClassificationEventData():
            fields = {"carriers": data.units, **_code_fields(data)}
        case _:  # pragma: no cover - the union is closed
            assert_never(data)
    return Change(
        type=TYPE_BY_DATA[type(data)].name,
        subject=event.subject,
        run=recorded.run,
        day=recorded.day,
        cause=data.cause,
        effective=data.effective,
        **fields,
    )


def tell_sides(data: Any) -> ChangeFields:
    """A value before and after, as far as there is one."""
    return {"before": getattr(data, "before", None), "after": getattr(data, "after", None)}


def _appeared_fields(data: UnitCreated | UnitRestored) -> ChangeFields:
    unit = data.after
    return {
        "to": unit.to,
        "replaces": unit.replaces,
        "replaced_by": unit.replaced_by,
        **_opened_fields(data),
    }


def _opened_fields(data: UnitEventData) -> ChangeFields:
    number = data.unit.effective_location_number
    return {"number": number.number, "origins": (None, number.from_unit)} if number else {}


def _closed_fields(data: UnitClosed) -> ChangeFields:
    before = data.status.before
    return {
        "before": before.to if before else None,
        "after": data.to,
        "replaced_by": data.replaced_by,
        "number": data.location_number,
    }


def _removed_fields(data: UnitRemoved) -> ChangeFields:
    return {"was_open": data.was_open, "to": data.before.to, "number": data.before.number}


def _moved_fields(data: UnitMoved) -> ChangeFields:
    return {
        "before": _path_from_owner(data.before, data.unit.id),
        "after": _path_from_owner(data.after, data.unit.id),
        "descendants": data.descendants,
    }


def _path_from_owner(place: Place, unit_id: SorId) -> tuple[SorId, ...]:
    steps = (place.owner, place.institution, place.parent)
    return tuple(dict.fromkeys(step.id for step in steps if step and step.id != unit_id))


def _specialities_fields(data: UnitSpecialitiesChanged) -> ChangeFields:
    before, after = (
        [to_plain(speciality) for speciality in side] if side else None
        for side in (data.before, data.after)
    )
    return {"differences": (Difference(path="specialities", before=before, after=after),)}


def _address_fields(data: UnitAddressChanged) -> ChangeFields:
    return {"differences": find_address_differences(data.before, data.after)}


def _contact_fields(data: UnitContactChanged) -> ChangeFields:
    before, after = data.before or _NO_CONTACT, data.after or _NO_CONTACT
    if before.other or after.other:
        return {"differences": differences(*flatten_unequal(before, after))}
    found = [
        Difference(path=path, before=side, after=getattr(after, path))
        for path in _OF_CONTACT
        if (side := getattr(before, path)) != getattr(after, path)
    ]
    return {"differences": tuple(found)}


def _details_fields(data: UnitDetailsChanged) -> ChangeFields:
    return {"differences": _path_differences(data.changes)}


def _effective_fields(data: UnitEffectiveLocationNumberChanged) -> ChangeFields:
    before, after = data.before, data.after
    return {
        "before": before.number if before else None,
        "after": after.number if after else None,
        "origins": (before.from_unit if before else None, after.from_unit if after else None),
    }


# What an event of a unit says; of most it is a value before and after.
FIELDS_BY_DATA: Final[Mapping[type, Callable[[Any], ChangeFields]]] = {
    UnitCreated: _appeared_fields,
    UnitRestored: _appeared_fields,
    UnitOpened: _opened_fields,
    UnitClosed: _closed_fields,
    UnitRemoved: _removed_fields,
    UnitMoved: _moved_fields,
    UnitSpecialitiesChanged: _specialities_fields,
    UnitAddressChanged: _address_fields,
    UnitContactChanged: _contact_fields,
    UnitDetailsChanged: _details_fields,
    UnitEffectiveLocationNumberChanged: _effective_fields,
}


def _number_fields(data: AnyLocationNumberEventData) -> ChangeFields:
    match data:
        case LocationNumberReassigned(before=old, after=new):
            return {
                "unit": new.unit_id,
                "before": old.unit_id,
                "after": new.unit_id,
                "relation": data.relation.value,
                "differences": _block_differences(old, new),
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
            found = differences(flatten(to_plain(data.before)), flatten(to_plain(data.after)))
            return {**_owner_fields(data.unit_id), "to": data.after.to, "differences": found}
        case LocationNumberDetailsChanged():
            return {**_owner_fields(data.unit_id), "differences": _path_differences(data.changes)}
        case _:  # pragma: no cover - the union is closed
            assert_never(data)


def _block_differences(old: NamedOwnedNumber, new: NamedOwnedNumber) -> tuple[Difference, ...]:
    """What of a number's block changed with its owner, but for the owner and the bookkeeping."""
    before, after = flatten(to_plain(old)), flatten(to_plain(new))
    return tuple(
        found
        for found in differences(before, after)
        if found.path not in {"unit_id", "unit_name", *BOOKKEEPING}
    )


def _owner_fields(unit_id: SorId) -> dict[str, Any]:
    return {"unit": unit_id, "before": unit_id, "after": unit_id}


def _code_fields(data: AnyClassificationEventData) -> ChangeFields:
    match data:
        case ClassificationCodeAdded():
            return {"after": data.after.text}
        case ClassificationCodeRemoved():
            return {"before": data.before.text}
        case ClassificationEntryChanged():
            return {"differences": differences(data.before, data.after)}
        case ClassificationTextChanged():
            return tell_sides(data)
        case _:  # pragma: no cover - the union is closed
            assert_never(data)


def _path_differences(changes: Iterable[PathChange]) -> tuple[Difference, ...]:
    return tuple(Difference(path=c.path, before=c.before, after=c.after) for c in changes)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The paths at which two flat maps differ, in order."""
    return tuple(
        Difference(path=path, before=found.before, after=found.after)
        for path, found in find_plain_differences(dict(before), dict(after)).items()
    )
