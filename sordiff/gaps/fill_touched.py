"""Fill the gaps of a snapshot that was read where it is touched: the same as filling all of it.

What no row has touched was filled by the night before, and filling it once more changes nothing.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping

from msgspec import Struct

from sordiff.gaps.below_rowless import settle_below
from sordiff.gaps.fill import (
    keep_entries,
    keep_own_blocks,
    untie_mentioned,
)
from sordiff.gaps.gaps import Gaps
from sordiff.gaps.repeated_units import repeat_units
from sordiff.model import Classification, Day, SorId, State, Unit
from sordiff.register import Register


class FilledTouched(Struct, frozen=True, kw_only=True):
    """The units that differ from those before, those that are gone, and all lists."""

    read: dict[SorId, Unit]
    removed: frozenset[SorId]
    lists: dict[str, Classification]


def fill_touched_gaps(  # noqa: PLR0913, PLR0917  # as fill_gaps, with the days that pass beside
    gaps: Gaps,
    read: Mapping[SorId, Unit],
    lists: Mapping[str, Classification],
    day: Day,
    old: Register,
    told_by_day: Iterable[SorId],
) -> FilledTouched:
    """Fill the gaps of a snapshot of `day` that follows `old`.

    `read`: the units that were read. `told_by_day`: the units of `old` that may be in another state
    on that day.
    """
    filled = dict(read)
    for sor_id, mentioned in gaps.mentioned.items():
        filled[sor_id] = old.units.get(sor_id, mentioned)
    units = ChainMap(filled, old.units)  # type: ignore[arg-type]  # only the first is written to
    untie_mentioned(gaps, filled, units)
    repeat_units(gaps, filled, read, old)
    settle_below(gaps, filled, units, old.units)
    for sor_id, unit in filled.items():
        before = old.units.get(sor_id)
        if before is not None and (before.address, before.contact) != (unit.address, unit.contact):
            filled[sor_id] = keep_own_blocks(before, unit, units)
    return FilledTouched(
        read={i: unit for i, unit in filled.items() if unit != old.units.get(i)},
        removed=_find_removed(gaps, filled, day, old, told_by_day),
        lists=keep_entries(lists, gaps.several_texts, old.lists),
    )


def _find_removed(
    gaps: Gaps, filled: Mapping[SorId, Unit], day: Day, old: Register, told_by_day: Iterable[SorId]
) -> frozenset[SorId]:
    """The units without a row that are not closed, with the closed ones below them.

    Where closed units have rows, too, all units without one, but for those that others keep.
    """
    standing = _find_standing(gaps, filled, old)
    if not gaps.leaves_out_closed:
        return frozenset(gaps.without_row) - standing

    def is_left_out(sor_id: SorId) -> bool:
        return sor_id not in gaps.with_rows and sor_id not in standing

    waiting = [
        sor_id
        for sor_id in {*gaps.without_row, *told_by_day}
        if is_left_out(sor_id) and old.units[sor_id].state(day) is not State.CLOSED
    ]
    removed: set[SorId] = set()
    while waiting:
        sor_id = waiting.pop()
        removed.add(sor_id)
        waiting.extend(below for below in old.children_of(sor_id) if is_left_out(below))
    return frozenset(removed)


def _find_standing(gaps: Gaps, filled: Mapping[SorId, Unit], old: Register) -> set[SorId]:
    """The units that rows mention, and those without a row above them."""
    standing = set(gaps.mentioned)
    waiting = [filled[sor_id].parent_id for sor_id in gaps.mentioned]
    while waiting:
        parent_id = waiting.pop()
        if parent_id is None or parent_id in gaps.with_rows or parent_id in standing:
            continue
        standing.add(parent_id)
        waiting.append(old.units[parent_id].parent_id)
    return standing
