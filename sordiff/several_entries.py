"""Codes that a list has several times: what the other entries say is an attribute of the code.

So every difference of theirs is told, and nothing is told of a code whose entries contradict each
other but what they say now.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from sordiff.model import Classification, Entry, OtherValue

# The attribute of a code with its entries that are not valid on the day, or with all of them where
# it is not clear which one counts. A list of objects with the paths `text` and `attributes/…`.
OTHER_ENTRIES: Final = "other_entries"
ALL_ENTRIES: Final = "all_entries"
_ATTRIBUTES: Final = "attributes/"


def add_entries(entry: Entry, name: str, entries: Sequence[Entry]) -> Entry:
    """The entry with others as its attribute of this name."""
    said: list[Any] = [_describe_entry(each.text, each.attributes) for each in entries]
    return replace(entry, attributes=dict(sorted({**entry.attributes, name: said}.items())))


def list_entries(entry: Entry) -> list[Any] | None:
    """What all entries of a code say, whichever of them counts; None if there is but one."""
    unclear = entry.attributes.get(ALL_ENTRIES)
    if isinstance(unclear, list):
        return unclear
    others = entry.attributes.get(OTHER_ENTRIES)
    if not isinstance(others, list):
        return None
    own = {name: said for name, said in entry.attributes.items() if name != OTHER_ENTRIES}
    return [*others, _describe_entry(entry.text, own)]


def has_turned(old: Entry, new: Entry) -> bool:
    """Whether another of the same entries counts, since a day has come or passed."""
    before, after = list_entries(old), list_entries(new)
    if before is None or after is None or len(before) != len(after):
        return False
    return all(each in after for each in before)


def has_unclear_entries(lists: Mapping[str, Classification]) -> bool:
    """Whether entries of some code contradict each other."""
    return any(
        ALL_ENTRIES in entry.attributes
        for listed in lists.values()
        for entry in listed.entries.values()
    )


def keep_unclear_entries(
    lists: Mapping[str, Classification], before: Mapping[str, Classification]
) -> dict[str, Classification]:
    """The lists; a code of which the entries contradict each other keeps what it had `before`."""
    return {
        name: _keep_unclear(listed, before[name].entries) if name in before else listed
        for name, listed in lists.items()
    }


def _keep_unclear(listed: Classification, before: Mapping[str, Entry]) -> Classification:
    kept = {
        code: _keep_what_is_unclear(entry, before[code])
        for code, entry in listed.entries.items()
        if code in before and ALL_ENTRIES in entry.attributes
    }
    return replace(listed, entries={**listed.entries, **kept}) if kept else listed


def _keep_what_is_unclear(entry: Entry, before: Entry) -> Entry:
    """What all entries say; of what they contradict each other in, what was known before."""
    said = list_entries(entry) or []
    known = {
        name: value
        for name, value in before.attributes.items()
        if any(f"{_ATTRIBUTES}{name}" in each for each in said)
    }
    is_one_text = all(each.get("text") == entry.text for each in said)
    return replace(
        entry,
        text=entry.text if is_one_text else before.text,
        attributes=dict(sorted({**known, **entry.attributes}.items())),
    )


def _describe_entry(text: str | None, attributes: Mapping[str, OtherValue]) -> dict[str, Any]:
    """As an object of relative paths, which is what an unknown value is."""
    said: dict[str, Any] = {f"{_ATTRIBUTES}{name}": value for name, value in attributes.items()}
    return said if text is None else {"text": text, **said}
