"""Lists that stay: a table that was handed in, or a rule that says which units are meant."""

from msgspec import Struct

from sordiff.events import Event, LocationNumberEventData, UnitEffectiveLocationNumberChanged
from sordiff.model import SorId
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
    """The units and the location numbers that a list is about."""

    units: frozenset[SorId]
    numbers: frozenset[str]

    def concerns(self, event: Event) -> bool:
        """Whether an event tells of one of them."""
        if isinstance(event.data, LocationNumberEventData) and event.subject in self.numbers:
            return True
        if not self.units.isdisjoint(list_concerned(event)):
            return True
        if isinstance(event.data, UnitEffectiveLocationNumberChanged):
            sides = (event.data.before, event.data.after)
            return any(side is not None and side.number in self.numbers for side in sides)
        return False
