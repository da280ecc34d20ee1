"""State as the fold of events and adoptions: old + events + adoptions = new, and back again.

This is the law that keeps the events honest. What no event tells (a change of version, a
rebaseline, the first sight of a list) is an adoption, found as what is missing after the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, assert_never

import msgspec

from sordiff.events import (
    FIELD_BY_DATA,
    AnyClassificationEventData,
    AnyLocationNumberEventData,
    AnyStayingUnitEventData,
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
    OwnedNumber,
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitCreated,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitEventData,
    UnitFieldChanged,
    UnitMoved,
    UnitOpened,
    UnitRemoved,
    UnitReopened,
    UnitReplaced,
    UnitRestored,
    UnitTypeChanged,
)
from sordiff.fields import Flat, flatten, to_plain
from sordiff.model import Entry, Record, SorId, Unit
from sordiff.replay.folded import FoldedUnits
from sordiff.replay.paths import set_block, set_changes, set_leaf, set_nested, set_status

# The subject of an adoption that is about the root element of the file.
ROOT: Final = "SorTree"


class Adoption(Record, frozen=True, kw_only=True):
    """A change that is stored with its run but is no event.

    `subject` is a SOR id, list/code or SorTree; `path` is a field's path, or empty for the whole
    unit or entry; null is absent.
    """

    subject: str
    path: str
    before: Any = None
    after: Any = None


class Fold:
    """A register being taken from one night to another."""

    def __init__(
        self, units: Iterable[Unit], entries: Mapping[str, Entry], root: Flat | None = None
    ) -> None:
        """Start from these units, these entries by list/code, and what the root says."""
        self.root: Flat = dict(root or {})
        self.units = FoldedUnits(units)
        self.entries: dict[str, Entry] = dict(entries)

    def as_units(self) -> dict[SorId, Unit]:
        """The units as records."""
        return self.units.as_units()

    def forwards(self, events: Iterable[Event], adoptions: Iterable[Adoption] = ()) -> None:
        """From before to after: events in their order, then adoptions."""
        for event in events:
            self._apply(event, backwards=False)
        for adoption in adoptions:
            self._adopt(adoption.subject, adoption.path, adoption.after)

    def backwards(self, events: Sequence[Event], adoptions: Sequence[Adoption] = ()) -> None:
        """From after to before: the same, undone from the last to the first."""
        for adoption in reversed(adoptions):
            self._adopt(adoption.subject, adoption.path, adoption.before)
        for event in reversed(events):
            self._apply(event, backwards=True)

    def _adopt(self, subject: str, path: str, value: Any) -> None:
        if subject == ROOT:
            set_leaf(self.root, path, value)
        elif "/" in subject:
            self._set_entry(subject, None if value is None else msgspec.convert(value, Entry))
        elif path:
            set_leaf(self.units[subject], path, value)
        elif value is None:
            del self.units[subject]
        else:
            self.units[subject] = flatten(value)

    def _apply(self, event: Event, *, backwards: bool) -> None:
        subject, data = event.subject, event.data
        match data:
            case UnitCreated(after=unit) | UnitRestored(after=unit):
                self._set_unit(subject, None if backwards else unit)
            case UnitRemoved(before=unit):
                self._set_unit(subject, unit if backwards else None)
            case UnitEffectiveLocationNumberChanged():
                pass  # derived from other units; of its own unit's record it tells nothing
            case UnitEventData():
                self._apply_to_unit(self.units[subject], data, backwards=backwards)
            case LocationNumberEventData():
                self._apply_to_number(subject, data, backwards=backwards)
            case ClassificationEventData():
                self._apply_to_entry(subject, data, backwards=backwards)
            case _:  # pragma: no cover - the union is closed
                assert_never(data)

    def _apply_to_unit(self, unit: Flat, data: AnyStayingUnitEventData, *, backwards: bool) -> None:
        match data:
            case UnitMoved(before=old_place, after=new_place):
                parent = (old_place if backwards else new_place).parent
                set_leaf(unit, "parent_id", parent.id if parent else None)
            case UnitTypeChanged(before=old_type, after=new_type):
                unit_type = old_type if backwards else new_type
                set_leaf(unit, "unit_type", unit_type.code if unit_type else None)
            case UnitDetailsChanged(changes=changes):
                set_changes(unit, "", changes, backwards=backwards)
            case UnitReplaced(before=before, after=after):
                set_block(unit, "replaced_by", before if backwards else after)
            case UnitFieldChanged(before=before, after=after):
                set_block(unit, FIELD_BY_DATA[type(data)], before if backwards else after)
            case (
                UnitOpened()
                | UnitReopened()
                | UnitClosed()
                | UnitClosureScheduled()
                | UnitClosureCancelled()
            ):
                pass  # told by the status alone
            case _:  # pragma: no cover - the union is closed
                assert_never(data)
        set_status(unit, "", data.status.before if backwards else data.status.after)

    def _apply_to_entry(
        self, subject: str, data: AnyClassificationEventData, *, backwards: bool
    ) -> None:
        match data:
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
            case _:  # pragma: no cover - the union is closed
                assert_never(data)

    def _apply_to_number(
        self, number: str, data: AnyLocationNumberEventData, *, backwards: bool
    ) -> None:
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
                set_leaf(unit, "location_number/to", state.to)
                set_leaf(unit, "location_number/inactive", state.inactive)
                _set_number_status(unit, data, backwards=backwards)
            case LocationNumberDetailsChanged(changes=changes):
                unit = self.units[data.unit_id]
                set_changes(unit, "location_number/", changes, backwards=backwards)
                _set_number_status(unit, data, backwards=backwards)
            case _:  # pragma: no cover - the union is closed
                assert_never(data)

    def _hand_over(self, number: str, taken: OwnedNumber | None, given: OwnedNumber | None) -> None:
        """Take the number from one unit and give it to another.

        It is taken only where it still is: in a swap its unit has been given another by now.
        """
        if taken is not None:
            unit = self.units[taken.unit_id]
            if unit.get("location_number/number") == number:
                set_block(unit, "location_number", None)
        if given is not None and not self.units.has_number(given.unit_id, given):
            block = {
                name: value
                for name, value in to_plain(given).items()
                if name not in {"unit_id", "unit_name"}
            }
            set_nested(self.units[given.unit_id], "location_number", block)

    def _set_unit(self, sor_id: str, unit: Unit | None) -> None:
        if unit is None:
            del self.units[sor_id]
        else:
            self.units[sor_id] = unit

    def _set_entry(self, subject: str, entry: Entry | None) -> None:
        if entry is None:
            del self.entries[subject]
        else:
            self.entries[subject] = entry


def _set_number_status(unit: Flat, data: LocationNumberEventData, *, backwards: bool) -> None:
    status = data.status.before if backwards else data.status.after
    set_status(unit, "location_number/", status)
