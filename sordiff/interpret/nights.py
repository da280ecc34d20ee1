"""The two nights that are compared, and the parts of an event that every type needs."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Protocol

from sordiff.diff import Changeset
from sordiff.events import (
    Cause,
    CodedText,
    Named,
    OpenEffectiveNumber,
    Place,
    Previously,
    SnapshotSpan,
    StatusChange,
    UnitSummary,
)
from sordiff.model import Day, Gln, Kind, SorId, State, Status, Unit, count_nights_between
from sordiff.register import HandedDown, Register


class History(Protocol):
    """What a changelog knows of the nights before the last accepted one."""

    def find_known(self, ids: Iterable[SorId]) -> frozenset[SorId]:
        """Those of these ids that an earlier accepted run had."""

    def earlier_owner(self, number: Gln, owners: frozenset[SorId]) -> Previously | None:
        """The last unit that owned the number and is not among the owners of tonight."""


class NoHistory:
    """The history of two files that are compared without a changelog: empty."""

    def find_known(self, ids: Iterable[SorId]) -> frozenset[SorId]:
        """Always none: no earlier run is known."""
        del ids
        return frozenset()

    def earlier_owner(self, number: Gln, owners: frozenset[SorId]) -> Previously | None:
        """Always None: no earlier owner is known."""
        del number, owners
        return None


class _Placed(NamedTuple):
    """What the units below one have from it and from those above it; `path` ends with it."""

    path: tuple[SorId, ...]
    institution_id: SorId | None
    owner_id: SorId | None
    number: OpenEffectiveNumber | None


# Bound once: to look a member up in its enumeration takes Python 3.11 longer than to use it.
_INSTITUTION: Final = Kind.INSTITUTION
_OWNER: Final = Kind.OWNER
_OPEN: Final = State.OPEN
_NOTHING: Final = _Placed((), None, None, None)


class PlacedUnits:
    """The units of one night as events tell of them; what several have from above is found once."""

    def __init__(self, register: Register) -> None:
        """Nothing is looked up yet."""
        self._register = register
        self._handed_down = HandedDown(register, self._extend, _NOTHING)
        self._types: dict[str | None, CodedText | None] = {}

    def summarise(self, unit: Unit) -> UnitSummary:
        """The unit as it stands in that register."""
        register, code = self._register, unit.unit_type
        if code not in self._types:
            self._types[code] = describe_code(code, register)
        placed = self._extend(unit, self._handed_down.find_above(unit))
        has_number = unit.location_number is not None or unit.location_number_inherited
        return UnitSummary(
            id=unit.sor_id,
            kind=unit.kind,
            name=unit.name,
            unit_type=self._types[code],
            parent_id=unit.parent_id,
            institution_id=placed.institution_id,
            owner_id=placed.owner_id,
            open=unit.state(register.day) is _OPEN,
            effective_location_number=placed.number if has_number else None,
        )

    def find_path(self, sor_id: SorId) -> tuple[SorId, ...]:
        """The ids from the owner down to the unit; as a sort key, the pre-order of the tree."""
        return (*self._handed_down.find_above(self._register.units[sor_id]).path, sor_id)

    def _extend(self, unit: Unit, above: _Placed) -> _Placed:
        number = unit.location_number
        return _Placed(
            (*above.path, unit.sor_id),
            unit.sor_id if unit.kind is _INSTITUTION else above.institution_id,
            unit.sor_id if unit.kind is _OWNER else above.owner_id,
            above.number
            if number is None
            else OpenEffectiveNumber(
                number=number.number,
                from_unit=unit.sor_id,
                open=not number.is_closed(self._register.day),
            ),
        )


class Nights:
    """A changeset, and the parts that its events share: dates, unit summaries, places, texts."""

    def __init__(self, changes: Changeset, history: History) -> None:
        """Only the dates are set here; everything else is looked up when needed."""
        self.changes = changes
        self.history = history
        self.old: Register = changes.old
        self.new: Register = changes.new
        self.placed_before = PlacedUnits(changes.old)
        self.placed = PlacedUnits(changes.new)
        self.span = SnapshotSpan(
            before=self.old.day,
            after=self.new.day,
            nights=count_nights_between(self.old.day, self.new.day),
        )

    def unit_part(
        self,
        before: Unit | None,
        after: Unit | None,
        *,
        cause: Cause = Cause.DATA_CHANGED,
        effective: Day | None = None,
    ) -> dict[str, Any]:
        """The common part of an event about a unit; at least one of before and after is there."""
        if after is not None:
            unit = self.placed.summarise(after)
        else:
            assert before is not None, "an event is about a unit that is there on one night"  # noqa: S101
            unit = self.placed_before.summarise(before)
        return {
            "snapshot": self.span,
            "cause": cause,
            "effective": effective,
            "unit": unit,
            "status": StatusChange(
                before=before.status if before else None, after=after.status if after else None
            ),
        }

    def place(self, unit: Unit, register: Register) -> Place:
        """Where a unit stands in one of the two registers."""
        parent = None if unit.parent_id is None else register.units[unit.parent_id]
        owner = register.nearest(unit, Kind.OWNER)
        return Place(
            parent=name_unit(parent),
            institution=name_unit(register.nearest(unit, Kind.INSTITUTION)),
            owner=name_unit(owner),
            owner_type=describe_code(owner.unit_type, register) if owner else None,
        )


def name_unit(unit: Unit | None) -> Named | None:
    """Id and name, or None for no unit."""
    return Named(id=unit.sor_id, name=unit.name) if unit else None


def describe_code(code: str | None, register: Register) -> CodedText | None:
    """A unit_type code with its text on that night, or None for no code."""
    return None if code is None else CodedText(code=code, text=register.text("unit_type", code))


def find_changed_from(before: Status | None, after: Status | None) -> Day | None:
    """The day of `from` after the run, if it changed; otherwise None."""
    if after is None or (before is not None and before.from_ == after.from_):
        return None
    return after.from_
