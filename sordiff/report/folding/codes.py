"""What became of one code of a classification over several nights."""

from collections.abc import Sequence
from typing import Final

import msgspec

from sordiff.events import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    ClassificationEntryChanged,
    ClassificationTextChanged,
    name_of,
)
from sordiff.report.change import Change
from sordiff.report.folding.values import folded_parts, folded_sides, steps_of

_ADDED: Final = name_of(ClassificationCodeAdded)
_REMOVED: Final = name_of(ClassificationCodeRemoved)
_TEXT: Final = name_of(ClassificationTextChanged)
_ENTRY: Final = name_of(ClassificationEntryChanged)


def folded_code(life: Sequence[Change]) -> list[Change]:
    """A code that came has its last text; one that came and went is nothing."""
    was_there = life[0].type != _ADDED
    is_there = next((c.type for c in reversed(life) if c.type in {_ADDED, _REMOVED}), None)
    texts = [change for change in life if change.type != _ENTRY]
    entries = [change for change in life if change.type == _ENTRY]
    if is_there == _REMOVED:
        gone = msgspec.structs.replace(
            texts[-1], before=texts[0].before, after=None, steps=steps_of(life)
        )
        return [gone] if was_there else []
    if not was_there:
        return [
            msgspec.structs.replace(
                texts[-1], type=_ADDED, before=None, after=texts[-1].after, steps=steps_of(life)
            )
        ]
    text = folded_sides(texts) if texts else None
    entry = folded_parts(entries) if entries else None
    left = [text and msgspec.structs.replace(text, type=_TEXT), entry]
    return [change for change in left if change is not None]
