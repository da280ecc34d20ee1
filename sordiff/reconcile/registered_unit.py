"""A unit as far as it tells who goes on: only the fields that are compared are decoded."""

from sordiff.model import Day, Gln, Kind, Record, SorId, State, find_state


class RegisteredNumber(Record, frozen=True, kw_only=True):
    """The number of a location number block, and nothing else."""

    number: Gln


class RegisteredPlace(Record, frozen=True, kw_only=True):
    """The parts of an address that say which house it is."""

    street_name: str | None = None
    street_building: str | None = None
    post_code: str | None = None


class RegisteredAddress(Record, frozen=True, kw_only=True):
    """The address blocks in brief."""

    postal: RegisteredPlace | None = None
    visiting: RegisteredPlace | None = None
    activity: RegisteredPlace | None = None


class RegisteredContact(Record, frozen=True, kw_only=True):
    """How a unit is called and written to."""

    phone: str | None = None
    email: str | None = None


class RegisteredUnit(Record, frozen=True, kw_only=True):
    """The fields of a unit by which successors are found; the other fields are not decoded."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    unit_type: str | None = None
    location_number: RegisteredNumber | None = None
    provider_number: str | None = None
    shak: str | None = None
    cvr: str | None = None
    p_number: str | None = None
    address: RegisteredAddress | None = None
    contact: RegisteredContact | None = None
    first_from: Day | None = None
    to: Day | None = None

    def is_open(self, on: Day) -> bool:
        """Whether the unit is open on that day."""
        return find_state(on, self.first_from, self.to) is State.OPEN
