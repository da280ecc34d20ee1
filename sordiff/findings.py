"""Suspicious but acceptable: what `sordiff check` says of a snapshot that it does not refuse."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct

from sordiff.check_digits import is_cvr, is_gln, is_sor_id
from sordiff.double_encoding import undo_double_encoding
from sordiff.model import Classification, Gln, Kind, SorId, State, Unit
from sordiff.register import HandedDown, Register
from sordiff.visible import has_invisible, reveal

_GLN_DIGITS: Final = 13
_CVR_DIGITS: Final = 8
_P_NUMBER_DIGITS: Final = 10
_HIDDEN_LENGTH: Final = 8
_SHOWN: Final = 5
# Units that are looked at together.
_AT_ONCE: Final = 2_000
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


def find_findings(
    register: Register, look: Callable[[Sequence[Unit]], None] | None = None
) -> list[Finding]:
    """All findings of a register, ordered by code and subject.

    Each unit is looked at once, some of them together, for it may have to be decoded for it. `look`
    is shown the same units, so that who asks more of each of them need not begin anew.
    """
    found: list[Finding] = []
    owners: dict[Gln, list[SorId]] = {}
    with_provider_number: dict[str, list[SorId]] = {}
    waiting = iter(register.units.values())
    while units := [*islice(waiting, _AT_ONCE)]:
        found += find_own_findings(units)
        found += find_placed_findings(register, units)
        for unit in units:
            if unit.number is not None:
                owners.setdefault(unit.number, []).append(unit.sor_id)
            if unit.provider_number is not None:
                with_provider_number.setdefault(unit.provider_number, []).append(unit.sor_id)
        if look is not None:
            look(units)
    register.take_indexes(owners, with_provider_number)
    found += find_number_findings(register, owners)
    found += find_provider_number_findings(register, with_provider_number)
    return sorted(found)


def find_own_findings(units: Iterable[Unit]) -> Iterator[Finding]:
    """The findings that depend on nothing but a unit's own record."""
    for unit in units:
        if unit.name is not None and not unit.name.isascii():
            yield from _find_in_name(unit, unit.name)
        sor_id, number = unit.sor_id, unit.number
        if not is_sor_id(sor_id):
            yield Finding(
                code="sor_id.check_digit", subject=sor_id, message="the check digit is wrong"
            )
        if number is not None and not (_has_digits(number, _GLN_DIGITS) and is_gln(number)):
            yield Finding(
                code="location_number.check_digit",
                subject=sor_id,
                message=f"{number} is not a GLN of 13 digits with a right check digit",
                value=number,
            )
        if unit.cvr is not None and not (_has_digits(unit.cvr, _CVR_DIGITS) and is_cvr(unit.cvr)):
            yield Finding(
                code="cvr.check_digit",
                subject=sor_id,
                message=f"{unit.cvr} is not a CVR number",
                value=unit.cvr,
            )
        if unit.p_number is not None and not _has_digits(unit.p_number, _P_NUMBER_DIGITS):
            yield Finding(
                code="p_number.form",
                subject=sor_id,
                message=f"{unit.p_number} is not 10 digits",
                value=unit.p_number,
            )


def _find_in_name(unit: Unit, name: str) -> Iterator[Finding]:
    """What is wrong with the characters of a name beyond ASCII."""
    once = undo_double_encoding(name)
    if once is not None:
        yield Finding(
            code="name.double_encoded",
            subject=unit.sor_id,
            message=f"the name was encoded twice, and is probably {once}",
            value=once,
        )
    elif has_invisible(name):
        shown = reveal(name)
        yield Finding(
            code="name.invisible_character",
            subject=unit.sor_id,
            message=f"the name has a character that nobody sees: {shown}",
            value=shown,
        )


def _has_digits(text: str, count: int) -> bool:
    """Only ASCII digits, `count` of them; stdnum also accepts hyphens and full-width digits."""
    return len(text) == count and text.isascii() and text.isdigit()


def find_placed_findings(register: Register, units: Iterable[Unit]) -> Iterator[Finding]:
    """The findings of units that depend on where they stand, the day and the lists."""
    known = list_known_types(register.lists)
    closed = _find_closed(register)
    for unit in units:
        yield from _in_tree(register, unit, closed)
        if known is not None and unit.unit_type is not None and unit.unit_type not in known:
            yield Finding(
                code="unit_type.not_in_classification",
                subject=unit.sor_id,
                message=f"the unit type {unit.unit_type} is in no list of unit types",
                value=unit.unit_type,
            )


def _in_tree(register: Register, unit: Unit, closed: HandedDown[Unit | None]) -> Iterator[Finding]:
    parent = None if unit.parent_id is None else register.units[unit.parent_id]
    expected = Kind.OWNER if parent is None else _LEVEL_BELOW[parent.kind]
    if unit.kind is not expected:
        yield Finding(
            code="unit.misplaced",
            subject=unit.sor_id,
            message=f"{unit.kind} stands below {parent.kind if parent else 'nothing'}",
            units=(parent.sor_id,) if parent else (),
        )
    above = closed.find_above(unit)
    if above is not None and unit.state(register.day) is State.OPEN:
        yield Finding(
            code="unit.open_below_closed",
            subject=unit.sor_id,
            message=f"open, but {above.sor_id} above it was closed after {above.to}",
            units=(above.sor_id,),
            value=above.to,
        )
    if unit.location_number_inherited and register.effective(unit) is None:
        yield Finding(
            code="location_number.nothing_to_inherit",
            subject=unit.sor_id,
            message="marked as inherited, but no unit above owns a location number",
        )


def _find_closed(register: Register) -> HandedDown[Unit | None]:
    """The nearest closed unit above each."""

    def choose(unit: Unit, above: Unit | None) -> Unit | None:
        return unit if unit.state(register.day) is State.CLOSED else above

    return HandedDown(register, choose, None)


def list_known_types(lists: Mapping[str, Classification]) -> frozenset[str] | None:
    """The codes in lists of unit types; None where there is no such list."""
    listed = [entry for entry in lists.values() if entry.serves == "unit_type"]
    if not listed:
        return None
    return frozenset(code for classification in listed for code in classification.entries)


def find_number_findings(register: Register, numbers: Iterable[Gln]) -> Iterator[Finding]:
    """Which of these location numbers several units own."""
    for number in numbers:
        owners = sorted(register.owners_of(number))
        if len(owners) > 1:
            yield Finding(
                code="location_number.shared",
                subject=number,
                message=f"owned by {len(owners)} units: {_listed(owners)}",
                units=tuple(owners),
            )


def find_provider_number_findings(register: Register, numbers: Iterable[str]) -> Iterator[Finding]:
    """Which of these stand on several units that are not closed, and which of those has a GLN.

    In 2018 the register hid duplicates by a 99 before the six characters; those are settled.
    """
    for number in numbers:
        if number.startswith("99") and len(number) == _HIDDEN_LENGTH:
            continue
        carrying = (register.units[sor_id] for sor_id in register.with_provider_number(number))
        units = [unit for unit in carrying if unit.state(register.day) is not State.CLOSED]
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
                subject=number,
                message=f"on {len(ids)} units: {_listed(ids)}; {which}",
                units=tuple(ids),
                reached=tuple(reached),
            )


def _listed(ids: Iterable[str]) -> str:
    shown = list(ids)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
