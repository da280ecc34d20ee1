"""The events of code lists: new texts, and entries that were added, changed or removed."""

from collections.abc import Iterator
from typing import Any

from sordiff.diff import EntryDifference
from sordiff.events import (
    AnyEventData,
    Cause,
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationTextChanged,
    Event,
)
from sordiff.interpret.nights import Nights
from sordiff.model import Entry
from sordiff.several_entries import has_turned


def interpret_classifications(nights: Nights) -> Iterator[Event]:
    """The events of all entries that differ in lists that both nights have.

    A code that only came into use is not new in its list: it is adopted. So is what the older
    register did not know of a code, since it was read by earlier rules.
    """
    for difference in nights.changes.entries:
        if difference.is_read_anew:
            continue
        if difference.old is None and nights.changes.new.lists[difference.list].in_use_only:
            continue
        for data in _entry_data(nights, difference):
            yield Event(subject=f"{difference.list}/{difference.code}", data=data)


def _differ(old: Entry, new: Entry, *, across_versions: bool) -> bool:
    """Whether another field than the text differs; between versions only of fields in both."""
    if not across_versions:
        return old.attributes != new.attributes
    both = old.attributes.keys() & new.attributes.keys()
    return any(old.attributes[name] != new.attributes[name] for name in both)


def _entry_data(nights: Nights, difference: EntryDifference) -> Iterator[AnyEventData]:
    old, new = difference.old, difference.new
    part: dict[str, Any] = {
        "snapshot": nights.span,
        "cause": Cause.DATE_ELAPSED if old and new and has_turned(old, new) else Cause.DATA_CHANGED,
        "effective": None,
        "unit": None,
        "status": None,
        "list": difference.list,
        "code": difference.code,
        "units": nights.new.carriers(difference.serves, difference.code),
    }
    if old is None:
        assert new is not None, "an entry is there on one night at least"  # noqa: S101
        yield ClassificationCodeAdded(**part, after=new)
    elif new is None:
        yield ClassificationCodeRemoved(**part, before=old)
    else:
        if old.text != new.text:
            yield ClassificationTextChanged(**part, before=old.text, after=new.text)
        if _differ(old, new, across_versions=nights.changes.across_versions):
            yield ClassificationEntryChanged(**part, before=old.attributes, after=new.attributes)
