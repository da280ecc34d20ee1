"""Which resolved records a run changed: candidates first, then each compared, old with new."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from sordiff.diff import Changeset
from sordiff.model import Gln, SorId, State, Unit
from sordiff.register import Register
from sordiff.resolved.resolver import Resolver

# The fields whose codes a resolved record carries with their texts.
_CODED: Final = ("unit_type", "specialities")


class StateKeys(Struct, frozen=True, kw_only=True):
    """The units and numbers whose resolved records differ, gone ones among them, in order."""

    units: tuple[SorId, ...]
    numbers: tuple[Gln, ...]


def state_keys_changed(changes: Changeset) -> StateKeys:
    """The records that differ between the two registers of a changeset."""
    passed = (pair.new.sor_id for pair in changes.units if not pair.changes)
    return keys_changed(changes.old, changes.new, changes.touched.union(passed))


def keys_changed(old: Register, new: Register, touched: Iterable[SorId]) -> StateKeys:
    """The records that differ between two registers.

    `touched` are the units whose own records differ, and those whose day passed. The cost is that
    of these and of what is below them, and of all units only where the text of a code changed.
    """
    before, after = Resolver(old), Resolver(new)
    candidates = set(touched)
    candidates.update(_handed_to(before, after, candidates))
    for field in _CODED:
        candidates.update(new.carrying(field, _recoded(old, new, field)))
    return StateKeys(
        units=tuple(sorted(key for key in candidates if _differs(before, after, key))),
        numbers=tuple(sorted(_numbers_changed(before, after, candidates))),
    )


def _handed_to(before: Resolver, after: Resolver, touched: set[SorId]) -> set[SorId]:
    """The units below those whose inheritance changed."""
    old, new = before.register, after.register
    other = {
        sor_id
        for sor_id in touched
        if sor_id in old.units
        and sor_id in new.units
        and _hands_down_otherwise(before, after, old.units[sor_id], new.units[sor_id])
    }
    # Of one below another the upper's descendants are enough.
    upper = [
        sor_id
        for sor_id in other
        if not any(above.sor_id in other for above in new.ancestors(new.units[sor_id]))
    ]
    new.look_ahead_below(upper)
    return {below.sor_id for sor_id in upper for below in new.descendants(sor_id)}


def _hands_down_otherwise(before: Resolver, after: Resolver, old: Unit, new: Unit) -> bool:
    # Its name stands in the path of whatever is below: then nothing else need be worked out.
    return old.name != new.name or before.inheritance_of(old) != after.inheritance_of(new)


def _recoded(old: Register, new: Register, field: str) -> set[str]:
    """The codes of a field whose text is another, through whatever list."""
    changed = [
        listed
        for name in old.lists.keys() | new.lists.keys()
        if old.lists.get(name) != new.lists.get(name)
        for listed in (old.lists.get(name), new.lists.get(name))
        if listed is not None and listed.serves == field
    ]
    codes = {code for listed in changed for code in listed.entries}
    return {code for code in codes if old.text(field, code) != new.text(field, code)}


def _differs(before: Resolver, after: Resolver, sor_id: SorId) -> bool:
    old, new = before.register.units.get(sor_id), after.register.units.get(sor_id)
    if old is None or new is None:
        return old is not new
    if old != new or before.inheritance_of(old).path != after.inheritance_of(new).path:
        return True  # the path is a part of the state, and quicker to compare than all of it
    return before.unit_state(old) != after.unit_state(new)


def _numbers_changed(before: Resolver, after: Resolver, units: set[SorId]) -> Iterator[Gln]:
    """Numbers with other heirs or other owners.

    Heirs are counted as a difference: whoever is none of these units counts now as it did before.
    """
    more: Counter[Gln] = Counter()
    suspects: set[Gln] = set()
    for resolver, sign in ((before, -1), (after, 1)):
        register = resolver.register
        for unit in (register.units[key] for key in units if key in register.units):
            if unit.number is not None:
                suspects.add(unit.number)
            if unit.state(register.day) is State.OPEN:
                effective = register.effective_number(unit)
                if effective is not None:
                    more[effective] += sign
    suspects |= more.keys()
    for resolver in (before, after):
        resolver.register.look_ahead_numbers(suspects)
    for number in suspects:
        if more[number] or before.owners_of(number) != after.owners_of(number):
            yield number
