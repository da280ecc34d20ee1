"""What stands below a unit without a row: what it has of its own, and what it has from above.

A table repeats in every row what reaches the unit, so the reader takes as inherited what equals
that of the unit above. Of a unit without a row it has only a guess, from the rows below: the state
of the night before knows better, and what it says stands above them.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from sordiff.gaps.gaps import FROM_NOWHERE, Gaps, SaidBelow
from sordiff.model import Address, Contact, LocationNumber, PostalAddress, SorId, Unit

Units = Mapping[SorId, Unit]


def settle_below(gaps: Gaps, filled: dict[SorId, Unit], units: Units, old: Units) -> None:
    """Give each unit below one without a row its own again, by what now stands above it.

    Of the units without a row only those count that the night before had too: of others the rows
    below speak for themselves. `filled`: tonight's units that were read, of which those below are
    replaced. `units`: all units of tonight, `filled` among them; `old`: those of the night before.
    """
    mentioned = {sor_id: unit for sor_id, unit in gaps.mentioned.items() if sor_id in old}
    if not mentioned:
        return
    as_read: Units = ChainMap(mentioned, units)  # type: ignore[arg-type]  # is only read
    for sor_id, unit in filled.items():
        if sor_id in mentioned or unit.parent_id is None:
            continue
        settled = unit
        # What passes through a unit without a row, from further above, is not in the rows either.
        if unit.parent_id in mentioned:
            above = gaps.said_below[unit.parent_id]
            said = gaps.said_below.get(sor_id) or _say_as_row(unit, above)
            settled = _settle_blocks(unit, said, units, old.get(sor_id))
        if gaps.marks_numbers:
            settled = _find_inherited(settled, units)
        elif _has_number(unit) and _is_next_below(unit, mentioned, units):
            settled = _settle_number(settled, as_read, units)
        if settled is not unit:
            filled[sor_id] = settled


def _find_inherited(unit: Unit, units: Units) -> Unit:
    """A number that its row marks inherited, of which no row above told, may stand there."""
    marked = unit.other.get(FROM_NOWHERE)
    above = None if marked is None else _find_number(unit, units)
    if above is None or above.number != marked:
        return unit
    other = {name: value for name, value in unit.other.items() if name != FROM_NOWHERE}
    return replace(unit, location_number_inherited=True, other=other)


def _has_number(unit: Unit) -> bool:
    return unit.location_number is not None or unit.location_number_inherited


def _is_next_below(unit: Unit, mentioned: Units, units: Units) -> bool:
    """Whether no unit with a number stands between the unit and one without a row."""
    for above in _above(unit, units):
        if above.sor_id in mentioned:
            return True
        if _has_number(above):
            return False
    return False


def _settle_number(unit: Unit, as_read: Units, units: Units) -> Unit:
    """A number that also stands above is inherited; one that does not is the unit's own."""
    above = _find_number(unit, units)
    number = unit.location_number or _find_number(unit, as_read)
    if number is None or (above is not None and above.number == number.number):
        return replace(unit, location_number=None, location_number_inherited=True)
    return replace(unit, location_number=number, location_number_inherited=False)


def _say_as_row(unit: Unit, above: SaidBelow) -> SaidBelow:
    """What the row of a unit says; what is not the unit's own equals that of the unit above."""
    postal = None if unit.address is None else unit.address.postal
    return SaidBelow(postal=postal or above.postal, contact=unit.contact or above.contact)


def _settle_blocks(unit: Unit, said: SaidBelow, units: Units, before: Unit | None) -> Unit:
    """The same of the postal address and the contact; `said`: what reaches the unit."""
    address, was = unit.address or Address(), (before and before.address) or Address()
    postal = _settle(said.postal, was.postal, _find_postal(unit, units))
    if postal != address.postal:
        address = replace(address, postal=postal)
        unit = replace(unit, address=None if address == Address() else address)
    contact = _settle(said.contact, before and before.contact, _find_contact(unit, units))
    return unit if contact == unit.contact else replace(unit, contact=contact)


def _settle(said: Any, was: Any, above: Any) -> Any:
    """What is the unit's own, where this reaches it, and that stands above."""
    return None if said == above and said != was else said


def _above(unit: Unit, units: Units) -> Iterator[Unit]:
    while unit.parent_id is not None:
        unit = units[unit.parent_id]
        yield unit


def _find_number(unit: Unit, units: Units) -> LocationNumber | None:
    return next((u.location_number for u in _above(unit, units) if u.location_number), None)


def _find_postal(unit: Unit, units: Units) -> PostalAddress | None:
    return next(
        (u.address.postal for u in _above(unit, units) if u.address and u.address.postal), None
    )


def _find_contact(unit: Unit, units: Units) -> Contact | None:
    return next((u.contact for u in _above(unit, units) if u.contact), None)
