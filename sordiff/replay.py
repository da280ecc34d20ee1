"""State as the fold of events and adoptions: old + events + adoptions = new, and back again.

This is the law that keeps the events honest. What no event tells (a change of version, a
rebaseline, the first sight of a list) is an adoption, found as what is missing after the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from sordiff.diff import Changeset, flat_differences
from sordiff.events import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationTextChanged,
    Event,
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberEventData,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
    OwnedNumber,
    PathChange,
    UnitAddressChanged,
    UnitContactChanged,
    UnitCreated,
    UnitCvrChanged,
    UnitDetailsChanged,
    UnitMoved,
    UnitPharmacyNumberChanged,
    UnitPNumberChanged,
    UnitProviderNumberChanged,
    UnitRemoved,
    UnitRenamed,
    UnitReplaced,
    UnitRestored,
    UnitShakChanged,
    UnitSpecialitiesChanged,
    UnitTypeChanged,
)
from sordiff.fields import Flat, flat_unit, flatten, nested_unit, plain
from sordiff.model import Entry, Record, SorId, Status, Unit

_VALUES: Final = {
    UnitRenamed: "name",
    UnitProviderNumberChanged: "provider_number",
    UnitShakChanged: "shak",
    UnitCvrChanged: "cvr",
    UnitPNumberChanged: "p_number",
    UnitPharmacyNumberChanged: "pharmacy_number",
    UnitSpecialitiesChanged: "specialities",
    UnitAddressChanged: "address",
    UnitContactChanged: "contact",
    UnitReplaced: "replaced_by",
}

# The subject of an adoption that is about the root element of the file.
ROOT: Final = "SorTree"


class Adoption(Record, kw_only=True):
    """A change that is stored with its run but is no event.

    `subject` is a SOR id, list/code or SorTree; `path` is a field's path, or empty for the whole
    unit or entry; null is absent.
    """

    subject: str
    path: str
    before: Any = None
    after: Any = None


class Fold:
    """A register being taken from one night to another; units are held flat, by path."""

    def __init__(
        self, units: Iterable[Unit], entries: Mapping[str, Entry], root: Flat | None = None
    ) -> None:
        """Start from these units, these entries by list/code, and what the root held."""
        self.root: Flat = dict(root or {})
        self.units: dict[str, Flat] = {unit.sor_id: flat_unit(unit) for unit in units}
        self.entries: dict[str, Entry] = dict(entries)

    def as_units(self) -> dict[SorId, Unit]:
        """The units as records."""
        return {SorId(sor_id): nested_unit(flat) for sor_id, flat in self.units.items()}

    def forwards(self, events: Iterable[Event], adoptions: Iterable[Adoption] = ()) -> None:
        """From before to after: events in their order, then adoptions."""
        for event in events:
            self._tell(event, backwards=False)
        for adoption in adoptions:
            self._adopt(adoption.subject, adoption.path, adoption.after)

    def backwards(self, events: Sequence[Event], adoptions: Sequence[Adoption] = ()) -> None:
        """From after to before: the same, undone from the last to the first."""
        for adoption in reversed(adoptions):
            self._adopt(adoption.subject, adoption.path, adoption.before)
        for event in reversed(events):
            self._tell(event, backwards=True)

    def _adopt(self, subject: str, path: str, value: Any) -> None:
        if subject == ROOT:
            _set_leaf(self.root, path, value)
        elif "/" in subject:
            self._set_entry(subject, None if value is None else msgspec.convert(value, Entry))
        elif path:
            _set_leaf(self.units[subject], path, value)
        elif value is None:
            del self.units[subject]
        else:
            self.units[subject] = flatten(value)

    def _tell(self, event: Event, *, backwards: bool) -> None:
        subject, data = event.subject, event.data
        match data:
            case UnitCreated(after=unit) | UnitRestored(after=unit):
                self._set_unit(subject, None if backwards else unit)
            case UnitRemoved(before=unit):
                self._set_unit(subject, unit if backwards else None)
            case LocationNumberEventData():
                self._tell_number(subject, data, backwards=backwards)
            case ClassificationTextChanged(before=before, after=after):
                text = before if backwards else after
                self.entries[subject] = msgspec.structs.replace(self.entries[subject], text=text)
            case ClassificationEntryChanged(before=old, after=new):
                self.entries[subject] = msgspec.structs.replace(
                    self.entries[subject], attributes=old if backwards else new
                )
            case ClassificationCodeAdded(after=entry):
                self._set_entry(subject, None if backwards else entry)
            case ClassificationCodeRemoved(before=entry):
                self._set_entry(subject, entry if backwards else None)
            case _:
                self._tell_unit(self.units[subject], event, backwards=backwards)

    def _tell_unit(self, unit: Flat, event: Event, *, backwards: bool) -> None:
        data = event.data
        match data:
            case UnitMoved(before=old_place, after=new_place):
                parent = (old_place if backwards else new_place).parent
                _set_leaf(unit, "parent_id", parent.id if parent else None)
            case UnitTypeChanged(before=old_type, after=new_type):
                unit_type = old_type if backwards else new_type
                _set_leaf(unit, "unit_type", unit_type.code if unit_type else None)
            case UnitDetailsChanged(changes=changes):
                _set_changes(unit, "", changes, backwards=backwards)
            case _ if type(data) in _VALUES:
                value = getattr(data, "before" if backwards else "after")
                _set_block(unit, _VALUES[type(data)], value)
            case _:
                pass  # told by its status alone: opened, closed, reopened, a closing planned or not
        if data.status is not None:
            _set_status(unit, "", data.status.before if backwards else data.status.after)

    def _tell_number(self, number: str, data: LocationNumberEventData, *, backwards: bool) -> None:
        match data:
            case LocationNumberReleased(before=owned):
                self._hand_over(number, *((None, owned) if backwards else (owned, None)))
            case LocationNumberAssigned(after=owned):
                self._hand_over(number, *((owned, None) if backwards else (None, owned)))
            case LocationNumberReassigned(before=old, after=new):
                self._hand_over(number, *((new, old) if backwards else (old, new)))
            case LocationNumberClosed() | LocationNumberReopened():
                unit = self.units[data.unit_id]
                state = data.before if backwards else data.after
                _set_leaf(unit, "location_number/to", state.to)
                _set_leaf(unit, "location_number/inactive", state.inactive)
                self._set_number_status(data, backwards=backwards)
            case LocationNumberDetailsChanged(changes=changes):
                unit = self.units[data.unit_id]
                _set_changes(unit, "location_number/", changes, backwards=backwards)
                self._set_number_status(data, backwards=backwards)
            case _:  # pragma: no cover - the closed union has no other
                raise AssertionError(data)

    def _set_number_status(
        self,
        data: LocationNumberClosed | LocationNumberReopened | LocationNumberDetailsChanged,
        *,
        backwards: bool,
    ) -> None:
        if data.status is not None:
            status = data.status.before if backwards else data.status.after
            _set_status(self.units[data.unit_id], "location_number/", status)

    def _hand_over(
        self, number: str, taken: OwnedNumber | None, given: OwnedNumber | None
    ) -> None:
        """Take the number from one unit and give it to another.

        It is taken only where it still is: in a swap its unit has been given another by now.
        """
        if taken is not None:
            unit = self.units[taken.unit_id]
            if unit.get("location_number/number") == number:
                _set_block(unit, "location_number", None)
        if given is not None:
            block = {
                name: value
                for name, value in plain(given).items()
                if name not in {"unit_id", "unit_name"}
            }
            _set_nested(self.units[given.unit_id], "location_number", block)

    def _set_unit(self, sor_id: str, unit: Unit | None) -> None:
        if unit is None:
            del self.units[sor_id]
        else:
            self.units[sor_id] = flat_unit(unit)

    def _set_entry(self, subject: str, entry: Entry | None) -> None:
        if entry is None:
            del self.entries[subject]
        else:
            self.entries[subject] = entry


def adoptions_of(changes: Changeset, events: Iterable[Event]) -> tuple[Adoption, ...]:
    """What the events do not tell of the way from old to new, in order of subject and path."""
    fold = _fold_of(changes)
    fold.forwards(events)
    found: list[Adoption] = []
    for sor_id in sorted(changes.touched):
        unit = changes.new.units.get(sor_id)
        found += _missing(sor_id, fold.units.get(sor_id), flat_unit(unit) if unit else None)
    after = entries_by_subject(changes, changes.new.lists)
    for subject in sorted(fold.entries.keys() | after.keys()):
        told, entry = fold.entries.get(subject), after.get(subject)
        if told != entry:
            before = plain(told) if told else None
            found.append(
                Adoption(
                    subject=subject, path="", before=before, after=plain(entry) if entry else None
                )
            )
    return tuple(found)


def root_adoptions(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Adoption, ...]:
    """What the root element held besides the units and no longer does, or the reverse."""
    return tuple(
        Adoption(subject=ROOT, path=path, before=before.get(path), after=after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _fold_of(changes: Changeset) -> Fold:
    units = [changes.old.units[i] for i in sorted(changes.touched) if i in changes.old.units]
    told_by_day = [pair.old for pair in changes.units if pair.old.sor_id not in changes.touched]
    return Fold([*units, *told_by_day], entries_by_subject(changes, changes.old.lists))


def entries_by_subject(changes: Changeset, lists: Mapping[str, Any]) -> dict[str, Entry]:
    """The entries that may differ, by list/code: those of lists that tonight's snapshot has."""
    names = {*changes.first_lists, *(entry.list for entry in changes.entries)}
    return {
        f"{name}/{code}": entry
        for name in names & lists.keys()
        for code, entry in lists[name].entries.items()
    }


