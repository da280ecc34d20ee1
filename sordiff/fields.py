"""The fields of a unit as paths: nested record <-> flat map, and the fields that versions share.

A path is `name`, `location_number/system`, `address/postal/street_name` or, for unknown elements,
`other/{namespace}Local` and `address/postal/other/{namespace}Local`. details_changed events and
adoptions have the same paths.
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET
from msgspec.structs import fields as struct_fields
from msgspec.structs import replace

from sordiff.model import Address, Contact, PostalAddress, Record, Unit

_R = TypeVar("_R", bound=Record)

# Path -> text, boolean or list. An absent field has no path.
Flat = dict[str, Any]

# Written name -> attribute name, in the order of the model.
ATTRIBUTES: Final[Mapping[str, str]] = {
    field.encode_name: field.name for field in struct_fields(Unit)
}
BOOKKEEPING: Final = frozenset({"from", "updated"})

_DAYS = ("from_", "to", "updated", "first_from")
_SHARED_UNIT = (
    "kind",
    "parent_id",
    "name",
    "unit_type",
    "shak",
    "provider_number",
    "pharmacy_number",
    "location_number_inherited",
    *_DAYS,
)
_SHARED_NUMBER = ("number", "internal_only", "inactive", "network", "administrator", "region")
_SHARED_ADDRESS = (
    "street_name",
    "street_building",
    "floor",
    "suite",
    "district_subdivision",
    "post_office_box",
    "post_code",
    "district_name",
    "country_code",
    "country_scheme",
    "stairway",
)
_SHARED_CONTACT = ("email", "website", "phone", "fax")


def to_plain(record: Record) -> dict[str, Any]:
    """A record as nested objects and lists, as from JSON; absent fields are None."""
    built: dict[str, Any] = msgspec.to_builtins(record, builtin_types=())
    return built


def flatten(nested: Mapping[str, Any], prefix: str = "") -> Flat:
    """Flatten nested objects to paths. A list is one value; None and empty are left out."""
    flat: Flat = {}
    for key, value in nested.items():
        path = prefix + key
        if key == "other":
            flat |= {f"{path}/{name}": item for name, item in value.items()}
        elif isinstance(value, dict):
            flat |= flatten(value, f"{path}/")
        elif value is not None and value not in ((), []):
            flat[path] = list(value) if isinstance(value, tuple) else value
    return flat


def flatten_unequal(before: _R | None, after: _R | None) -> tuple[Flat, Flat]:
    """Two records of one kind as `flatten` has them, without the fields in which they are equal."""
    if before is None or after is None:
        return (
            {} if before is None else flatten(to_plain(before)),
            {} if after is None else flatten(to_plain(after)),
        )
    unequal = [
        written
        for written, name in _list_names(type(before))
        if getattr(before, name) != getattr(after, name)
    ]
    if not unequal:
        return {}, {}
    old, new = to_plain(before), to_plain(after)
    return (
        flatten({name: old[name] for name in unequal if name in old}),
        flatten({name: new[name] for name in unequal if name in new}),
    )


@functools.cache
def _list_names(kind: type[Record]) -> tuple[tuple[str, str], ...]:
    """The fields of a record as they are written, and as its attributes are called."""
    return tuple((field.encode_name, field.name) for field in struct_fields(kind))


def flatten_unit(unit: Unit) -> Flat:
    """All fields of a unit that are not absent, by path."""
    return flatten(to_plain(unit))


def nest_unit(flat: Flat) -> Unit:
    """The inverse of flat_unit."""
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        block = nested
        rest = path
        while not rest.startswith("other/") and "/" in rest:
            name, rest = rest.split("/", 1)
            block = block.setdefault(name, {})
        if rest.startswith("other/"):
            block.setdefault("other", {})[rest.removeprefix("other/")] = value
        else:
            block[rest] = value
    return msgspec.convert(nested, Unit)


def flatten_fields(unit: Unit, names: Iterable[str]) -> Flat:
    """Only these top-level fields, by path; `names` are names as written."""
    chosen: dict[str, Any] = {}
    for name in names:
        value = getattr(unit, ATTRIBUTES[name])
        if value is UNSET:
            continue
        chosen[name] = msgspec.to_builtins(value, builtin_types=())
    return flatten(chosen)


def build_shared_view(unit: Unit) -> Unit:
    """The unit with only the fields that every version of the format has."""
    kept: dict[str, Any] = {name: getattr(unit, name) for name in _SHARED_UNIT}
    number = unit.location_number
    return Unit(
        sor_id=unit.sor_id,
        location_number=number and _keep_fields(number, (*_SHARED_NUMBER, *_DAYS)),
        address=_shared_address(unit.address),
        contact=unit.contact
        and _none_if_blank(_keep_fields(unit.contact, _SHARED_CONTACT), Contact()),
        **kept,
    )


def build_shared_pair(old: Unit, new: Unit) -> tuple[Unit, Unit]:
    """The shared views of both; `unit_type` is compared only if both have one."""
    before, after = build_shared_view(old), build_shared_view(new)
    if before.unit_type is None or after.unit_type is None:
        return replace(before, unit_type=None), replace(after, unit_type=None)
    return before, after


def _shared_address(address: Address | None) -> Address | None:
    if address is None:
        return None
    blocks = {
        name: block and _none_if_blank(_keep_fields(block, _SHARED_ADDRESS), PostalAddress())
        for name in ("postal", "visiting", "activity")
        for block in (getattr(address, name),)
    }
    return _none_if_blank(Address(**blocks), Address())


def _keep_fields(record: _R, names: Iterable[str]) -> _R:
    return type(record)(**{name: getattr(record, name) for name in names})


def _none_if_blank(record: _R, blank: _R) -> _R | None:
    return None if record == blank else record
