"""The whole current state of a unit or a location number, with everything resolved.

What a subscriber finds in the state topics: nothing has to be looked up elsewhere, and nothing in
a record tells of the night on which it was written, so that a record is written only when
something of it changed.
"""

from sordiff.resolved.changed import StateKeys, keys_changed, state_keys_changed
from sordiff.resolved.records import (
    LOCATION_NUMBER_STATE,
    STATE_TYPES,
    UNIT_STATE,
    AddressOf,
    AddressState,
    CodedSpeciality,
    ContactOf,
    LocationNumberState,
    NumberOwner,
    UnitState,
)
from sordiff.resolved.resolver import Resolver, location_number_state, unit_state

__all__ = [
    "LOCATION_NUMBER_STATE",
    "STATE_TYPES",
    "UNIT_STATE",
    "AddressOf",
    "AddressState",
    "CodedSpeciality",
    "ContactOf",
    "LocationNumberState",
    "NumberOwner",
    "Resolver",
    "StateKeys",
    "UnitState",
    "keys_changed",
    "location_number_state",
    "state_keys_changed",
    "unit_state",
]
