"""Codes that a list has several times: what the other entries say is an attribute of the code.

So every difference of theirs is told, and nothing is told of a code whose entries contradict each
other but what they say now.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from sordiff.model import ENTRIES_KNOWN, Classification, Entry, OtherValue

# The attributes of a code with its entries that are not valid on the day, and with those of which
# it is not clear which one counts: lists of objects with the paths `text` and `attributes/…`. As
# with `text()` in the paths of what is unknown, no element and no column can have such a name.
OTHER_ENTRIES: Final = "other_entries()"
CONTRADICTING_ENTRIES: Final = "contradicting_entries()"
_ATTRIBUTES: Final = "attributes/"


def add_entries(entry: Entry, name: str, entries: Sequence[Entry]) -> Entry:
    """The entry with others as its attribute of this name."""
    said: list[Any] = [_describe_entry(each.text, each.attributes) for each in entries]
    return replace(entry, attributes=dict(sorted({**entry.attributes, name: said}.items())))


def list_entries(entry: Entry) -> list[Any] | None:
    """What all entries of a code say, whichever of them counts; None if there is but one."""
    others = entry.attributes.get(OTHER_ENTRIES, [])
    contradicting = entry.attributes.get(CONTRADICTING_ENTRIES, [])
    if contradicting:
        return [*others, *contradicting]
    if not others:
        return None
    own = {name: said for name, said in entry.attributes.items() if name != OTHER_ENTRIES}
    return [*others, _describe_entry(entry.text, own)]


def has_turned(old: Entry, new: Entry) -> bool:
    """Whether another of the same entries counts, since a day has come or passed."""
    before, after = list_entries(old), list_entries(new)
    if before is None or after is None or len(before) != len(after):
        return False
    return all(each in after for each in before)


def is_read_anew(before: Classification, after: Classification, code: str) -> bool:
    """Whether the entry `before` was read when one of a code was known alone, and it has several.

    What differs may be due to the reading: it tells nothing.
    """
    was, now = before.entries.get(code), after.entries.get(code)
    if before.reading_rules >= ENTRIES_KNOWN or was is None or now is None:
        return False
    return list_entries(was) is None and list_entries(now) is not None


def has_several_entries(lists: Mapping[str, Classification]) -> bool:
    """Whether some code has several entries."""
    every = (entry for listed in lists.values() for entry in listed.entries.values())
    return any(list_entries(entry) is not None for entry in every)


def has_unclear_entries(lists: Mapping[str, Classification]) -> bool:
    """Whether entries of some code contradict each other."""
    return any(
        CONTRADICTING_ENTRIES in entry.attributes
        for listed in lists.values()
        for entry in listed.entries.values()
    )


def keep_unclear_entries(
    lists: Mapping[str, Classification], before: Mapping[str, Classification]
) -> dict[str, Classification]:
    """The lists; a code whose entries contradict each other keeps the text it had `before`."""
    return {
        name: _keep_unclear(listed, before[name].entries) if name in before else listed
        for name, listed in lists.items()
    }


def _keep_unclear(listed: Classification, before: Mapping[str, Entry]) -> Classification:
    kept = {
        code: _keep_text(entry, before[code])
        for code, entry in listed.entries.items()
        if code in before and CONTRADICTING_ENTRIES in entry.attributes
    }
    return replace(listed, entries={**listed.entries, **kept}) if kept else listed


def _keep_text(entry: Entry, before: Entry) -> Entry:
    """The text that the contradicting entries have, or else the one that was known before."""
    contradicting: Iterable[Any] = entry.attributes[CONTRADICTING_ENTRIES]
    is_one_text = all(each.get("text") == entry.text for each in contradicting)
    return entry if is_one_text else replace(entry, text=before.text)


def _describe_entry(text: str | None, attributes: Mapping[str, OtherValue]) -> dict[str, Any]:
    """As an object of relative paths, which is what an unknown value is."""
    said: dict[str, Any] = {f"{_ATTRIBUTES}{name}": value for name, value in attributes.items()}
    return said if text is None else {"text": text, **said}
