"""The part of a unit that a list of units or a search needs, decoded without the rest."""

from sordiff.model import Day, Gln, Kind, Record, SorId, State, find_state


class BriefPlace(Record, frozen=True, kw_only=True):
    """The region of an address block, and nothing else."""

    region_code: str | None = None


class BriefAddress(Record, frozen=True, kw_only=True):
    """The regions of the address blocks, and nothing else."""

    postal: BriefPlace | None = None
    visiting: BriefPlace | None = None
    activity: BriefPlace | None = None


class BriefUnit(Record, frozen=True, kw_only=True):
    """The fields of a unit that a list of units shows; the other fields are not decoded."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    unit_type: str | None = None
    address: BriefAddress | None = None
    to: Day | None = None
    first_from: Day | None = None

    def state(self, on: Day) -> State:
        """The same as `Unit.state`."""
        return find_state(on, self.first_from, self.to)


class SearchedUnit(BriefUnit, frozen=True, kw_only=True):
    """The fields of a unit by which people search for it, beside those that a list shows."""

    shak: str | None = None
    provider_number: str | None = None
    pharmacy_number: str | None = None
    cvr: str | None = None
    p_number: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its numbers and codes, but for the SOR id and the location number."""
        fields = (self.provider_number, self.shak, self.cvr, self.p_number, self.pharmacy_number)
        return tuple(number for number in fields if number is not None)


class IndexedPlace(Record, frozen=True, kw_only=True):
    """The words of an address by which people search."""

    street_name: str | None = None
    street_building: str | None = None
    post_code: str | None = None
    district_name: str | None = None


class IndexedAddress(Record, frozen=True, kw_only=True):
    """The address blocks by which people search."""

    postal: IndexedPlace | None = None
    visiting: IndexedPlace | None = None
    activity: IndexedPlace | None = None


class IndexedNumber(Record, frozen=True, kw_only=True):
    """The location number alone."""

    number: Gln


class IndexedContact(Record, frozen=True, kw_only=True):
    """By what two units may be known to be one."""

    phone: str | None = None
    email: str | None = None


class IndexedUnit(Record, frozen=True, kw_only=True):
    """All by which a unit is found: its place in the tree, its names, numbers and addresses."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    to: Day | None = None
    first_from: Day | None = None
    address: IndexedAddress | None = None
    contact: IndexedContact | None = None
    location_number: IndexedNumber | None = None
    location_number_inherited: bool = False
    shak: str | None = None
    provider_number: str | None = None
    pharmacy_number: str | None = None
    cvr: str | None = None
    p_number: str | None = None

    def state(self, on: Day) -> State:
        """The same as `Unit.state`."""
        return find_state(on, self.first_from, self.to)
