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
