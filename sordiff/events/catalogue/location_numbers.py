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
            "No other unit took it over in its place in the same run; that would be "
            "`location_number.reassigned`."
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
            "`relation` says how far: `to_descendant` and `to_ancestor` stay in the same branch "
            "of the tree, `same_owner` in the same house, `other_owner` is a move that nobody "
            "should miss."
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
            "No other unit gave it up in the same run; that would be "
            "`location_number.reassigned`. Where the changelog knows an earlier owner, "
            "`previously` names it and `reuse` is true: GS1 forbids the reuse of a GLN in "
            "health care, so a warning goes with it."
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
            "a byte changed) or it was marked inactive. Units whose effective number it is keep "
            "it: `unit.effective_location_number.open` says so."
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
        meaning="The reverse: the number was closed and is not any more.",
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
            "Another field of the number's block: system, network, administrator, region, note, "
            "dates."
        ),
    ),
)
