"""Many nights as one: the changes of one unit, number or code folded, A → B → C told as A → C."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from sordiff.events import EVENT_TYPES
from sordiff.report.change import Change
from sordiff.report.folding.codes import folded_code
from sordiff.report.folding.numbers import folded_number
from sordiff.report.folding.units import folded_unit

_ORDER: Final = {name: place for place, name in enumerate(EVENT_TYPES)}


class Folded(Struct, frozen=True, kw_only=True):
    """The changes that are left, and how many came to nothing."""

    changes: tuple[Change, ...]
    undone: int


def in_order(changes: Iterable[Change]) -> list[Change]:
    """By type in the order of the contract, then as they came."""
    return sorted(changes, key=lambda change: _ORDER[change.type])


def folded(changes: Sequence[Change]) -> Folded:
    """Fold the changes of several nights, given in the order in which they happened."""
    lives: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        lives[change.type.partition(".")[0], change.subject].append(change)
    left: list[Change] = []
    undone = 0
    for (kind, _), life in lives.items():
        if len(life) == 1:
            left += life
            continue
        if kind == "unit":
            told = folded_unit(life)
        elif kind == "location_number":
            told = folded_number(life)
        else:
            told = folded_code(life)
        left += told
        if not told:
            undone += 1
    return Folded(changes=tuple(in_order(left)), undone=undone)
