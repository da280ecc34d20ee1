"""From what the rows state to units: their parents, and what each of them has of its own.

A row repeats what reaches its unit. What equals that of the units above is taken as inherited, so
that a new number of an owner is one change and not one for each unit below.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from sordiff.errors import Problem
from sordiff.findings import Finding
from sordiff.gaps.gaps import FROM_NOWHERE, SaidBelow
from sordiff.model import Address, Kind, LocationNumber, SorId, Unit
from sordiff.snapshot.tables.mentions import Mentions, group_below_rowless, group_marks
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.spooled_units import UnitSpool

# Most units have nothing else; one for all, which nobody changes.
_NOTHING_ELSE: Final[dict[str, Any]] = {}


class BuiltRegister(Struct, frozen=True, kw_only=True):
    """All units, those of them that are only mentioned, and what is to be said of them."""

    units: Mapping[SorId, Unit]
    mentioned: dict[SorId, Unit]
    said_below: dict[SorId, SaidBelow] = {}
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


def build_register(
    stated: dict[SorId, StatedUnit],
    file: str,
    *,
    marks_numbers: bool = False,
    release: bool = False,
    in_file: bool = False,
) -> BuiltRegister:
    """Build the units; a cycle of parents is a problem.

    `marks_numbers`: the rows say by themselves whether a number is inherited.
    `release`: nobody asks any more for what is stated, which takes as much room as the units.
    `in_file`: the units stay in a file, each decoded when it is asked for.
    """
    for unit in stated.values():
        unit.settle_parent()
    marks = group_marks(stated) if marks_numbers else None
    above = Mentions(stated, group_below_rowless(stated), marks)
    known = {**stated, **above.stated}
    problems = tuple(find_cycles(known, file))
    if problems:
        return BuiltRegister(units={}, mentioned={}, problems=problems, findings=())
    findings: list[Finding] = list(above.findings)
    mentioned = {sor_id: build_unit(unit, known, []) for sor_id, unit in above.stated.items()}
    built: UnitSpool | _Units = UnitSpool() if in_file else _Units()
    for without_row in mentioned.values():
        built.add(without_row)
    parents = {unit.parent_id for unit in known.values()}
    for sor_id in [*stated]:
        unit = stated[sor_id]
        built.add(build_unit(unit, known, findings))
        if release and sor_id in parents:
            unit.release()
        elif release:
            del known[sor_id], stated[sor_id]
    return BuiltRegister(
        units=built.finish(),
        mentioned=mentioned,
        said_below={
            sor_id: unit.say_blocks(is_marked=sor_id in above.marks)
            for sor_id, unit in above.stated.items()
        },
        problems=(),
        findings=tuple(sorted(findings)),
    )


class _Units:
    """Takes units as a spool does, and keeps them as they are."""

    def __init__(self) -> None:
        self._units: dict[SorId, Unit] = {}

    def add(self, unit: Unit) -> None:
        self._units[unit.sor_id] = unit

    def finish(self) -> dict[SorId, Unit]:
        return self._units


def find_cycles(
    known: Mapping[SorId, StatedUnit], file: str, starts: Iterable[SorId] | None = None
) -> Iterator[Problem]:
    """A problem for each cycle of parents above these units, or above any."""
    done: set[SorId] = set()
    for start in known if starts is None else starts:
        path: dict[SorId, None] = {}
        here: SorId | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = known[here].parent_id
        if here is not None and here in path:
            unit = known[here]
            message = f"unit {here} stands below itself"
            yield Problem(code="parent.cycle", message=message, file=file, line=unit.line)
        done.update(path)


def build_unit(
    unit: StatedUnit, known: Mapping[SorId, StatedUnit], findings: list[Finding]
) -> Unit:
    """Build a unit with what is its own; `known` has all units above it."""
    parent = None if unit.parent_id is None else known.get(unit.parent_id)
    number, inherited = _own_number(unit, known)
    other = _own_other(unit, parent)
    if unit.inherited and unit.number is not None and not (inherited or number):
        findings.append(_find_from_nowhere(unit.sor_id, unit.number))
        other = {**other, FROM_NOWHERE: unit.number.number}
    contact = None if parent is not None and unit.contact == parent.contact else unit.contact
    fields: dict[str, Any] = dict(unit.texts)
    fields |= unit.days
    cvr = unit.owner.cvr if unit.kind is Kind.OWNER else None
    return Unit(
        sor_id=unit.sor_id,
        kind=unit.kind,
        parent_id=unit.parent_id,
        location_number=number,
        location_number_inherited=inherited,
        address=_own_address(unit, parent),
        contact=contact,
        specialities=unit.specialities,
        replaced_by=unit.replaced_by,
        cvr=cvr,
        other=dict(sorted(other.items())) if other else _NOTHING_ELSE,
        **fields,
    )


def _own_number(
    unit: StatedUnit, known: Mapping[SorId, StatedUnit]
) -> tuple[LocationNumber | None, bool]:
    """The number that the unit owns, and whether it inherits one.

    The topmost of the units that carry a number one above the other owns it, unless the row says
    that the number is its own. A number that is inherited from nowhere is nobody's: it is kept
    beside the fields, for a wrong owner is worse than none.
    """
    if unit.number is None or unit.kind is Kind.OWNER or unit.inherited is False:
        return unit.number, False
    above = _nearest_number(unit, known)
    if above is not None and above.number == unit.number.number:
        return None, True
    return None if unit.inherited else unit.number, False


def _find_from_nowhere(sor_id: SorId, number: LocationNumber) -> Finding:
    return Finding(
        code="location_number.inherited_from_nowhere",
        subject=sor_id,
        message=f"{number.number} is marked inherited, but no unit above it has it",
        value=number.number,
    )


def _nearest_number(unit: StatedUnit, known: Mapping[SorId, StatedUnit]) -> LocationNumber | None:
    parent_id = unit.parent_id
    while parent_id is not None and (parent := known.get(parent_id)) is not None:
        if parent.number is not None:
            return parent.number
        parent_id = parent.parent_id
    return None


def _own_address(unit: StatedUnit, parent: StatedUnit | None) -> Address | None:
    """The blocks that inheritance would not give: see Unit.address."""
    above = None if parent is None else parent.postal
    postal = None if unit.postal == above else unit.postal
    visiting = None if unit.visiting == unit.postal else unit.visiting
    around = unit.postal if unit.visiting is None else unit.visiting
    activity = None if unit.activity == around else unit.activity
    if postal is None and visiting is None and activity is None:
        return None
    return Address(postal=postal, visiting=visiting, activity=activity)


def _own_other(unit: StatedUnit, parent: StatedUnit | None) -> dict[str, str]:
    """What no field holds; a region that the parent's row repeats is the parent's."""
    if parent is None or unit.other.get("Region") != parent.other.get("Region"):
        return unit.other
    return {name: text for name, text in unit.other.items() if name != "Region"}