def _missing(subject: str, told: Flat | None, true: Flat | None) -> list[Adoption]:
    if told is None or true is None:
        if told is true:
            return []
        before = plain(nested_unit(told)) if told else None
        after = plain(nested_unit(true)) if true else None
        return [Adoption(subject=subject, path="", before=before, after=after)]
    if told == true:
        return []
    return [
        Adoption(subject=subject, path=path, before=change.before, after=change.after)
        for path, change in flat_differences(told, true).items()
    ]


def _set_leaf(unit: Flat, path: str, value: Any) -> None:
    if value is None:
        unit.pop(path, None)
    else:
        unit[path] = value


def _set_changes(
    unit: Flat, prefix: str, changes: Iterable[PathChange], *, backwards: bool
) -> None:
    for change in changes:
        _set_leaf(unit, prefix + change.path, change.before if backwards else change.after)


def _set_status(unit: Flat, prefix: str, status: Status | None) -> None:
    if status is not None:
        for name, value in plain(status).items():
            _set_leaf(unit, prefix + name, value)


def _set_block(unit: Flat, path: str, value: Any) -> None:
    """Put a whole field in place of what stands at and below its path."""
    if value is None:
        _set_nested(unit, path, None)
    else:
        _set_nested(unit, path, msgspec.to_builtins(value, builtin_types=()))


def _set_nested(unit: Flat, path: str, value: Any) -> None:
    for old_path in [p for p in unit if p == path or p.startswith(f"{path}/")]:
        del unit[old_path]
    unit.update(flatten({path: value}))
