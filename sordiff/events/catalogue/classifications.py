"""The rows of the classification events; in a run they are one group, by list and code."""

from typing import Final

from sordiff.events.classifications import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationTextChanged,
)
from sordiff.events.event_type import (
    CountName,
    EventType,
    Family,
    Folding,
    Grouping,
    SectionName,
)

CLASSIFICATIONS: Final = (
    EventType(
        name="classification.text_changed",
        data=ClassificationTextChanged,
        section=SectionName.CLASSIFICATIONS,
        count=CountName.TEXTS,
        family=Family.CLASSIFICATIONS,
        grouping=Grouping.NEVER,
        compares_words=True,
        plural="new texts of codes",
        meaning=(
            "A code keeps its meaning and gets another text: **the changed enhedstype text**. "
            "`units` counts the open units that carry the code, none of which has an event for "
            "it."
        ),
    ),
    EventType(
        name="classification.entry_changed",
        data=ClassificationEntryChanged,
        section=SectionName.CLASSIFICATIONS,
        count=CountName.CODES,
        family=Family.CLASSIFICATIONS,
        folding=Folding.PARTS,
        grouping=Grouping.LIST,
        meaning=(
            "Another field of the entry than its text; `before` and `after` are all these fields."
        ),
    ),
    EventType(
        name="classification.code_added",
        data=ClassificationCodeAdded,
        section=SectionName.CLASSIFICATIONS,
        count=CountName.CODES,
        family=Family.CLASSIFICATIONS,
        folding=Folding.PRESENCE,
        grouping=Grouping.LIST,
        plural="new codes",
        meaning="The list was there on the night before.",
    ),
    EventType(
        name="classification.code_removed",
        data=ClassificationCodeRemoved,
        section=SectionName.CLASSIFICATIONS,
        count=CountName.CODES,
        family=Family.CLASSIFICATIONS,
        folding=Folding.PRESENCE,
        grouping=Grouping.LIST,
        plural="removed codes",
        meaning="Units may still carry it: `units` counts them.",
    ),
)
