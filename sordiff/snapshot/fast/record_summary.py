"""The few values that a register is asked for about every unit, found without reading the unit."""

from msgspec import Struct

from sordiff.model import Day, Gln, SorId


class RecordSummary(Struct, frozen=True, gc=False):
    """A unit's id, its `to` and `first_from`, its own location number, and that number's `to`."""

    sor_id: SorId
    to: Day | None = None
    first_from: Day | None = None
    number: Gln | None = None
    number_to: Day | None = None

    def is_open(self, day: Day) -> bool:
        """Whether the unit is open on a day."""
        to, first_from = self.to, self.first_from
        return (to is None or to >= day) and (first_from is None or first_from <= day)

    def may_change_state(self, before: Day, after: Day) -> bool:
        """Whether the unit or its number may be in another state on the later day."""
        return (
            (self.to is not None and before <= self.to < after)
            or (self.first_from is not None and before < self.first_from <= after)
            or (self.number_to is not None and before <= self.number_to < after)
        )
