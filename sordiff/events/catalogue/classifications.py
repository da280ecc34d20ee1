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
            "A code has a new text and keeps its meaning: **the changed enhedstype text**. "
            "`units` counts the open units with the code. None of them has an event for it. "
            "`cause` is `date_elapsed` if the text was in the list before, and its day came."
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
            "A field of the entry other than its text changed. `before` and `after` are all "
            "these fields. If the code stands in its list several times, they have what its "
            "other entries say as `other_entries()`. If it is not clear which entry counts, "
            "`contradicting_entries()` has what they say, and the code keeps its last text."
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
        meaning="A code is new in a list that was there on the night before.",
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
        meaning="A code is gone from its list. Units may still have it; `units` counts them.",
    ),
)
