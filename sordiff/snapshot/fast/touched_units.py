"""What was read of a file, set against what was there before, as its touched units."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from sordiff.model import SorId, Unit
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.snapshot import TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError


def build_touched_units(
    read: dict[SorId, Unit],
    stayed: Mapping[SorId, SorId | None],
    before: Mapping[SorId, SorId | None],
    unit_count: int,
    has_any: Callable[[AbstractSet[SorId]], bool],
) -> TouchedUnits:
    """The touched units, without an index; UnsureError if the plain road must read the file.

    `stayed`: units whose records are known, with their parents now; `before`: all that were looked
    at, with their parents then. Of what was before: `unit_count` is the number of all units, and
    `has_any` tells whether any of some ids was there.
    """
    now = read.keys() | stayed.keys()
    created = frozenset(now - before.keys())
    if has_any(created):
        raise UnsureError("one SOR id twice")
    removed = frozenset(before.keys() - now)
    count = unit_count + len(created) - len(removed)
    if not count or count > MAX_UNITS:
        raise UnsureError("no unit, or too many")
    return TouchedUnits(
        read=read,
        moved={i: parent for i, parent in stayed.items() if parent != before[i]},
        created=created,
        removed=removed,
        count=count,
    )
