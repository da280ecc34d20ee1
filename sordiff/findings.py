"""Suspicious but acceptable: what `sordiff check` says of a snapshot that it does not refuse."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from sordiff.model import Kind, State, Unit
from sordiff.register import Register

_GLN_DIGITS: Final = 13
_CVR_DIGITS: Final = 8
_P_NUMBER_DIGITS: Final = 10
_HIDDEN_LENGTH: Final = 8
_SHOWN: Final = 5
_LEVEL_BELOW: Final = {
    Kind.OWNER: Kind.INSTITUTION,
    Kind.INSTITUTION: Kind.ORGANIZATIONAL_UNIT,
    Kind.ORGANIZATIONAL_UNIT: Kind.ORGANIZATIONAL_UNIT,
}


class Finding(Struct, frozen=True, kw_only=True, order=True):
    """One suspicious thing: a stable code, what it is about, a sentence, and its parts.

    `units` are the units concerned beside the subject, `reached` those of them that have a location
    number; `value` is what is wrong.
    """

    code: str
    subject: str
    message: str
    units: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    value: str | None = None


def findings_of(register: Register) -> list[Finding]:
    """All findings of a register, ordered by code and subject."""
    found: list[Finding] = []
    for unit in register.units.values():
        found += _in_unit(unit, register)
    found += _shared_numbers(register)
    found += _shared_provider_numbers(register)
    return sorted(found)


def _in_unit(unit: Unit, register: Register) -> Iterator[Finding]:
    from stdnum import ean, verhoeff  # loaded late: only check needs them
    from stdnum.dk import cvr

    sor_id = unit.sor_id
    if not verhoeff.is_valid(sor_id):
        yield Finding(code="sor_id.check_digit", subject=sor_id, message="the check digit is wrong")
    if unit.number is not None and not (
        len(unit.number) == _GLN_DIGITS and ean.is_valid(unit.number)
    ):
        yield Finding(
            code="location_number.check_digit",
            subject=sor_id,
            message=f"{unit.number} is not a GLN of 13 digits with a right check digit",
            value=unit.number,
        )
    if unit.cvr is not None and not (len(unit.cvr) == _CVR_DIGITS and cvr.is_valid(unit.cvr)):
        yield Finding(
            code="cvr.check_digit",
            subject=sor_id,
            message=f"{unit.cvr} is not a CVR number",
            value=unit.cvr,
        )
    if unit.p_number is not None and not (
        len(unit.p_number) == _P_NUMBER_DIGITS and unit.p_number.isdigit()
    ):
        yield Finding(
            code="p_number.form",
            subject=sor_id,
            message=f"{unit.p_number} is not 10 digits",
            value=unit.p_number,
        )
    yield from _in_tree(unit, register)
    yield from _in_lists(unit, register)


def _in_tree(unit: Unit, register: Register) -> Iterator[Finding]:
    parent = None if unit.parent_id is None else register.units[unit.parent_id]
    expected = Kind.OWNER if parent is None else _LEVEL_BELOW[parent.kind]
    if unit.kind is not expected:
        yield Finding(
            code="unit.misplaced",
            subject=unit.sor_id,
            message=f"{unit.kind} stands below {parent.kind if parent else 'nothing'}",
            units=(parent.sor_id,) if parent else (),
        )
    if unit.state(register.day) is State.OPEN:
        closed = [
            above for above in register.ancestors(unit) if above.state(register.day) is State.CLOSED
        ]
        if closed:
            yield Finding(
                code="unit.open_below_closed",
                subject=unit.sor_id,
                message=f"open, but {closed[0].sor_id} above it was closed after {closed[0].to}",
                units=(closed[0].sor_id,),
                value=closed[0].to,
            )
    if unit.location_number_inherited and register.effective(unit) is None:
        yield Finding(
            code="location_number.nothing_to_inherit",
            subject=unit.sor_id,
            message="marked as inherited, but no unit above owns a location number",
        )


def _in_lists(unit: Unit, register: Register) -> Iterator[Finding]:
    listed = [entry for entry in register.lists.values() if entry.serves == "unit_type"]
    if (
        listed
        and unit.unit_type is not None
        and not any(unit.unit_type in classification.entries for classification in listed)
    ):
        yield Finding(
            code="unit_type.not_in_classification",
            subject=unit.sor_id,
            message=f"the unit type {unit.unit_type} is in no list of unit types",
            value=unit.unit_type,
        )


def _shared_numbers(register: Register) -> Iterator[Finding]:
    for number in register.numbers():
        owners = sorted(register.owners_of(number))
        if len(owners) > 1:
            yield Finding(
                code="location_number.shared",
                subject=number,
                message=f"owned by {len(owners)} units: {_listed(owners)}",
                units=tuple(owners),
            )


def _shared_provider_numbers(register: Register) -> Iterator[Finding]:
    """Provider numbers on several units that are not closed, and which of them has a GLN.

    In 2018 the register hid duplicates by a 99 before the six characters; those are settled.
    """
    carrying: dict[str, list[Unit]] = defaultdict(list)
    for unit in register.units.values():
        number = unit.provider_number
        if number is None or (number.startswith("99") and len(number) == _HIDDEN_LENGTH):
            continue
        if unit.state(register.day) is not State.CLOSED:
            carrying[number].append(unit)
    for provider_number, units in carrying.items():
        if len(units) > 1:
            ids = sorted(unit.sor_id for unit in units)
            reached = sorted(unit.sor_id for unit in units if register.effective(unit))
            which = (
                f"with a location number: {_listed(reached)}"
                if reached
                else "none of them has a location number"
            )
            yield Finding(
                code="provider_number.shared",
                subject=provider_number,
                message=f"on {len(ids)} units: {_listed(ids)}; {which}",
                units=tuple(ids),
                reached=tuple(reached),
            )


def _listed(ids: Iterable[str]) -> str:
    shown = list(ids)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
