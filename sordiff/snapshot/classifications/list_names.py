"""What a list is called: by its repeated element, or by what tells lists of one element apart.

No source tells the layout. Lists may stand under a name each (`EntityType`), all under one name
with a column that says of which list an entry is, or under parents of one name with the list's
name in an attribute. Lists melted into one would tell changes that no list had.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sordiff.list_shape import ListShape
from sordiff.snapshot.classifications.entries import (
    ReadEntry,
    collect_leaves,
    read_entries,
    strip_namespace,
)
from sordiff.snapshot.classifications.validity import ListValues, drop_copies, have_one_meaning
from sordiff.snapshot.loaded_lxml import etree

# Which unit field carries the codes of a list, told by the list's name.
_SERVES: Final = (
    (re.compile(r"entitytype|unittype|institutiontype|ownertype|enhedstype", re.I), "unit_type"),
    (re.compile(r"organi[sz]ational_?level", re.I), "organisational_level"),
    (re.compile(r"speciali(?!tytype)", re.I), "specialities"),
    (re.compile(r"systemtype", re.I), "location_number/system"),
    (re.compile(r"systemsupplier", re.I), "location_number/system_supplier"),
    (re.compile(r"communicationsupplier", re.I), "location_number/network"),
    (re.compile(r"ediadministrator", re.I), "location_number/administrator"),
    (re.compile(r"region", re.I), "location_number/region"),
    (re.compile(r"municipality", re.I), "address/municipality_code"),
)
# What a column or attribute is called that says of which list an entry is.
_NAMES_A_LIST: Final = re.compile(
    r"list|type|table|category|classification|codesystem|domain|group|kind|name", re.IGNORECASE
)
# The name of a list: it has a letter and no slash, which parts list and code in a subject.
_A_NAME: Final = re.compile(r"(?=.*[^\W\d_])[^/]+")


class SiblingGroup(Struct, frozen=True, kw_only=True):
    """Repeated elements of one name under one parent, and the entries read from them."""

    parent: etree._Element
    entries: list[ReadEntry]


def guess_served_field(list_name: str) -> str | None:
    """The unit field that carries the codes of a list, by the list's name; None: none known."""
    return next((field for pattern, field in _SERVES if pattern.search(list_name)), None)


def name_entries(
    local: str, groups: Sequence[SiblingGroup], named_by: str | None
) -> Iterator[tuple[str, ReadEntry]]:
    """Each entry of the groups of one element name, with the name of its list.

    `named_by`: the local name, as configured, of the column or of the parent's attribute that
    names the list; an entry without it stays under the element's name.
    """
    columns = (
        [_name_as_configured(groups, named_by)]
        if named_by
        else [_name_by_column(groups), _name_by_parent(local, groups)]
    )
    names = next((found for found in columns if found), {})
    for group in groups:
        for read in group.entries:
            name = names.get(id(read))
            yield (local, read) if name is None else (name, replace(read, is_placed=True))


def _has_clash(entries: Sequence[ReadEntry]) -> bool:
    """Whether, in what would be one list, a code means several things at once."""
    by_code: dict[str, list[ReadEntry]] = {}
    for read in entries:
        by_code.setdefault(read.entry.code, []).append(read)
    values = ListValues(entries)
    several = (drop_copies(of_code) for of_code in by_code.values() if len(of_code) > 1)
    return any(len(distinct) > 1 and not have_one_meaning(distinct, values) for distinct in several)


def _name_as_configured(groups: Sequence[SiblingGroup], named_by: str) -> dict[int, str]:
    names: dict[int, str] = {}
    for group in groups:
        above = _read_value(group.parent, named_by)
        for read in group.entries:
            name = _read_value(read.element, named_by) or above
            if name is not None:
                names[id(read)] = name.replace("/", " ")
    return names


def _read_value(element: etree._Element, local: str) -> str | None:
    values = collect_leaves(element).items()
    return next((value for path, value in values if strip_namespace(path) == local), None)


def _name_by_column(groups: Sequence[SiblingGroup]) -> dict[int, str]:
    """The lists that a column of the entries tells apart; nothing where no column does.

    It says of every entry a name, and under each name no codes clash. The names are those of lists
    of several fields of a unit; where codes clash without it, that it is called so is enough.
    """
    entries = [read for group in groups for read in group.entries]
    values = [collect_leaves(read.element) for read in entries]
    clashed = _has_clash(entries)
    for path in sorted(set.intersection(*(set(each) for each in values)) if values else ()):
        names = [each[path] or "" for each in values]
        if any(path in read.used for read in entries) or not _are_names(names):
            continue
        served = {guess_served_field(name) for name in names} - {None}
        says_lists = len(served) > 1 or (clashed and _NAMES_A_LIST.search(strip_namespace(path)))
        if says_lists and len(set(names)) > 1 and _separates(names, entries):
            return {id(read): name for read, name in zip(entries, names, strict=True)}
    return {}


def _name_by_parent(local: str, groups: Sequence[SiblingGroup]) -> dict[int, str]:
    """The lists that an attribute or leaf of their parents names, each parent by another name.

    Parents that are entries themselves (municipalities below their regions) name no lists. Parents
    of different element names tell them apart as well where codes clash, or where these names say
    of which field of a unit a list is, and that of the entries does not.
    """
    if len(groups) < 2:  # noqa: PLR2004  # one list needs nothing to tell it from others
        return {}
    clashed = _has_clash([read for group in groups for read in group.entries])
    nested = any(read_entries([group.parent], "", ListShape()) for group in groups)
    values = [collect_leaves(group.parent) for group in groups]
    for path in sorted(set.intersection(*(set(each) for each in values))):
        names = [each[path] or "" for each in values]
        if _are_names(names) and len(set(names)) == len(names) and (clashed or not nested):
            return _name_groups(groups, names)
    names = [strip_namespace(str(group.parent.tag)) for group in groups]
    says_lists = clashed or (
        guess_served_field(local) is None and any(map(guess_served_field, names))
    )
    return _name_groups(groups, names) if says_lists and len(set(names)) == len(names) else {}


def _name_groups(groups: Sequence[SiblingGroup], names: Sequence[str]) -> dict[int, str]:
    named = zip(groups, names, strict=True)
    return {id(read): name for group, name in named for read in group.entries}


def _are_names(values: Sequence[str]) -> bool:
    return all(_A_NAME.fullmatch(value) for value in values)


def _separates(names: Sequence[str], entries: Sequence[ReadEntry]) -> bool:
    """Whether under each name a code stands once; a name of one entry alone is none of a list."""
    if max(Counter(names).values()) == 1:
        return False
    by_name: dict[str, list[ReadEntry]] = {}
    for name, read in zip(names, entries, strict=True):
        by_name.setdefault(name, []).append(read)
    return not any(map(_has_clash, by_name.values()))
