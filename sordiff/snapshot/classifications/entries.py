"""The entries of a list: each with its code, its text, and what else it holds."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sordiff.list_shape import ListShape
from sordiff.model import Entry, OtherValue
from sordiff.snapshot.format.text import fold_space
from sordiff.snapshot.format.unknown_elements import (
    collect_attributes,
    collect_elements,
    merge_values,
)
from sordiff.snapshot.loaded_lxml import etree

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_CODE: Final = re.compile(r"(Identifier|Code|Id)$|^(identifier|code|id)$")
_TEXT: Final = re.compile(r"(Name|Text|Term|Description)$|^(name|text|term|description)$")


class ReadEntry(Struct, frozen=True, kw_only=True):
    """An entry, the element that it was read from, and the paths of its code and its text.

    `is_placed`: by more than where it stands it is known of which list it is.
    """

    entry: Entry
    element: etree._Element
    used: frozenset[str]
    is_placed: bool = False


def read_entries(group: Sequence[etree._Element], local: str, shape: ListShape) -> list[ReadEntry]:
    """The entries, or none where the group is no list: at least half must have code and text."""
    found = []
    for element in group:
        values = collect_leaves(element)
        code_path = _choose_path(values, shape.code, _CODE, local)
        code = None if code_path is None else values[code_path]
        if code is not None:
            text_path = _choose_path(values, shape.text, _TEXT, local)
            used = frozenset(path for path in (code_path, text_path) if path)
            entry = Entry(
                code=code,
                text=values[text_path] if text_path else None,
                attributes=_collect_entry_attributes(element, used),
            )
            found.append(ReadEntry(entry=entry, element=element, used=used))
    if sum(read.entry.text is not None for read in found) * 2 < len(group):
        return []
    return found


def collect_leaves(element: etree._Element) -> dict[str, str | None]:
    """The leaves and attributes of an element, by their path in `collect_elements`."""
    found: dict[str, str | None] = {f"@{k}": fold_space(str(v)) for k, v in element.items()}
    for child in element:
        if not len(child):
            found.setdefault(str(child.tag), fold_space(child.text))
    return found


def strip_namespace(path: str) -> str:
    """The last name of a path or tag, without namespace and `@`."""
    return path.rpartition("}")[2].removeprefix("@")


def _collect_entry_attributes(
    element: etree._Element, without: frozenset[str]
) -> dict[str, OtherValue]:
    """What else an entry holds, by the local names on the way to it."""
    found: dict[str, OtherValue] = {}
    for path, value in (collect_attributes(element) | collect_elements(list(element))).items():
        if path not in without:
            name = _NAMESPACE.sub("", path).removeprefix("@")
            found[name] = merge_values(found[name], value) if name in found else value
    return dict(sorted(found.items()))


def _choose_path(
    values: dict[str, str | None], wanted: str | None, ending: re.Pattern[str], local: str
) -> str | None:
    """The path of the code or the text: as configured, else named after the list, else first."""
    if wanted is not None:
        return next((path for path in values if strip_namespace(path) == wanted), None)
    fitting = [path for path in values if ending.search(strip_namespace(path))]
    named = [
        path
        for path in fitting
        if ending.sub("", strip_namespace(path)).casefold() == local.casefold()
    ]
    return next(iter(named or fitting), None)
