"""What a unit carries: the canonical fields and blocks that it has, and its unknown paths.

A field is named by its path, as in `sordiff.fields`. A block (`contact`, `address/postal`,
`location_number`) is carried where one of its known fields is, whatever unknown things stand in it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import astuple
from msgspec.structs import fields as struct_fields

from sordiff.model import Contact, Kind, LocationNumber, OtherValue, PostalAddress, Record, Unit

SPECIALITY_TYPE: Final = "specialities/type"
BLOCKS: Final[Mapping[str, type[Record]]] = {
    "location_number": LocationNumber,
    "address/postal": PostalAddress,
    "address/visiting": PostalAddress,
    "address/activity": PostalAddress,
    "contact": Contact,
}
# Which unit it is, and where it stands: these have no element that a sender could leave out.
_GIVEN: Final = frozenset({"kind", "parent_id"})
_NESTED: Final = frozenset({"location_number", "address", "contact", "other"})

# What a unit has, as a value that many units share: all that `_paths_of` looks at.
_Shape = tuple[Any, ...]


def _leaves(record: type[Record]) -> tuple[str, ...]:
    return tuple(f.encode_name for f in struct_fields(record) if f.name != "other")


_UNIT_FIELDS: Final = _leaves(Unit)
_IN_BLOCKS: Final = {block: _leaves(record) for block, record in BLOCKS.items()}


def list_known_fields() -> tuple[str, ...]:
    """Every canonical field and block, in the order of the model; a block before its parts."""
    found: list[str] = []
    for name in _UNIT_FIELDS:
        if name in _GIVEN:
            continue
        blocks = [block for block in BLOCKS if block.partition("/")[0] == name]
        for block in blocks:
            found += [block, *(f"{block}/{part}" for part in _IN_BLOCKS[block])]
        if not blocks:
            found.append(name)
        if name == "specialities":
            found.append(SPECIALITY_TYPE)
    return tuple(found)


KNOWN_FIELDS: Final = list_known_fields()
# The scheme of a country code is an attribute, which no element can say.
MAPPABLE: Final = tuple(f for f in KNOWN_FIELDS if not f.endswith("/country_scheme"))
_KNOWN: Final = frozenset(KNOWN_FIELDS)


def is_known(path: str) -> bool:
    """Whether the path is that of a canonical field or block."""
    return path in _KNOWN


@lru_cache(maxsize=1_024)
def find_block(field: str) -> str | None:
    """The block in which a field stands; None for a block itself and for the unit's own fields."""
    return next((block for block in BLOCKS if field.startswith(f"{block}/")), None)


def list_block_fields(block: str) -> tuple[str, ...]:
    """The fields in a block; none for a field."""
    return tuple(f"{block}/{part}" for part in _IN_BLOCKS.get(block, ()))


def list_carried_paths(unit: Unit) -> frozenset[str]:
    """The paths of all that a unit carries."""
    return _paths_of(summarise_carried(unit))


def summarise_carried(unit: Unit) -> _Shape:
    """What `list_carried_paths` depends on: equal for the many units that have the same fields."""
    number, address, contact = unit.location_number, unit.address, unit.contact
    return (
        unit.location_number_inherited,
        unit.organisational_level is not UNSET,
        tuple([value is not None for value in astuple(unit)]),
        bool(unit.specialities),
        any(speciality.type is not None for speciality in unit.specialities),
        bool(unit.replaces),
        bool(unit.replaced_by),
        _said(number),
        _said(address.postal) if address else (),
        _said(address.visiting) if address else (),
        _said(address.activity) if address else (),
        _said(contact),
        _unknown_paths(unit) if _has_unknown(unit) else (),
    )


def _said(record: Record | None) -> tuple[bool, ...]:
    """Which fields of a block are there, but for its unknown ones, which are the last."""
    return () if record is None else tuple([value is not None for value in astuple(record)[:-1]])


@lru_cache(maxsize=65_536)
def _paths_of(of: _Shape) -> frozenset[str]:
    inherited, levelled, own, specialities, typed, replaces, replaced_by, *blocks, unknown = of
    found = {name for name, said in zip(_UNIT_FIELDS, own, strict=False) if said}
    found -= _GIVEN | _NESTED
    told = {
        "location_number_inherited": inherited,
        "organisational_level": levelled,
        "specialities": specialities,
        SPECIALITY_TYPE: typed,
        "replaces": replaces,
        "replaced_by": replaced_by,
    }
    found = (found - told.keys()).union(name for name, said in told.items() if said)
    for block, said in zip(BLOCKS, blocks, strict=True):
        parts = [f"{block}/{n}" for n, s in zip(_IN_BLOCKS[block], said, strict=False) if s]
        found.update(parts, [block] if parts else ())
    return frozenset(found.union(unknown))


def _has_unknown(unit: Unit) -> bool:
    number, address, contact = unit.location_number, unit.address, unit.contact
    if unit.other or (number and number.other) or (contact and contact.other):
        return True
    blocks = (address.postal, address.visiting, address.activity) if address else ()
    return any(block is not None and block.other for block in blocks)


def _unknown_paths(unit: Unit) -> tuple[str, ...]:
    parts = iterate_unknown_parts(unit)
    return tuple(
        sorted({path for place, other in parts for path, _ in iterate_texts(other, place)})
    )


def iterate_unknown_parts(unit: Unit) -> Iterator[tuple[str, Mapping[str, OtherValue]]]:
    """What nobody knows of a unit and of each of its blocks, with the beginning of the paths."""
    yield "other/", unit.other
    for block, record in iterate_blocks(unit):
        if record is not None:
            yield f"{block}/other/", record.other


def iterate_blocks(unit: Unit) -> Iterator[tuple[str, Any]]:
    """The blocks of a unit, each with its record or None."""
    address = unit.address
    yield "location_number", unit.location_number
    for name in ("postal", "visiting", "activity"):
        yield f"address/{name}", getattr(address, name) if address else None
    yield "contact", unit.contact


def iterate_texts(other: Mapping[str, OtherValue], place: str) -> Iterator[tuple[str, str]]:
    """Each text that nobody knows, by its path; those of repeated siblings under one path."""
    for name, value in other.items():
        yield from _texts(f"{place}{name}", value)


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(path, item)
    else:
        for name, inner in value.items():
            yield from _texts(f"{path}/{name}", inner)


def collect_unknown_texts(unit: Unit) -> dict[str, set[str]]:
    """What a unit says where nobody knows what it means: the texts by path."""
    found: dict[str, set[str]] = {}
    for place, other in iterate_unknown_parts(unit):
        for path, text in iterate_texts(other, place):
            found.setdefault(path, set()).add(text)
    return found


class CarrierCounter:
    """Counts how many units carry each path; they may come in any number of parts."""

    def __init__(self) -> None:
        """No unit has come yet."""
        self._shapes: Counter[tuple[Kind, _Shape]] = Counter()

    def add(self, units: Iterable[Unit]) -> None:
        """Count these, too."""
        self._shapes.update((unit.kind, summarise_carried(unit)) for unit in units)

    def count(self) -> Counter[tuple[str, Kind]]:
        """How many units carry each path, by kind; the paths of equal shapes are named once."""
        found: Counter[tuple[str, Kind]] = Counter()
        for (kind, of), count in self._shapes.items():
            for path in _paths_of(of):
                found[path, kind] += count
        return found


def count_carriers(units: Iterable[Unit]) -> Counter[tuple[str, Kind]]:
    """How many of these units carry each path, by kind."""
    counter = CarrierCounter()
    counter.add(units)
    return counter.count()
