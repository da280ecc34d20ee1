"""The two nights that are compared, and the parts of an event that every type needs."""

from collections.abc import Iterable
from typing import Any, Protocol

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
from sordiff.register import Register


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


class Nights:
    """A changeset, and the parts that its events share: dates, unit summaries, places, texts."""

    def __init__(self, changes: Changeset, history: History) -> None:
        """Only the dates are set here; everything else is looked up when needed."""
        self.changes = changes
        self.history = history
        self.old: Register = changes.old
        self.new: Register = changes.new
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
            unit = summarise_unit(after, self.new)
        else:
            assert before is not None, "an event is about a unit that is there on one night"  # noqa: S101
            unit = summarise_unit(before, self.old)
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


def summarise_unit(unit: Unit, register: Register) -> UnitSummary:
    """The unit as it stands in that register."""
    institution = register.nearest(unit, Kind.INSTITUTION)
    owner = register.nearest(unit, Kind.OWNER)
    effective = register.effective(unit)
    return UnitSummary(
        id=unit.sor_id,
        kind=unit.kind,
        name=unit.name,
        unit_type=describe_code(unit.unit_type, register),
        parent_id=unit.parent_id,
        institution_id=institution.sor_id if institution else None,
        owner_id=owner.sor_id if owner else None,
        open=unit.state(register.day) is State.OPEN,
        effective_location_number=effective
        and OpenEffectiveNumber(
            number=effective[0].number,
            from_unit=effective[1].sor_id,
            open=not effective[0].is_closed(register.day),
        ),
    )


def find_changed_from(before: Status | None, after: Status | None) -> Day | None:
    """The day of `from` after the run, if it changed; otherwise None."""
    if after is None or (before is not None and before.from_ == after.from_):
        return None
    return after.from_
