"""Folding values: the first value before and the last value after."""

from collections.abc import Sequence

import msgspec

from sordiff.events import CodedText
from sordiff.report.change import Change, Difference


def fold_sides(life: Sequence[Change]) -> Change | None:
    """From the first value to the last; None where they are the same."""
    if len(life) == 1:
        return life[0]
    first, last = life[0], life[-1]
    if _identify(first.before) == _identify(last.after):
        return None
    origins = (first.origins and first.origins[0], last.origins and last.origins[1])
    return msgspec.structs.replace(
        last,
        before=first.before,
        origins=origins if last.origins else None,
        steps=count_events(life),
    )


def _identify(side: object) -> object:
    """Of a code the code: its text is that of a night, and another one is the list's change."""
    return side.code if isinstance(side, CodedText) else side


def fold_parts(life: Sequence[Change]) -> Change | None:
    """The same path by path; None where nothing is left."""
    if len(life) == 1:
        return life[0]
    left = fold_differences(life)
    if not left:
        return None
    return msgspec.structs.replace(life[-1], differences=left, steps=count_events(life))


def fold_differences(life: Sequence[Change]) -> tuple[Difference, ...]:
    """Every path from its first value to its last, where these differ."""
    sides: dict[str, Difference] = {}
    for change in life:
        for found in change.differences:
            known = sides.get(found.path)
            before = known.before if known else found.before
            sides[found.path] = Difference(path=found.path, before=before, after=found.after)
    return tuple(sides[path] for path in sorted(sides) if sides[path].before != sides[path].after)


def count_events(life: Sequence[Change]) -> int:
    """How many events the changes stand for."""
    return sum(change.steps for change in life)
