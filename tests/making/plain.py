"""A register in plain words: mutable records that a test makes, changes and writes as XML.

Every value is what the file says, not what it means: dates are text (`2024-09-02`), an empty text or a block without
any value stands for the blank element it becomes. `fold` tells what counts as blank.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from msgspec import Struct

from .numbers import valid_cvr as valid_cvr
from .numbers import valid_gln as valid_gln
from .numbers import valid_sor_id as valid_sor_id

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["owner", "institution", "organizational_unit"]
KINDS: tuple[Kind, ...] = ("owner", "institution", "organizational_unit")
ADDRESSES = ("postal", "visiting", "activity")
XML_SPACE = " \t\r\n"


class _Brief:
    """A repr that shows only what differs from the default: a shrunk failure stays readable."""

    def __repr__(self) -> str:
        said = (
            f"{f.name}={getattr(self, f.name)!r}"
            for f in fields(self)  # type: ignore[arg-type]  # every subclass is a dataclass
            if f.repr
            and getattr(self, f.name) != f.default
            and getattr(self, f.name) not in ([], {}, ())
        )
        return f"{type(self).__name__}({', '.join(said)})"


class Element(Struct, frozen=True, repr_omit_defaults=True):
    """One element: `Element("urn:x", "Local", "text", {"{urn:y}name": "v", "plain": "w"}, (child, …))`.

    Frozen, so that copies of a register may share it: a change puts another in its place. Text precedes the children.
    A frozen dataclass would take six times as long to make, and a register is thousands of elements.
    """

    namespace: str
    local: str
    text: str | None = None
    attributes: dict[str, str] = {}
    children: tuple[Element, ...] = ()


@dataclass(kw_only=True, repr=False)
class PlainAddress(_Brief):
    """One address block. The parts from municipality_code on exist in version 2 only; unknown stands in the block."""

    street_name: str | None = None
    street_building: str | None = None
    floor: str | None = None
    suite: str | None = None
    district_subdivision: str | None = None
    post_office_box: str | None = None
    post_code: str | None = None
    district_name: str | None = None
    country_code: str | None = None
    country_scheme: str | None = None
    stairway: str | None = None
    municipality_code: str | None = None
    street_code: str | None = None
    region_code: str | None = None
    coordinate_north: str | None = None
    coordinate_east: str | None = None
    unknown: list[Element] = field(default_factory=list)


@dataclass(kw_only=True, repr=False)
class PlainContact(_Brief):
    """The one block of e-mail, website, phone and fax."""

    email: str | None = None
    website: str | None = None
    phone: str | None = None
    fax: str | None = None
    unknown: list[Element] = field(default_factory=list)


@dataclass(kw_only=True, repr=False)
class PlainNumber(_Brief):
    """A location number block with its own status."""

    number: str | None = None
    internal_only: bool | None = False
    inactive: bool | None = False
    system_supplier: str | None = None
    system: str | None = None
    network: str | None = None
    administrator: str | None = None
    region: str | None = None
    note: str | None = None
    from_: str | None = None
    to: str | None = None
    updated: str | None = None
    first_from: str | None = None
    unknown: list[Element] = field(default_factory=list)
    unknown_in_status: list[Element] = field(default_factory=list)


@dataclass(kw_only=True, repr=False)
class PlainUnit(_Brief):
    """One unit with the units below it. `kind` decides the element names and must fit the place in the tree.

    specialities: (code, type) pairs. local_attributes: 1…5 to text. attributes stand on the record's element,
    wrapper_attributes on the wrapper's; both by Clark name.
    """

    sor_id: str
    kind: Kind
    name: str | None = None
    unit_type: str | None = None
    local_code: str | None = None
    pharmacy_number: str | None = None
    shak: str | None = None
    provider_number: str | None = None
    location_number: PlainNumber | None = None
    location_number_inherited: bool = False
    geographical_parent_relation: str | None = None
    geographical_parent_id: str | None = None
    postal: PlainAddress | None = None
    visiting: PlainAddress | None = None
    activity: PlainAddress | None = None
    contact: PlainContact | None = None
    specialities: list[tuple[str | None, str | None]] = field(default_factory=list)
    from_: str | None = None
    to: str | None = None
    updated: str | None = None
    first_from: str | None = None
    replaces: list[str] = field(default_factory=list)
    replaced_by: list[str] = field(default_factory=list)
    ambulant_activity: bool | None = None
    patients_admitted: bool | None = None
    reporting_level: bool | None = None
    local_attributes: dict[int, str] = field(default_factory=dict)
    cvr: str | None = None
    p_number: str | None = None
    organisational_level: str | None = None
    unknown: list[Element] = field(default_factory=list)
    unknown_in_wrapper: list[Element] = field(default_factory=list)
    unknown_in_status: list[Element] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    wrapper_attributes: dict[str, str] = field(default_factory=dict)
    children: list[PlainUnit] = field(default_factory=list)


@dataclass(kw_only=True, repr=False)
class PlainEntry(_Brief):
    """One entry of a code list. fields: local name of a further child to its text."""

    code: str
    text: str | None
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True, repr=False)
class PlainList(_Brief):
    """One code list; its name is the local name of the repeated element (`EntityType`)."""

    name: str
    entries: list[PlainEntry]


@dataclass(kw_only=True, repr=False)
class PlainRegister(_Brief):
    """One night's extract. lists is None when there is no file of data types.

    The last three are the maker's memory and no part of the extract: units removed earlier (each without its
    children), code lists that are missing tonight and will come back, and the names of tonight's changes.
    """

    created_at: str
    snapshot_date: str
    units: list[PlainUnit] = field(default_factory=list)
    lists: list[PlainList] | None = None
    unknown: list[Element] = field(default_factory=list)
    graveyard: list[PlainUnit] = field(default_factory=list, compare=False, repr=False)
    absent_lists: list[PlainList] = field(default_factory=list, compare=False, repr=False)
    made: list[str] = field(default_factory=list, compare=False)


_Record = TypeVar("_Record", bound=_Brief)


def twin(record: _Record) -> _Record:
    """A copy whose own lists and dicts are new; records within are shared."""
    new: Any = object.__new__(type(record))
    new.__dict__.update(
        {
            name: value.copy() if type(value) in (list, dict) else value
            for name, value in record.__dict__.items()
        }
    )
    return new  # type: ignore[no-any-return]  # built by hand for speed


def copy_unit(unit: PlainUnit, *, alone: bool = False) -> PlainUnit:
    """A deep copy, with the units below or, when alone, without them."""
    new = twin(unit)
    new.location_number = unit.location_number and twin(unit.location_number)
    new.postal = unit.postal and twin(unit.postal)
    new.visiting = unit.visiting and twin(unit.visiting)
    new.activity = unit.activity and twin(unit.activity)
    new.contact = unit.contact and twin(unit.contact)
    new.children = [] if alone else [copy_unit(child) for child in unit.children]
    return new


def copy_list(codes: PlainList) -> PlainList:
    """A deep copy of one code list."""
    return PlainList(name=codes.name, entries=[twin(entry) for entry in codes.entries])


def copy_register(register: PlainRegister) -> PlainRegister:
    """A deep copy: changing it leaves the register untouched. copy.deepcopy does the same, many times slower."""
    new = twin(register)
    new.units = [copy_unit(unit) for unit in register.units]
    new.lists = None if register.lists is None else [copy_list(codes) for codes in register.lists]
    new.absent_lists = [copy_list(codes) for codes in register.absent_lists]
    new.graveyard = [copy_unit(unit) for unit in register.graveyard]
    return new


def below(unit: PlainUnit) -> Iterator[PlainUnit]:
    """The unit itself and everything below it, in pre-order."""
    return _in_pre_order([unit])


def _in_pre_order(waiting: list[PlainUnit]) -> Iterator[PlainUnit]:
    """From the last of these to the first, whose list is emptied. Not by calling itself: it runs a million times."""
    while waiting:
        found = waiting.pop()
        yield found
        if found.children:
            waiting += found.children[::-1]


def walk(register: PlainRegister) -> Iterator[PlainUnit]:
    """All units in pre-order, siblings as they stand."""
    return _in_pre_order(register.units[::-1])


def parents(register: PlainRegister) -> dict[str, PlainUnit | None]:
    """Every unit's id to its parent (None for owners), in pre-order."""
    found: dict[str, PlainUnit | None] = {}

    def note(unit: PlainUnit, parent: PlainUnit | None) -> None:
        found[unit.sor_id] = parent
        for child in unit.children:
            note(child, unit)

    for unit in register.units:
        note(unit, None)
    return found


def find(register: PlainRegister, sor_id: str) -> PlainUnit | None:
    """The unit with this id."""
    return next((unit for unit in walk(register) if unit.sor_id == sor_id), None)


def fold(text: str | None) -> str | None:
    """What a text means: XML white space trimmed and folded, None when nothing is left."""
    if text is None:
        return None
    for space in XML_SPACE[1:]:
        text = text.replace(space, " ")
    return " ".join(part for part in text.split(" ") if part) or None
