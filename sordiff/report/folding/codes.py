"""Folding the changes of one code of a classification."""

from collections.abc import Sequence
from typing import Final

import msgspec

from sordiff.events import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationTextChanged,
    find_event_name,
)
from sordiff.report.change import Change
from sordiff.report.folding.values import count_events, fold_parts, fold_sides

_ADDED: Final = find_event_name(ClassificationCodeAdded)
_REMOVED: Final = find_event_name(ClassificationCodeRemoved)
_TEXT: Final = find_event_name(ClassificationTextChanged)
_ENTRY: Final = find_event_name(ClassificationEntryChanged)


def fold_code_changes(life: Sequence[Change]) -> list[Change]:
    """A code that was added has its last text; one that was added and removed has no change."""
    was_there = life[0].type != _ADDED
    is_there = next((c.type for c in reversed(life) if c.type in {_ADDED, _REMOVED}), None)
    texts = [change for change in life if change.type != _ENTRY]
    entries = [change for change in life if change.type == _ENTRY]
    if is_there == _REMOVED:
        gone = msgspec.structs.replace(
            texts[-1], before=texts[0].before, after=None, steps=count_events(life)
        )
        return [gone] if was_there else []
    if not was_there:
        return [
            msgspec.structs.replace(
                texts[-1], type=_ADDED, before=None, after=texts[-1].after, steps=count_events(life)
            )
        ]
    text = fold_sides(texts) if texts else None
    entry = fold_parts(entries) if entries else None
    left = [text and msgspec.structs.replace(text, type=_TEXT), entry]
    return [change for change in left if change is not None]
