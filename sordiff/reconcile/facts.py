"""What the register knows of the numbers on a list, on the day that is asked about."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from sordiff.model import Day, Gln, Kind, Record, SorId, State, find_state
from sordiff.reconcile.identifiers import ColumnKind

# A number with the kind of column that it stands in.
Key = tuple[ColumnKind, str]


class ListedNumber(Record, frozen=True, kw_only=True):
    """The parts of a location number block by which a list is judged."""

    number: Gln
    inactive: bool | None = None
    to: Day | None = None

    def is_closed(self, on: Day) -> bool:
        """The same as `LocationNumber.is_closed`."""
        return self.inactive is True or (self.to is not None and self.to < on)


class ListedUnit(Record, frozen=True, kw_only=True):
    """The fields of a unit by which a list is judged; the other fields are not decoded."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    location_number: ListedNumber | None = None
    location_number_inherited: bool = False
    provider_number: str | None = None
    shak: str | None = None
    cvr: str | None = None
    p_number: str | None = None
    first_from: Day | None = None
    to: Day | None = None
    replaced_by: tuple[SorId, ...] = ()

    def state(self, on: Day) -> State:
        """The same as `Unit.state`."""
        return find_state(on, self.first_from, self.to)

    def value(self, kind: ColumnKind) -> str | None:
        """The number of a kind that the unit itself carries."""
        if kind is ColumnKind.LOCATION_NUMBER:
            return self.location_number.number if self.location_number else None
        value: str | None = getattr(self, str(kind))
        return value


class Telling(Struct, frozen=True, gc=False):
    """What says so: the day and the run, and the event where there is one (its sequence, type)."""

    day: Day
    run: int
    sequence: int | None = None
    type: str | None = None


class FormerCarrier(Struct, frozen=True, gc=False):
    """A unit that carried a number, and what ended that."""

    unit_id: SorId
    until: Telling


class Holding(Struct, frozen=True, gc=False):
    """A time in which a unit owned a location number; `until`: what ended it, None while it lasts.

    `begin` is the day of the night that first had it so, `first_run` the run of that night.
    """

    unit_id: SorId
    first_run: int
    begin: Day
    until: Telling | None


class FormerName(Struct, frozen=True, gc=False):
    """A name that a unit had, and what ended that."""

    name: str
    until: Telling


class Facts(Struct, frozen=True, kw_only=True):
    """The facts on one day.

    `units`: the units list_concerned and all above them; `gone`: those that the register had and no
    longer has, as they last stood, each with what removed it; `carriers` and `former`: who carries
    a number and who did, the last one last; `holdings`: of the location numbers that any
    unit ever lost, who owned them when; `former_names`: what units were called before, the newest
    last; `events`: the newest events of units and numbers by subject and type;
    `moves`: what took a location number from a unit, by number and run.
    """

    day: Day
    units: Mapping[SorId, ListedUnit]
    gone: Mapping[SorId, tuple[ListedUnit | None, Telling]]
    carriers: Mapping[Key, tuple[SorId, ...]]
    former: Mapping[Key, tuple[FormerCarrier, ...]]
    holdings: Mapping[str, tuple[Holding, ...]]
    former_numbers: Mapping[SorId, tuple[tuple[Gln, Telling], ...]]
    former_names: Mapping[SorId, tuple[FormerName, ...]]
    events: Mapping[tuple[str, str], Telling]
    moves: Mapping[tuple[str, int], Telling]

    def above(self, sor_id: SorId) -> Iterator[ListedUnit]:
        """The units above, nearest first."""
        unit = self.units.get(sor_id)
        seen = {sor_id}
        while unit is not None and unit.parent_id is not None and unit.parent_id not in seen:
            seen.add(unit.parent_id)
            unit = self.units.get(unit.parent_id)
            if unit is not None:
                yield unit

    def effective(self, sor_id: SorId) -> ListedNumber | None:
        """The effective location number of a unit; it may be closed."""
        unit = self.units.get(sor_id)
        if unit is None:
            return None
        if unit.location_number is not None or not unit.location_number_inherited:
            return unit.location_number
        owning = (above for above in self.above(sor_id) if above.location_number is not None)
        return next((above.location_number for above in owning), None)

    def open_number(self, sor_id: SorId) -> Gln | None:
        """The effective location number of a unit, if messages reach it by that number."""
        found = self.effective(sor_id)
        return found.number if found is not None and not found.is_closed(self.day) else None

    def is_open(self, sor_id: SorId) -> bool:
        """Whether the unit is there and open."""
        unit = self.units.get(sor_id)
        return unit is not None and unit.state(self.day) is State.OPEN

    def last_day(self, sor_id: SorId) -> Day | None:
        """The last valid day of a unit that is closed or gone; None of one that is neither."""
        unit, gone = self.known(sor_id), self.gone.get(sor_id)
        if gone is not None:
            before = (date.fromisoformat(gone[1].day) - timedelta(days=1)).isoformat()
            return unit.to if unit and unit.to and unit.to < before else Day(before)
        return unit.to if unit is not None and unit.state(self.day) is State.CLOSED else None

    def are_related(self, one: SorId, other: SorId) -> bool:
        """Whether one unit stands above the other, or is it."""
        return (
            one == other
            or any(unit.sor_id == other for unit in self.above(one))
            or any(unit.sor_id == one for unit in self.above(other))
        )

    def holders_on(self, number: str, day: Day | None) -> frozenset[SorId]:
        """Who owned a number on a day, or next after it; None: on the first recorded night."""
        start = day or Day("")
        later = [
            one
            for one in self.holdings.get(number, ())
            if one.until is None or one.until.day > start
        ]
        on_day = [one for one in later if one.begin <= start]
        # A day may have been issued twice: the first night is that of the first run.
        first = min((one.first_run for one in later), default=None)
        chosen = on_day or [one for one in later if one.first_run == first]
        return frozenset(one.unit_id for one in chosen)

    def is_known(self, kind: ColumnKind, value: str) -> bool:
        """Whether the register has, or had, a unit with this number."""
        if kind is ColumnKind.SOR_ID:
            return value in self.units or value in self.gone
        return (kind, value) in self.carriers or (kind, value) in self.former

    def known(self, sor_id: SorId) -> ListedUnit | None:
        """The unit as it stands, or as it last stood."""
        return self.units.get(sor_id) or self.gone.get(sor_id, (None, None))[0]
