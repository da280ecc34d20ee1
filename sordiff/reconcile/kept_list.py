"""Lists that stay: a table that was handed in, or a rule that says which units are meant."""

from collections.abc import Iterable

from msgspec import Struct

from sordiff.events import (
    CodedText,
    Event,
    LocationNumberEventData,
    UnitAddressChanged,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    UnitTypeChanged,
)
from sordiff.model import Address, SorId
from sordiff.reconcile.columns import Column
from sordiff.reconcile.table import Table
from sordiff.replay import list_concerned


class ListRule(Struct, frozen=True, kw_only=True):
    """Units by where they stand: below one of these, in one of these regions, of these types.

    Each part that is given must hold; an owner is the top of its units.
    """

    under: tuple[SorId, ...] = ()
    regions: tuple[str, ...] = ()
    unit_types: tuple[str, ...] = ()


class KeptList(Struct, frozen=True, kw_only=True):
    """A list by its name; `source`: where it was read, `kept_at`: when (ISO 8601).

    It has a table with its recognised columns, or a rule. `told_run` is the last run of which
    notices were written for it.
    """

    name: str
    source: str
    kept_at: str
    table: Table | None = None
    columns: tuple[Column, ...] = ()
    rule: ListRule | None = None
    told_run: int | None = None


class ListMembers(Struct, frozen=True, kw_only=True):
    """The units and the location numbers that a list is about.

    Of a rule: `gone` are those of the units that the register has no longer, `places` all that
    stand where the rule says, of whatever type.
    """

    units: frozenset[SorId]
    numbers: frozenset[str]
    gone: frozenset[SorId] = frozenset()
    places: frozenset[SorId] = frozenset()
    rule: ListRule | None = None

    def concerns(self, event: Event) -> bool:
        """Whether an event tells of one of them, or of a unit that is none of them any more."""
        if isinstance(event.data, LocationNumberEventData) and event.subject in self.numbers:
            return True
        if not self.units.isdisjoint(list_concerned(event)) or self._tells_of_leaving(event):
            return True
        if isinstance(event.data, UnitEffectiveLocationNumberChanged):
            sides = (event.data.before, event.data.after)
            return any(side is not None and side.number in self.numbers for side in sides)
        return False

    def _tells_of_leaving(self, event: Event) -> bool:
        match event.data:
            case UnitMoved(before=place, unit=unit):
                above = place.parent.id if place.parent is not None else None
                return self.has_moved_out(above, _code(unit.unit_type))
            case UnitTypeChanged(before=before, unit=unit):
                return self.had_type(unit.id, _code(before))
            case UnitAddressChanged(before=Address() as old, unit=unit):
                blocks = (old.postal, old.visiting, old.activity)
                regions = [block.region_code for block in blocks if block is not None]
                return self.was_in_region(regions, _code(unit.unit_type))
            case _:
                return False

    def has_moved_out(self, parent_id: str | None, unit_type: str | None) -> bool:
        """Whether a unit that stood below this one was one of the rule by that."""
        return self._is_of_type(unit_type) and parent_id in self.places

    def had_type(self, sor_id: str | None, code: str | None) -> bool:
        """Whether a unit was one of the rule while it was of that type."""
        return self.rule is not None and sor_id in self.places and code in self.rule.unit_types

    def was_in_region(self, regions: Iterable[str | None], unit_type: str | None) -> bool:
        """Whether a unit whose address was in these regions was one of the rule by that."""
        if self.rule is None or self.rule.under:
            return False
        return self._is_of_type(unit_type) and any(one in self.rule.regions for one in regions)

    def _is_of_type(self, code: str | None) -> bool:
        types = self.rule.unit_types if self.rule is not None else ()
        return not types or code in types


def _code(coded: CodedText | None) -> str | None:
    return coded.code if coded is not None else None
