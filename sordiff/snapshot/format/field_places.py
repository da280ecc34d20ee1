"""Where the extract says each field: the elements from the record down, by their local names.

All of it follows from the field table. The first place of a field is the one that a mapped element
is put into.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from sordiff.snapshot.format.element_names import (
    ADDRESS,
    ADDRESS_POSTAL,
    ADDRESSES,
    CONTACT,
    GEOGRAPHICAL_PARENT,
    INFORMATION,
    LOCAL_ATTRIBUTES,
    NUMBER,
    OPTION,
    REFERENCES,
    REPLACED,
    SPECIALITY,
    STATUS,
    UNIT,
    find_names,
)

FieldPlace = tuple[str, ...]

SPECIALITY_CODES: Final = tuple(find_names(SPECIALITY, "code"))
SPECIALITY_TYPES: Final = tuple(find_names(SPECIALITY, "type"))
_SPECIALITY: Final = ("ClinicalSpecialityCollection", "ClinicalSpeciality")
# Wrappers whose fields are the unit's own, with what stands in them.
_SPLICED: Final[Mapping[str, dict[str, str]]] = {
    "status": STATUS,
    "information": INFORMATION,
    "local_attributes": LOCAL_ATTRIBUTES,
    "geographical_parent": GEOGRAPHICAL_PARENT,
    "location_number_option": OPTION,
}
_OWN_NAMES: Final = {
    ("geographical_parent", "relation"): "geographical_parent_relation",
    ("geographical_parent", "sor_id"): "geographical_parent_id",
    ("location_number_option", "inherited"): "location_number_inherited",
}


def _spliced() -> Iterator[tuple[str, FieldPlace]]:
    for wrapper, table in _SPLICED.items():
        for above, (name, field) in product(find_names(UNIT, wrapper), table.items()):
            if (wrapper, field) != ("location_number_option", "location_number"):
                yield _OWN_NAMES.get((wrapper, field), field), (above, name)


def _number() -> Iterator[tuple[str, FieldPlace]]:
    blocks: list[FieldPlace] = [(name,) for name in find_names(UNIT, "location_number")]
    blocks += product(
        find_names(UNIT, "location_number_option"), find_names(OPTION, "location_number")
    )
    for block in blocks:
        yield "location_number", block
        for name, field in NUMBER.items():
            if field == "status":
                for day, known in STATUS.items():
                    yield f"location_number/{known}", (*block, name, day)
            else:
                yield f"location_number/{field}", (*block, name)


def _addresses() -> Iterator[tuple[str, FieldPlace]]:
    for which in ADDRESSES:
        for block in find_names(UNIT, which):
            yield f"address/{which}", (block,)
            for name, field in ADDRESS.items():
                if field != "address_postal":
                    yield f"address/{which}/{field}", (block, name)
                    continue
                for inner, known in ADDRESS_POSTAL.items():
                    yield f"address/{which}/{known}", (block, name, inner)


def _contact() -> Iterator[tuple[str, FieldPlace]]:
    for block in find_names(UNIT, "contact"):
        yield "contact", (block,)
        for name, field in CONTACT.items():
            yield f"contact/{field}", (block, name)


def _sets() -> Iterator[tuple[str, FieldPlace]]:
    for code in SPECIALITY_CODES:
        yield "specialities", (*_SPECIALITY, code)
    for kind in SPECIALITY_TYPES:
        yield "specialities/type", (*_SPECIALITY, kind)
    for field in REFERENCES:
        for collection, inner in product(find_names(UNIT, field), REPLACED):
            yield field, (collection, inner)


def _places() -> dict[str, tuple[FieldPlace, ...]]:
    apart = {*_SPLICED, "location_number", *ADDRESSES, "contact", *REFERENCES}
    found: dict[str, tuple[FieldPlace, ...]] = {}
    own = ((field, (name,)) for name, field in UNIT.items() if field not in apart)
    for field, place in (*own, *_spliced(), *_number(), *_addresses(), *_contact(), *_sets()):
        found[field] = (*found.get(field, ()), place)
    return found


def find_read_places(
    field: str, mapped: Iterable[FieldPlace], noted: Iterable[FieldPlace]
) -> list[FieldPlace]:
    """Find the noted places from which a field may have been read: the known ones first.

    Specialities are told by their codes, whatever stands around them.
    """
    known = PLACES.get(field, PLACES.get(field.replace("country_scheme", "country_code"), ()))
    ends = [place[-1:] for place in known] if field.startswith("specialities") else []
    ends += mapped
    at_end = sorted(p for p in noted if any(p[-len(end) :] == end for end in ends))
    return list(dict.fromkeys((*(place for place in known if place in noted), *at_end)))


PLACES: Final[Mapping[str, tuple[FieldPlace, ...]]] = _places()
