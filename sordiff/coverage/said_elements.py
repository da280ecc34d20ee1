"""Which unknown elements of units say what a field of theirs said the night before."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import UNSET

from sordiff.coverage.carried import SPECIALITY_TYPE, find_block, iterate_blocks
from sordiff.model import Unit

# So many of the units must say it alike. Of some the value may have changed that same night.
_ALIKE: Final = 0.95
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})
_STEP: Final = re.compile(r"((?:\{[^}]*\})?)([^/]+)/?")
_RECORDS: Final = frozenset(
    {"InstitutionOwnerEntity", "HealthInstitutionEntity", "OrganizationalUnitEntity"}
)

# Where the reader looks for each field: local names from the record down.
Places = Mapping[str, tuple[tuple[str, ...], ...]]


def choose_elements(told: Sequence[frozenset[str]], there: Counter[str]) -> list[str]:
    """The fewest elements that say it in nearly all units, that of most units first.

    `told`: for each unit the elements that say it; `there`: on how many units each element is. One
    that says it on some units by chance says something else on the others.
    """
    counts = Counter(local for locals_ in told for local in locals_)
    chosen: list[str] = []
    left = list(told)
    while left:
        more = Counter(local for locals_ in left for local in locals_)
        good = {
            local: count
            for local, count in more.items()
            if count >= _ALIKE * len(told) or counts[local] >= _ALIKE * there[local]
        }
        if not good:
            break
        best = max(good, key=lambda local: (good[local], local))
        chosen.append(best)
        left = [locals_ for locals_ in left if best not in locals_]
    return chosen if len(left) <= (1 - _ALIKE) * len(told) else []


def find_elements(
    field: str, unknown: Mapping[str, set[str]], places: Places, taken: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The paths at which a unit may say the field, each with its element.

    `taken` are the names of other fields, which say those wherever they stand. An element at the
    place of a known field only lacks what it stands beside, such as the number in a block.
    """
    for path in unknown:
        elements = list_elements(path, find_block(field))
        if not elements or any(elements in known for known in places.values()):
            continue
        if elements[-1] not in taken:
            yield path, elements[-1]


def list_names_of_others(field: str, places: Places) -> frozenset[str]:
    """The elements that are read as another field."""
    own = {place[-1] for place in places[field]}
    return frozenset(p[-1] for of_field in places.values() for p in of_field if p[-1] not in own)


def list_elements(path: str, block: str | None) -> tuple[str, ...] | None:
    """The local names in an unknown path; None for what can't be mapped.

    That are attributes, stray text, what stands beside a record, and what is in another block.
    """
    place, _, names = path.partition("other/")
    if place not in {"", f"{block}/"}:
        return None
    found = tuple(local for _, local in _STEP.findall(names))
    is_element = not found[-1].startswith("@") and found[-1] != "text()"
    return found if is_element and found[0] not in _RECORDS else None


def read_field(unit: Unit, field: str) -> Any:
    """What a unit says in a field: a text, a boolean, or the set of its texts; None for nothing."""
    if field == SPECIALITY_TYPE:
        return {each.type for each in unit.specialities if each.type is not None} or None
    if field == "specialities":
        return {each.code for each in unit.specialities} or None
    block = find_block(field)
    record: Any = unit if block is None else dict(iterate_blocks(unit))[block]
    name = field.rpartition("/")[2]
    value = getattr(record, "from_" if name == "from" else name, None)
    if value is UNSET:
        return None
    return set(value) or None if isinstance(value, tuple) else value


def is_alike(value: Any, texts: set[str]) -> bool:
    """Whether these texts say the value as the reader would read it."""
    if isinstance(value, bool):
        return texts <= (_TRUE if value else _FALSE)
    if isinstance(value, str):
        # Behind a day there may be a zone, which the reader drops.
        return len(texts) == 1 and (value in texts or next(iter(texts))[:10] == value)
    return bool(value == texts)
