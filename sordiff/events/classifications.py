"""The classification events: code lists with their texts."""

from typing import TypeAlias

from sordiff.events.parts import EventData
from sordiff.model import Entry, OtherValue


class ClassificationEventData(EventData, frozen=True, kw_only=True):
    """Base of the classification events.

    `units`: how many open units carry the code in the new register; null where no unit field has
    codes of this list.
    """

    unit: None
    status: None
    list: str
    code: str
    units: int | None


class ClassificationTextChanged(ClassificationEventData, frozen=True, kw_only=True):
    """A code has another text: the changed enhedstype text, among others."""

    before: str | None
    after: str | None


class ClassificationEntryChanged(ClassificationEventData, frozen=True, kw_only=True):
    """Another field of an entry differs; before and after are all its further fields."""

    before: dict[str, OtherValue]
    after: dict[str, OtherValue]


class ClassificationCodeAdded(ClassificationEventData, frozen=True, kw_only=True):
    """A code is new in its list."""

    before: None = None
    after: Entry


class ClassificationCodeRemoved(ClassificationEventData, frozen=True, kw_only=True):
    """A code is gone from its list."""

    before: Entry
    after: None = None


AnyClassificationEventData: TypeAlias = (
    ClassificationTextChanged
    | ClassificationEntryChanged
    | ClassificationCodeAdded
    | ClassificationCodeRemoved
)
