"""The rows of the location_number events, in the order of a run."""

from typing import Final

from sordiff.events.event_type import (
    CountName,
    EventType,
    Family,
    Folding,
    Grouping,
    MeasureName,
    SectionName,
)
from sordiff.events.location_numbers import (
    LocationNumberAssigned,
    LocationNumberClosed,
    LocationNumberDetailsChanged,
    LocationNumberReassigned,
    LocationNumberReleased,
    LocationNumberReopened,
)

LOCATION_NUMBERS: Final = (
    EventType(
        name="location_number.released",
        data=LocationNumberReleased,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.NUMBERS,
        family=Family.LOCATION_NUMBERS,
        folding=Folding.OWNERSHIP,
        grouping=Grouping.NUMBER,
        sides_name_units=True,
        measure=MeasureName.LOST,
        meaning=(
            "A unit owned the number, and no unit owns it now. If another unit takes it over in "
            "the same run, there is a `location_number.reassigned` instead."
        ),
    ),
    EventType(
        name="location_number.reassigned",
        data=LocationNumberReassigned,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.NUMBERS,
        family=Family.LOCATION_NUMBERS,
        folding=Folding.OWNERSHIP,
        grouping=Grouping.HANDOVER,
        sides_name_units=True,
        measure=MeasureName.LOST,
        meaning=(
            "The number went from one unit to another. `relation` says how far: `to_descendant` "
            "and `to_ancestor` stay in the same branch of the tree, `same_owner` under the same "
            "owner. `other_owner` is the one that every subscriber should handle."
        ),
    ),
    EventType(
        name="location_number.assigned",
        data=LocationNumberAssigned,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.NUMBERS,
        family=Family.LOCATION_NUMBERS,
        folding=Folding.OWNERSHIP,
        grouping=Grouping.NUMBER,
        sides_name_units=True,
        meaning=(
            "A unit owns a number that no unit owned before. If another unit gives it up in the "
            "same run, there is a `location_number.reassigned` instead. If the changelog knows "
            "an earlier owner, `previously` names it and `reuse` is true. GS1 forbids the reuse "
            "of a GLN in health care, so there is also a warning."
        ),
    ),
    EventType(
        name="location_number.closed",
        data=LocationNumberClosed,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.NUMBERS,
        family=Family.LOCATION_NUMBERS,
        folding=Folding.NUMBER_STATE,
        grouping=Grouping.OWNER,
        meaning=(
            "The unit still owns the number, but the number's own last day passed (also without "
            "a changed byte), or it was marked inactive. Units keep it as their effective "
            "number, and `unit.effective_location_number.open` is false."
        ),
    ),
    EventType(
        name="location_number.reopened",
        data=LocationNumberReopened,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.NUMBERS,
        family=Family.LOCATION_NUMBERS,
        folding=Folding.NUMBER_STATE,
        grouping=Grouping.OWNER,
        meaning="The number was closed and is no longer closed.",
    ),
    EventType(
        name="location_number.details_changed",
        data=LocationNumberDetailsChanged,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.NUMBERS,
        family=Family.LOCATION_NUMBERS,
        folding=Folding.PARTS,
        grouping=Grouping.PATHS,
        meaning=(
            "Another field of the number's block changed: system, network, administrator, "
            "region, note, dates."
        ),
    ),
)
