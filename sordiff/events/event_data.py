"""The closed union of the data of all events, so that the type checker sees what is not matched."""

from typing import TypeAlias

from sordiff.events.classifications import AnyClassificationEventData
from sordiff.events.location_numbers import AnyLocationNumberEventData
from sordiff.events.units import AnyUnitEventData

AnyEventData: TypeAlias = AnyClassificationEventData | AnyUnitEventData | AnyLocationNumberEventData
