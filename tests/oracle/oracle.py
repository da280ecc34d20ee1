"""expected_events(): which events two registers must give, and in which order."""

from typing import Any

from .list_events import list_events
from .night import Event, Night
from .number_events import EarlierOwners, NumberEvents
from .unit_events import UnitEvents

BEFORE_NUMBERS = (
    "created",  # and restored
    "opened",
    "reopened",
    "moved",
    "renamed",
    "type_changed",
    "provider_number_changed",
    "shak_changed",
    "cvr_changed",
    "p_number_changed",
    "pharmacy_number_changed",
    "specialities_changed",
    "address_changed",
    "contact_changed",
    "closure_scheduled",
    "closure_cancelled",
    "replaced",
    "details_changed",
)
AFTER_NUMBERS = ("effective_location_number_changed", "closed", "removed")


def with_kept_lists(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """`new` with the last entries of every list that it misses: the `old` of the night after."""
    return new | {"lists": old["lists"] | new["lists"]}


def expected_events(
    old: dict[str, Any],
    new: dict[str, Any],
    *,
    known_ids: frozenset[str] = frozenset(),
    earlier_owners: EarlierOwners | None = None,
) -> list[Event]:
    before = Night(old, old["lists"])
    after = Night(new, with_kept_lists(old, new)["lists"])
    units = UnitEvents(before, after, known_ids).groups
    numbers = NumberEvents(before, after, earlier_owners or {}).events
    events = list_events(before, after)
    for group in BEFORE_NUMBERS:
        events += units.pop(group, [])
    events += numbers
    for group in AFTER_NUMBERS:
        events += units.pop(group, [])
    assert not units, f"groups without a place in the order: {sorted(units)}"
    return events
