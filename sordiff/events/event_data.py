"""The closed union of the data of all events: what a type checker must see matched."""

from typing import TypeAlias

from sordiff.events.classifications import AnyClassificationEventData
from sordiff.events.location_numbers import AnyLocationNumberEventData
from sordiff.events.units import AnyUnitEventData

AnyEventData: TypeAlias = AnyClassificationEventData | AnyUnitEventData | AnyLocationNumberEventData
