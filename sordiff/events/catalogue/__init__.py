"""The catalogue: one row for each event type, in the order of the groups in a run.

Whatever depends on the type of an event is read from its row. A module that means one type alone
names its class: `name_of(UnitClosed)`.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.events.catalogue.classifications import CLASSIFICATIONS
from sordiff.events.catalogue.location_numbers import LOCATION_NUMBERS
from sordiff.events.catalogue.unit_fields import UNIT_FIELDS
from sordiff.events.catalogue.units import CHANGED_UNITS, COMING_UNITS, GOING_UNITS
from sordiff.events.event_data import AnyEventData
from sordiff.events.event_type import EventType
from sordiff.events.parts import EventData
from sordiff.events.units import AnyUnitFieldEventData, UnitFieldChanged

CATALOGUE: Final[tuple[EventType, ...]] = (
    *CLASSIFICATIONS,
    *COMING_UNITS,
    *UNIT_FIELDS,
    *CHANGED_UNITS,
    *LOCATION_NUMBERS,
    *GOING_UNITS,
)

TYPE_BY_NAME: Final[Mapping[str, EventType]] = {row.name: row for row in CATALOGUE}
TYPE_BY_DATA: Final[Mapping[type[EventData], EventType]] = {row.data: row for row in CATALOGUE}

# The class of the data by the name of the type.
EVENT_TYPES: Final[Mapping[str, type[AnyEventData]]] = {row.name: row.data for row in CATALOGUE}


def find_event_name(data: type[EventData]) -> str:
    """The name of the type that has this class of data."""
    return TYPE_BY_DATA[data].name


def _field_events() -> Iterator[tuple[str, type[AnyUnitFieldEventData]]]:
    for row in CATALOGUE:
        if row.field is not None and issubclass(row.data, UnitFieldChanged):
            yield row.field, row.data


# The types that have the value of a field of the unit before and after, by that field.
FIELD_EVENTS: Final[Mapping[str, type[AnyUnitFieldEventData]]] = dict(_field_events())
FIELD_BY_DATA: Final[Mapping[type[EventData], str]] = {
    data: field for field, data in FIELD_EVENTS.items()
}
