"""Fill the gaps of a snapshot from the state of the night before."""

from collections import ChainMap
from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sordiff.gaps.below_rowless import settle_below
from sordiff.gaps.code_texts import name_codes
from sordiff.gaps.gaps import Gaps
from sordiff.gaps.repeated_units import repeat_units
from sordiff.model import (
    ENTRIES_KNOWN,
    Address,
    Classification,
    Contact,
    Day,
    Entry,
    PostalAddress,
    SorId,
    State,
    Unit,
)
from sordiff.register import Register

_BLOCKS: Final = ("postal", "visiting", "activity")
# The block that a unit without this one has in its place.
_INSTEAD: Final = {"visiting": "postal", "activity": "visiting"}


class Filled(Struct, frozen=True, kw_only=True):
    """The units and lists of a snapshot without its gaps."""

    units: dict[SorId, Unit]
    lists: dict[str, Classification]


def fill_gaps(
    gaps: Gaps,
    units: Mapping[SorId, Unit],
    lists: Mapping[str, Classification],
    day: Day,
    old: Register,
) -> Filled:
    """Fill the gaps of a snapshot of `day` that follows `old`."""
    named = name_codes(gaps.texts_as_codes, units, lists, old)
    filled = dict(named.units)
    filled |= {sor_id: old.units[sor_id] for sor_id in gaps.mentioned if sor_id in old.units}
    units_of_both = ChainMap(filled, old.units)  # type: ignore[arg-type]  # is only read
    untie_mentioned(gaps, filled, units_of_both)
    repeat_units(gaps, filled, named.units, old)
    _stand_parents(filled, old)
    settle_below(gaps, filled, units_of_both, old.units)
    if gaps.leaves_out_closed:
        _keep_closed(filled, day, old)
    for sor_id, unit in filled.items():
        before = old.units.get(sor_id)
        if before is not None and (before.address, before.contact) != (unit.address, unit.contact):
            filled[sor_id] = keep_own_blocks(before, unit, filled)
    return Filled(units=filled, lists=keep_entries(named.lists, gaps.several_texts, old.lists))


def untie_mentioned(gaps: Gaps, filled: dict[SorId, Unit], units: Mapping[SorId, Unit]) -> None:
    """A unit without a row stands where it stood, unless it would now stand below itself.

    It then stands where the rows of tonight say.
    """
    for sor_id, mentioned in sorted(gaps.mentioned.items()):
        path: set[SorId] = set()
        here: SorId | None = sor_id
        while here is not None and here not in path:
            path.add(here)
            here = units[here].parent_id
        if here is not None:
            filled[sor_id] = replace(filled[sor_id], parent_id=mentioned.parent_id)


def _stand_parents(filled: dict[SorId, Unit], old: Register) -> None:
    """What stands above a unit stays, also where only an earlier night had a row of it."""
    waiting = [unit.parent_id for unit in filled.values() if unit.parent_id not in filled]
    while waiting:
        parent_id = waiting.pop()
        if parent_id is not None and parent_id not in filled:
            filled[parent_id] = old.units[parent_id]
            waiting.append(filled[parent_id].parent_id)


def _keep_closed(filled: dict[SorId, Unit], day: Day, old: Register) -> None:
    """A unit whose last day has passed is closed, and only therefore without a row.

    What is removed takes its closed units along.
    """
    stays: dict[SorId, bool] = {}
    for sor_id in old.units:
        path: list[SorId] = []
        here: SorId | None = sor_id
        while here is not None and here not in filled and here not in stays:
            if old.units[here].state(day) is not State.CLOSED:
                stays[here] = False
                break
            path.append(here)
            here = old.units[here].parent_id
        stands = here is None or here in filled or stays[here]
        stays.update(dict.fromkeys(path, stands))
    filled.update((sor_id, old.units[sor_id]) for sor_id, stands in stays.items() if stands)


def keep_own_blocks(before: Unit, unit: Unit, filled: Mapping[SorId, Unit]) -> Unit:
    """A block that was the unit's own, and says the same as what reaches it now, stays its own.

    The unit above may have come to say the same: that changes nothing for this one.
    """
    was, now = before.address or Address(), unit.address or Address()
    kept = {
        name: getattr(was, name)
        for name in _BLOCKS
        if getattr(was, name) is not None
        and getattr(now, name) is None
        and _find_reaching(name, unit, filled) == getattr(was, name)
    }
    if kept:
        unit = replace(unit, address=replace(now, **kept))
    contact = before.contact
    if contact is not None and unit.contact is None and _find_contact(unit, filled) == contact:
        unit = replace(unit, contact=contact)
    return unit


def _find_reaching(name: str, unit: Unit, units: Mapping[SorId, Unit]) -> PostalAddress | None:
    """The block that a unit has or inherits."""
    while True:
        own: PostalAddress | None = getattr(unit.address, name, None)
        if own is not None:
            return own
        if name != "postal":
            name = _INSTEAD[name]
        elif unit.parent_id is None:
            return None
        else:
            unit = units[unit.parent_id]


def _find_contact(unit: Unit, units: Mapping[SorId, Unit]) -> Contact | None:
    while unit.contact is None and unit.parent_id is not None:
        unit = units[unit.parent_id]
    return unit.contact


def keep_entries(
    lists: Mapping[str, Classification],
    several_texts: Mapping[str, Mapping[str, frozenset[str]]],
    before: Mapping[str, Classification],
) -> dict[str, Classification]:
    """Codes that nobody carries tonight stay; of several texts of a code, the known one stays.

    Where a list of its own is missing tonight, the codes in use are none. `several_texts`: see
    Gaps. `before`: the lists of the night before.
    """
    kept = {}
    for name, listed in lists.items():
        known = before.get(name) if listed.in_use_only else None
        if known is None:
            kept[name] = listed
        elif not _is_whole(known):
            kept[name] = _keep_listed(listed, several_texts.get(name, {}), known.entries)
    return kept


def _is_whole(listed: Classification) -> bool:
    """Whether it has all codes; of what an earlier release read it is not known."""
    return not listed.in_use_only and listed.reading_rules >= ENTRIES_KNOWN


def _keep_listed(
    listed: Classification,
    several_texts: Mapping[str, frozenset[str]],
    before: Mapping[str, Entry],
) -> Classification:
    entries = {**before, **listed.entries}
    for code in listed.entries.keys() & before.keys():
        is_said = before[code].text in several_texts.get(code, ())
        if is_said or listed.entries[code].text is None:
            entries[code] = before[code]
    return replace(listed, entries=dict(sorted(entries.items())))
